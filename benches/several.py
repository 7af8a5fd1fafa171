#!/usr/bin/env python3
"""Several indexes searched as one, beside one index of the same articles.

    benches/several.py BINARY ONE PART... [--queries N]

The one is built of the same folders (`crosshead index FOLDER... --index ONE`): equal scores are in the order of paths.
Draws queries of one to three words from titles (AND, OR, phrases, with a range of dates), asks both servers in turns for ten hits and
counts, and prints how many answers are the same, p50 and p90 of both, and the median of the ratios. Needs Python alone.
"""
import http.client
import json
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.parse


class Server:
    def __init__(self, binary, indexes):
        named = [word for index in indexes for word in ("--index", index)]
        command = [binary, *named, "serve", "--port", "0", "--no-open", "--no-token"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        address = None
        while not address:
            line = self.process.stdout.readline() or self.process.stderr.readline()
            address = re.search(r"http://([\w.]+):(\d+)", line or "")
            if not line and self.process.poll() is not None:
                sys.exit("the server ended")
        self.host, self.port = address.group(1), int(address.group(2))
        self.connection = http.client.HTTPConnection(self.host, self.port, timeout=120)

    def get(self, query, n=10, **options):
        target = "/api/v1/search?" + urllib.parse.urlencode({"q": query, "n": n, **options})
        begun = time.perf_counter()
        self.connection.request("GET", target)
        answer = json.loads(self.connection.getresponse().read())
        return 1000 * (time.perf_counter() - begun), answer


def drawn(binary, index, count):
    draw = random.Random(30)
    command = [binary, "-q", "--index", index, "search", "words:>50", "--sample", str(3 * count), "--json"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    queries = []
    for line in lines:
        words = re.findall(r"[^\W\d_]{3,}", json.loads(line)["title"] or "")
        size = draw.randint(1, 3)
        if len(words) < size:
            continue
        at = draw.randrange(len(words) - size + 1)
        words = words[at:at + size]
        text = draw.choice([" ".join(words), " OR ".join(words), '"' + " ".join(words) + '"', " w/5 ".join(words)])
        queries.append((text, {"since": "2005"} if draw.random() < 0.2 else {}))
    return queries[:count]


def answer_of(answer):
    if "hits" not in answer:
        return answer.get("code"), answer.get("detail")
    hits = [(hit.get("id"), round(hit.get("score") or 0, 2)) for hit in answer["hits"]]
    return hits, answer["total"]


def main():
    args = sys.argv[1:]
    count = 200
    if "--queries" in args:
        at = args.index("--queries")
        count = int(args[at + 1])
        del args[at:at + 2]
    binary, one, *parts = args
    queries = drawn(binary, one, count)
    alone, several = Server(binary, [one]), Server(binary, parts)
    times, same, counted = ([], []), 0, 0
    for query, options in queries[:20]:
        alone.get(query, **options), several.get(query, **options)
    for turn, (query, options) in enumerate(queries):
        order = [(0, alone), (1, several)]
        answers = [None, None]
        for which, server in order if turn % 2 else reversed(order):
            # The second of two askings: the first reads pages of the disk. Of eleven hits, as answers are kept.
            server.get(query, **options)
            ms, answers[which] = server.get(query, n=11, **options)
            times[which].append(ms)
        (hits, total), (other_hits, other_total) = map(answer_of, answers)
        same += hits == other_hits
        counted += total == other_total
        if hits != other_hits or total != other_total:
            print(f"differs: {query} {options}: {total} {other_total}", file=sys.stderr)
    for name, of in (("one index", times[0]), (f"{len(parts)} indexes", times[1])):
        of = sorted(of)
        print(f"{name}: p50 {of[len(of) // 2]:.1f} ms, p90 {of[len(of) * 9 // 10]:.1f} ms")
    ratios = [b / a for a, b in zip(*times)]
    print(f"{len(queries)} queries: hits the same {same}, counts the same {counted}")
    print(f"time, several beside one: median of ratios {statistics.median(ratios):.2f}, of sums {sum(times[1]) / sum(times[0]):.2f}")
    alone.process.terminate()
    several.process.terminate()


if __name__ == "__main__":
    main()

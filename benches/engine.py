#!/usr/bin/env python3
"""What an engine costs beside a local index of the same articles.

    tests/engine/start -- benches/engine.py BINARY INDEX [QUERIES]

Prints the rate of sending beside the engine's own bulk of the same texts, the room that both take, and of queries of two classes
(those that the engine decides alone, and those that it sieves): p50 and p95 of ten hits beside the index, candidates and the share
of them that match, and how many of the ten best are the same. Needs Python alone.
"""
import json
import os
import random
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request

BINARY, INDEX = sys.argv[1:3]
QUERIES = int(sys.argv[3]) if len(sys.argv) > 3 else 200
ENGINE = os.environ["CROSSHEAD_TEST_ENGINE"]
ARCHIVE = f"bench-{os.getpid()}"


def run(*args, engine=False):
    named = ["--engine", ENGINE, "--archive", ARCHIVE] if engine else []
    return subprocess.run([BINARY, *args, *named, "--index", INDEX], capture_output=True, text=True)


def ask(method, path, body=None, kind="application/json"):
    request = urllib.request.Request(ENGINE + path, data=body, method=method, headers={"content-type": kind})
    return json.load(urllib.request.urlopen(request))


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def serve(*args):
    """A server, and the function that asks it."""
    process = subprocess.Popen(
        [BINARY, "serve", "--no-token", "--no-open", "--port", "0", "--index", INDEX, *args],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "BROWSER": "true", "DISPLAY": ""},
    )
    address = None
    while not address:
        line = process.stdout.readline() or process.stderr.readline()
        address = re.search(r"http://[\w.:\[\]]+", line or "")
        if not line and process.poll() is not None:
            sys.exit("the server ended")
    base = address.group(0)

    def get(query):
        url = f"{base}/api/v1/search?" + urllib.parse.urlencode({"q": query, "n": 10})
        begun = time.perf_counter()
        answer = json.load(urllib.request.urlopen(url))
        return 1000 * (time.perf_counter() - begun), answer

    return process, get


def sample():
    """Articles as title and text."""
    lines = run("search", "words:>80", "--sample", "3000", "--seed", "7", "--json", "--all", "--timeout", "0").stdout.splitlines()
    return [json.loads(line) for line in lines]


def main():
    hits = sample()
    begun = time.perf_counter()
    sent = run("index", engine=True)
    seconds = time.perf_counter() - begun
    articles = int(re.search(r"has ([\d,]+) articles", sent.stderr).group(1).replace(",", "")) if "articles" in sent.stderr else 0
    if not articles:
        sys.exit(sent.stderr)
    # The same number of texts, as the engine takes them by itself: one field of text.
    ask("PUT", f"/plain-{ARCHIVE}", json.dumps({"settings": {"number_of_replicas": 0}, "mappings": {"properties": {
        "title": {"type": "text"}, "text": {"type": "text"}}}}).encode())
    texts = [{"title": hit.get("title") or "", "text": hit["text"]} for hit in hits]
    begun, plain = time.perf_counter(), 0
    for at in range(0, len(texts), 400):
        lines = "".join('{"index": {}}\n' + json.dumps(text) + "\n" for text in texts[at:at + 400])
        ask("POST", f"/plain-{ARCHIVE}/_bulk", lines.encode(), "application/x-ndjson")
        plain += len(texts[at:at + 400])
    plain_seconds = time.perf_counter() - begun
    print(f"sent {articles} articles in {seconds:.0f} s, {articles / seconds:.0f}/s; the engine's own bulk of {plain} passages {plain / plain_seconds:.0f}/s")
    ask("POST", f"/crosshead-{ARCHIVE}/_forcemerge?max_num_segments=1")
    ask("POST", f"/crosshead-{ARCHIVE}/_refresh")
    stats = ask("GET", f"/crosshead-{ARCHIVE}/_stats/store")
    local = int(subprocess.run(["du", "-sb", INDEX], capture_output=True, text=True).stdout.split()[0])
    print(f"room: engine {stats['_all']['primaries']['store']['size_in_bytes'] / 1e6:.0f} MB, index {local / 1e6:.0f} MB")

    random.seed(11)
    words = [re.findall(r"[a-zA-Z]{4,}", hit["text"]) for hit in hits]
    words = [text for text in words if len(text) > 30]

    def pick():
        text = random.choice(words)
        at = random.randrange(len(text) - 12)
        return text, at

    def of_class(exact):
        text, at = pick()
        first, second, third = text[at], text[at + 1], text[at + 7]
        if exact:
            return random.choice([f"{first}", f"{first} AND {third}", f"{first} AND NOT {third}", f"({first} OR {third}) AND date:>2000", f"{first[:4]}* AND {third}"])
        return random.choice([f'"{first} {second}"', f"{first} w/8 {third}", f'"{first} {second}" AND {third}', f"{first} pre/9 {third}"])

    here, local_get = serve()
    there, engine_get = serve("--engine", ENGINE, "--archive", ARCHIVE)
    try:
        for name, exact in [("decided by the engine", True), ("sieved", False)]:
            queries = [of_class(exact) for _ in range(QUERIES // 2)]
            times, overlaps, candidates, precisions = [], [], [], []
            for query in queries:
                locally, expected = local_get(query)
                remotely, found = engine_get(query)
                times.append((locally, remotely))
                ids = lambda answer: [hit["id"] for hit in answer["hits"]]
                if ids(expected):
                    overlaps.append(len(set(ids(expected)) & set(ids(found))) / len(ids(expected)))
                bound = json.loads(run("search", query, "--count", "--json", "--most-candidates", "1", engine=True).stdout or "{}")
                match = json.loads(run("search", query, "--count", "--json").stdout or "{}")
                passing = bound.get("at_most", bound.get("articles", 0))
                if passing:
                    candidates.append(passing)
                    precisions.append(match["articles"] / passing)
            here_times, there_times = [time for time, _ in times], [time for _, time in times]
            print(
                f"{name}: {len(queries)} queries, index p50 {percentile(here_times, .5):.0f} p95 {percentile(here_times, .95):.0f} ms, "
                f"engine p50 {percentile(there_times, .5):.0f} p95 {percentile(there_times, .95):.0f} ms; "
                f"candidates p50 {percentile(candidates, .5)} p95 {percentile(candidates, .95)}, "
                f"share that match median {percentile(precisions, .5):.2f}, mean {sum(precisions) / len(precisions):.2f}; "
                f"of the ten best the same {sum(overlaps) / len(overlaps):.3f}"
            )
    finally:
        here.kill()
        there.kill()


main()

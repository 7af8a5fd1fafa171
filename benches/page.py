#!/usr/bin/env python3
"""The page and its API: time of an answer as a query is typed, and of a page, beside Datasette with FTS5.

    benches/page.py CROSSHEAD INDEX [--peer]

1. Starts `crosshead serve` on the index and types queries of one to three words, drawn from titles: a request for every key, as
   the script of the page sends them (`/_/search?typing=1`: the last word as a beginning), the same with three facets
   (`/api/v1/search?facets=source,byline,year`), whole queries with these, then the whole page. p50 and p95 of each, in milliseconds at the client, one
   request after another.
2. With --peer, puts the same articles into SQLite FTS5 under Datasette (`pip install datasette`), with facets, and asks both for
   the page of each query, in turns.
3. Compares the body of an export of a common word with `search --all --json`, byte for byte, and cuts a reader off in the middle.

`tests/browser/run paint ADDRESS...` measures first paint in Chromium.
"""

import http.client
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse


def run(crosshead, index, *args):
    return subprocess.run([crosshead, "-q", "--index", index, *args], capture_output=True, check=False).stdout


class Server:
    def __init__(self, command, ready):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.port = ready(self.process)
        self.connection = None

    def get(self, target):
        for _ in range(2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            started = time.perf_counter()
            try:
                self.connection.request("GET", target)
                answer = self.connection.getresponse()
                body = answer.read()
                return (time.perf_counter() - started) * 1000, answer.status, body
            except (http.client.HTTPException, OSError):
                # A connection that was idle for too long has been closed.
                self.connection = None
        raise RuntimeError(f"no answer to {target}")

    def end(self):
        self.process.terminate()
        self.process.wait()


def port_of_address(process):
    return int(re.search(rb":(\d+)/", process.stdout.readline()).group(1))


def quantiles(times):
    times = sorted(times)
    return times[len(times) // 2], times[int(len(times) * 0.95)], times[-1]


def told(name, times):
    p50, p95, worst = quantiles(times)
    print(f"{name:58} {len(times):6} {p50:8.1f} {p95:8.1f} {worst:8.1f}")


def main():
    crosshead, index = sys.argv[1:3]
    draw = random.Random(28)
    hits = [json.loads(line) for line in run(crosshead, index, "search", "words:>50", "--sample", "400", "--json").splitlines()]
    titles = [re.findall(r"\w{3,}", hit["title"] or hit["text"][:80]) for hit in hits]
    queries = []
    for words in titles:
        count = draw.randint(1, 3)
        if len(words) >= count:
            at = draw.randrange(len(words) - count + 1)
            queries.append(" ".join(words[at : at + count]).lower())
    queries = queries[:150]
    serve = [crosshead, "--index", index, "serve", "--port", "0", "--no-open", "--no-token"]
    server = Server(serve, port_of_address)
    quoted = urllib.parse.quote
    print(f"{'':58} {'count':>6} {'p50':>8} {'p95':>8} {'worst':>8}  ms")
    for query in queries[:20]:
        server.get(f"/search?q={quoted(query)}")
    typed, typed_faceted, faceted, pages, sizes = [], [], [], [], []
    for query in queries:
        for end in range(2, len(query) + 1):
            ms, status, _ = server.get(f"/_/search?typing=1&q={quoted(query[:end])}")
            assert status in (200, 400), status
            typed.append(ms)
            if len(re.search(r"\w*$", query[:end]).group()) >= 2:
                beginning = quoted(query[:end] + "*")
                typed_faceted.append(server.get(f"/api/v1/search?n=10&facets=source,byline,year&q={beginning}")[0])
        faceted.append(server.get(f"/api/v1/search?n=10&facets=source,byline,year&q={quoted(query)}")[0])
        ms, status, body = server.get(f"/search?q={quoted(query)}")
        pages.append(ms)
        sizes.append(len(body))
    told("a key (ten hits, the last word as a beginning)", typed)
    told("a key with three facets", typed_faceted)
    told("ten hits with three facets", faceted)
    told("the whole page: hits, seven facets, strip of time", pages)
    print(f"size of the page: median {quantiles(sizes)[0]}, largest {quantiles(sizes)[2]} bytes")

    whole = run(crosshead, index, "search", "--all", "--json", "--timeout", "0", "the")
    ms, _, body = server.get("/api/v1/export?q=the")
    print(f"export of 'the': {len(body)} bytes in {ms / 1000:.1f} s; the same as search --all: {body == whole}")

    if "--peer" in sys.argv:
        peer(crosshead, index, server, queries)
    server.end()


def peer(crosshead, index, server, queries):
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "articles.db")
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, source TEXT, byline TEXT, year TEXT, text TEXT)")
    articles = {}
    for line in run(crosshead, index, "search", "words:>=0", "--all", "--json", "--sort", "path", "--timeout", "0").splitlines():
        hit = json.loads(line)
        known = articles.setdefault((hit["path"], hit["record"]), [hit["title"], hit["source"], hit["byline"], (hit["published"] or "")[:4], []])
        known[4].append(hit["text"])
    rows = ((a, b, c, d, "\n\n".join(texts)) for a, b, c, d, texts in articles.values())
    database.executemany("INSERT INTO articles (title, source, byline, year, text) VALUES (?, ?, ?, ?, ?)", rows)
    database.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content='articles', content_rowid='id', tokenize='porter')")
    database.execute("INSERT INTO articles_fts (rowid, title, text) SELECT id, title, text FROM articles")
    database.commit()
    database.close()
    port = 18_080 + os.getpid() % 1000
    command = ["datasette", path, "-p", str(port), "--setting", "sql_time_limit_ms", "20000", "--setting", "facet_time_limit_ms", "20000"]

    def ready(_):
        for _ in range(100):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/-/versions.json")
                connection.getresponse().read()
                return port
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("Datasette did not start")

    other = Server(command, ready)
    quoted = urllib.parse.quote
    ours, theirs = [], []
    for query in queries[:60]:
        ours.append(server.get(f"/search?q={quoted(query)}")[0])
        theirs.append(other.get(f"/articles/articles?_search={quoted(query)}&_size=20&_facet=source&_facet=byline&_facet=year")[0])
    told("the page, in turns with Datasette", ours)
    told("Datasette: 20 rows, three facets", theirs)
    if "--keep" in sys.argv:
        print(f"http://127.0.0.1:{server.port}/search?q=mayor")
        print(f"http://127.0.0.1:{port}/articles/articles?_search=mayor&_size=20&_facet=source&_facet=byline&_facet=year", flush=True)
        input()
    other.end()


if __name__ == "__main__":
    main()

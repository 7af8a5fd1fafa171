#!/usr/bin/env python3
"""Lines of code and time for "index a folder, search it, get a table" in Python, beside tantivy-py and pyserini; and what a call
from Python takes over the same search in Rust.

usage: python.py FOLDER [QUERY [ROUNDS]]      FOLDER has articles as text, one a file
       python.py --calls INDEX [RUST]         RUST: what `cargo bench --bench queries -- INDEX` printed

Each library is used as its documents show it, in a process of its own; one that is not installed is left out, and said. All give a
pandas frame with a path, a title (the first line) and a score of the ten best. Needs the packages `crosshead` and `pandas`.
"""
import json, re, statistics, subprocess, sys, tempfile, time

IMPORT, INDEX, SEARCH = "import", "index", "search and table"
LIBRARIES = {
    "crosshead": {
        IMPORT: "import crosshead as ch",
        INDEX: "ix = ch.index(FOLDER, path=INDEX)",
        SEARCH: "table = ix.search(QUERY, limit=10).to_pandas()[['path', 'title', 'score']]",
    },
    "tantivy-py": {
        IMPORT: "import os, pandas, tantivy",
        INDEX: """
schema = tantivy.SchemaBuilder()
schema.add_text_field("path", stored=True, tokenizer_name="raw")
schema.add_text_field("title", stored=True, tokenizer_name="en_stem")
schema.add_text_field("text", tokenizer_name="en_stem")
os.makedirs(INDEX)
index = tantivy.Index(schema.build(), path=INDEX)
writer = index.writer(200_000_000, 2)
for folder, _, files in os.walk(FOLDER):
    for name in files:
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        title = text.split("\\n", 1)[0]
        writer.add_document(tantivy.Document(path=path, title=title, text=text))
writer.commit()
writer.wait_merging_threads()
index.reload()
""",
        SEARCH: """
searcher = index.searcher()
hits = searcher.search(index.parse_query(QUERY, ["title", "text"]), 10).hits
found = [(searcher.doc(address), score) for score, address in hits]
table = pandas.DataFrame([{"path": doc["path"][0], "title": doc["title"][0], "score": score} for doc, score in found])
""",
    },
    "pyserini": {
        IMPORT: "import json, os, pandas, subprocess, sys\nfrom pyserini.search.lucene import LuceneSearcher",
        INDEX: """
os.makedirs(INDEX + "-texts")
with open(INDEX + "-texts/articles.jsonl", "w") as out:
    for folder, _, files in os.walk(FOLDER):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
            print(json.dumps({"id": path, "contents": text, "title": text.split("\\n", 1)[0]}), file=out)
options = ["--collection", "JsonCollection", "--generator", "DefaultLuceneDocumentGenerator", "--threads", "2", "--storeRaw"]
command = [sys.executable, "-m", "pyserini.index.lucene", "--input", INDEX + "-texts", "--index", INDEX, *options]
subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
searcher = LuceneSearcher(INDEX)
""",
        SEARCH: """
hits = searcher.search(QUERY, k=10)
titles = [json.loads(searcher.doc(hit.docid).raw())["title"] for hit in hits]
table = pandas.DataFrame([{"path": hit.docid, "title": title, "score": hit.score} for hit, title in zip(hits, titles)])
""",
    },
}
AGAIN = 200
# Prints the seconds of each part, the median of the search when it is asked again, and the number of rows.
RUN = """
import json, statistics, sys, time
import pandas
parts, (folder, index, query) = json.loads(sys.argv[1]), sys.argv[2:5]
names = {"FOLDER": folder, "INDEX": index, "QUERY": query}
def timed(code):
    start = time.perf_counter()
    exec(code, names)
    return time.perf_counter() - start
seconds = {part: timed(compile(code, part, "exec")) for part, code in parts.items()}
code = compile(parts["search and table"], "again", "exec")
seconds["again"] = statistics.median(timed(code) for _ in range(%d))
assert len(names["table"]) == 10, names["table"]
print("\\n" + json.dumps(seconds))
""" % AGAIN


def beside_peers(folder, query, rounds):
    print("| | lines of code | import, s | index, s | first search and table, ms | again, ms (median of %d) |" % AGAIN)
    print("|---|---|---|---|---|---|")
    for name, parts in LIBRARIES.items():
        runs = []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as work:
                args = [sys.executable, "-c", RUN, json.dumps(parts), folder, f"{work}/index", query]
                done = subprocess.run(args, capture_output=True, text=True)
            if done.returncode:
                print(f"{name} is left out: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
                break
            runs.append(json.loads(done.stdout.strip().splitlines()[-1]))
        if not runs:
            continue
        lines = sum(len(code.strip().splitlines()) for code in parts.values())
        middle = {part: statistics.median(run[part] for run in runs) for part in runs[0]}
        told = f"{middle[IMPORT]:.2f} | {middle[INDEX]:.1f} | {middle[SEARCH] * 1e3:.1f} | {middle['again'] * 1e3:.2f}"
        print(f"| {name} | {lines} | {told} |")


# What is typed, as the page and a notebook search it with each key; the names are those of benches/queries.rs.
CALLS = {
    "one word": "prices",
    "two words, AND": "oil AND prices",
    "phrase": '"oil prices"',
    "prefix, some": "gov*",
    "prefix, 1,000 words": "in*",
    "title": "title:(oil w/3 price*)",
}


def calls(index, rust, rounds=200):
    import crosshead as ch

    of_rust = {}
    if rust:
        with open(rust, encoding="utf-8") as file:
            for line in file:
                found = re.match(r"(.{22}) +([0-9.]+) +[0-9.]+", line)
                if found:
                    of_rust[found[1].strip()] = float(found[2])
    ix = ch.open(index)
    print("| | Rust, ms | Python, ms | with all attributes of the hits, ms | as a frame, ms |\n|---|---|---|---|---|")
    for name, query in CALLS.items():
        ways = {
            "call": lambda: ix.search(query, strict=True),
            "hits": lambda: [(hit.title, hit.snippet, hit.marks, hit.text) for hit in ix.search(query, strict=True)],
            "frame": lambda: ix.search(query, strict=True).to_pandas(),
        }
        times = {way: [] for way in ways}
        for round in range(rounds + 5):
            for way, ask in ways.items():
                start = time.perf_counter()
                ask()
                if round >= 5:
                    times[way].append((time.perf_counter() - start) * 1e3)
        call, hits, frame = (statistics.median(times[way]) for way in ways)
        print(f"| {name} | {of_rust.get(name, float('nan')):.2f} | {call:.2f} | {hits:.2f} | {frame:.2f} |")


def main():
    args = sys.argv[1:]
    if args[:1] == ["--calls"] and len(args) in (2, 3):
        return calls(args[1], args[2] if len(args) == 3 else None)
    if not 1 <= len(args) <= 3 or args[0].startswith("-"):
        sys.exit(__doc__)
    return beside_peers(args[0], args[1] if len(args) > 1 else "oil prices", int(args[2]) if len(args) > 2 else 3)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Ranking judged in one command: news, three test collections, known items and headings, beside peers, as one table.

usage: ranking.py BINARY DATA [SET...] [--peer-runs FILE] [--seed N]

DATA holds what is to be judged; what is missing is said and left out:

  newsfolder/         articles as text, one a file
  news-relevance/     queries.tsv (ID TAB TEXT; the ids of a need end in k for keywords, in q for a question),
                      qrels.tsv (ID TAB 0 TAB PATH below newsfolder TAB GRADE 0, 1 or 2)
  relevance/NAME/     corpus.jsonl ({"id", "title", "text"} a line), queries.tsv (ID TAB TEXT), qrels.tsv (TREC)
  pages/              NAME.html and NAME.json ({"title", "headings": [{"text"}]}), at any depth

SETs: news, NAME of a collection, titles, headings; all by default. Titles are 1,000 titles of newsfolder, and the article
or a copy is sought (MRR@10); headings are 300 headings of pages, each with the two longest other words of the title, and
the section is sought (the share at rank 1).

Measures: nDCG@10 for collections; for news nDCG'@10, which leaves out what has no grade, as given and with the grades of
news_grades.tsv (TOPIC TAB PATH TAB GRADE) beside this file. Peers are given the same queries, as an OR of their words:
SQLite FTS5 (porter), and tantivy (en_stem) and bm25s (English stems) where their Python packages are installed. Beside each
figure stand the best of these peers, the gain in %, its 95 % interval and a two-sided p by a paired bootstrap over queries
(over needs for news) of 10,000 rounds. `--peer-runs FILE` keeps the runs of peers, which take longest, for the next time.

Needs only the standard library.
"""
import argparse, collections, csv, glob, hashlib, io, json, math, os, random, re, shutil, sqlite3, subprocess, sys, tempfile

ROUNDS = 10_000

# Hits that are asked for: ten articles may have more than ten of them, and what has no grade is left out.
LIMIT = 100


def lines(path):
    with open(path, encoding="utf8") as file:
        for line in file:
            yield line.rstrip("\n")


def words_of(text):
    return re.findall(r"\w+", text.lower())


# Peers: each takes texts (name, text) and queries {id: text}, and returns {id: [name, ...]}.


def sqlite_run(texts, queries, limit):
    base = sqlite3.connect(":memory:")
    base.execute("create virtual table texts using fts5(name unindexed, text, tokenize='porter')")
    base.executemany("insert into texts values (?, ?)", texts)
    run = {}
    for query, text in queries.items():
        match = " OR ".join(f'"{word}"' for word in words_of(text))
        found = base.execute("select name from texts where texts match ? order by rank limit ?", (match, limit)) if match else []
        run[query] = [name for (name,) in found]
    return run


def tantivy_run(texts, queries, limit):
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("name", stored=True, tokenizer_name="raw")
    schema.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(schema.build())
    writer = index.writer(200_000_000, 1)
    for name, text in texts:
        writer.add_document(tantivy.Document(name=name, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    run = {}
    for query, text in queries.items():
        # In lower case no word is an operator.
        words = " ".join(words_of(text))
        hits = searcher.search(index.parse_query(words, ["text"]), limit).hits if words else []
        run[query] = [searcher.doc(address)["name"][0] for _, address in hits]
    return run


def bm25s_run(texts, queries, limit):
    import bm25s, Stemmer

    stemmer = Stemmer.Stemmer("english")
    names, bodies = zip(*texts)
    model = bm25s.BM25()
    model.index(bm25s.tokenize(list(bodies), stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    asked = bm25s.tokenize(list(queries.values()), stopwords="en", stemmer=stemmer, show_progress=False)
    found, scores = model.retrieve(asked, k=min(limit, len(names)), show_progress=False)
    rows = zip(queries, found, scores)
    return {query: [names[at] for at, score in zip(places, values) if score > 0] for query, places, values in rows}


def peers():
    runs = {"SQLite FTS5": sqlite_run}
    for name, needs, run in (("tantivy", ["tantivy"], tantivy_run), ("bm25s", ["bm25s", "Stemmer"], bm25s_run)):
        try:
            for need in needs:
                __import__(need)
            runs[name] = run
        except ImportError:
            print(f"left out: the peer {name} (its Python packages {', '.join(needs)} are not installed)", file=sys.stderr)
    return runs


class Kept:
    """Runs of peers, from a file if they were made before for the same queries."""

    def __init__(self, path):
        self.path, self.runs = path, {}
        if path and os.path.exists(path):
            with open(path, encoding="utf8") as file:
                self.runs = json.load(file)

    def run(self, peer, make, name, texts, queries, limit):
        key = f"{name} {peer} {limit} {hashlib.sha256(json.dumps(queries).encode()).hexdigest()}"
        if key not in self.runs:
            self.runs[key] = make(texts(), queries, limit)
            if self.path:
                with open(self.path, "w", encoding="utf8") as file:
                    json.dump(self.runs, file)
        return self.runs[key]


class Program:
    """The program that is judged, with an index of one folder or file."""

    def __init__(self, binary, folder, home):
        self.home = home
        self.base = [binary, "--index", tempfile.mkdtemp(dir=home) + "/index", "-q"]
        self.call("index", folder)

    def call(self, *args):
        done = subprocess.run([*self.base, *args], capture_output=True, text=True)
        if done.returncode > 1:
            sys.exit(f"{args}: {done.stderr[-500:]}")
        return done.stdout

    def queries(self, queries, *args):
        path = f"{self.home}/queries.tsv"
        with open(path, "w", encoding="utf8") as file:
            for query, text in queries.items():
                file.write(f"{query}\t{' '.join(text.split())}\n")
        return self.call("search", "--queries", path, *args)

    def trec(self, queries, limit, *args):
        run = collections.defaultdict(dict)
        for line in self.queries(queries, "--format", "trec", "-n", str(limit), *args).splitlines():
            query, _, rest = line.split(" ", 2)
            run[query][rest.rsplit(" ", 3)[0]] = True
        return {query: list(names) for query, names in run.items()}

    def hits(self, queries, limit):
        run = collections.defaultdict(list)
        for line in self.queries(queries, "--json", "-n", str(limit), "--per-article", "1").splitlines():
            hit = json.loads(line)
            run[hit["query"]].append(hit)
        return run


# Measures: {query: value}.


def ndcg(run, grades, gain, condensed):
    out = {}
    for query, known in grades.items():
        ideal = sum(gain(g) / math.log2(i + 2) for i, g in enumerate(sorted(known.values(), reverse=True)[:10]))
        ranked = list(dict.fromkeys(run.get(query, [])))
        if condensed:
            ranked = [name for name in ranked if name in known]
        if ideal > 0:
            out[query] = sum(gain(known.get(name, 0)) / math.log2(i + 2) for i, name in enumerate(ranked[:10])) / ideal
    return out


def exponential(grade):
    return 2**grade - 1


def linear(grade):
    return max(0, grade)


def reciprocal(places, cutoff):
    """From the places (from 0, or none) at which the items of queries were found."""
    return {query: 1 / (place + 1) if place is not None and place < cutoff else 0.0 for query, place in places.items()}


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def bootstrap(ours, theirs, seed):
    """The gain of `ours` over `theirs` in %, its 95 % interval, and a two-sided p. Values are lists a unit that is drawn."""
    numbers = random.Random(seed)
    units = [(mean(ours[unit]), mean(theirs[unit])) for unit in ours]
    gains = []
    for _ in range(ROUNDS):
        drawn = numbers.choices(units, k=len(units))
        our, their = sum(pair[0] for pair in drawn), sum(pair[1] for pair in drawn)
        gains.append(100 * (our / their - 1) if their else 0.0)
    gains.sort()
    whole = 100 * (mean(pair[0] for pair in units) / mean(pair[1] for pair in units) - 1)
    below, above = sum(gain <= 0 for gain in gains), sum(gain >= 0 for gain in gains)
    p = min(1.0, 2 * (min(below, above) + 1) / (ROUNDS + 1))
    return whole, gains[int(0.025 * ROUNDS)], gains[int(0.975 * ROUNDS)], p


class Table:
    def __init__(self, seed):
        self.seed = seed
        print("| judged on | measure | Crosshead | best peer | gain | 95 % | p |\n|---|---|---|---|---|---|---|")

    def row(self, label, measure, ours, theirs, unit=lambda query: query):
        """`ours` {query: value}; `theirs` {peer: {query: value}}; queries of one unit are drawn together."""
        def units(values):
            out = collections.defaultdict(list)
            for query in ours:
                out[unit(query)].append(values[query])
            return out
        best = max(theirs, key=lambda peer: mean(theirs[peer].values()))
        gain, low, high, p = bootstrap(units(ours), units(theirs[best]), self.seed)
        peer = f"{mean(theirs[best].values()):.3f} ({best})"
        shown = "< .001" if p < 0.001 else f"{p:.3f}"
        print(f"| {label} | {measure} | {mean(ours.values()):.3f} | {peer} | {gain:+.1f} % | {low:+.1f} to {high:+.1f} | {shown} |", flush=True)


def news(program, folder, judged, table, kept):
    queries = dict(line.split("\t", 1) for line in lines(f"{judged}/queries.tsv") if line)
    given = collections.defaultdict(dict)
    for line in lines(f"{judged}/qrels.tsv"):
        query, _, name, grade = line.split("\t")
        given[query][name] = int(grade)
    more = {query: dict(known) for query, known in given.items()}
    for line in lines(os.path.join(os.path.dirname(os.path.abspath(__file__)), "news_grades.tsv")):
        topic, name, grade = line.split("\t")
        for kind in "kq":
            if topic + kind in more:
                more[topic + kind].setdefault(name, int(grade))
    runs = {name: kept.run(name, make, "news", lambda: files(folder), queries, LIMIT) for name, make in peers().items()}
    for name, run in runs.items():
        bare = mean(name not in more[query] for query in queries for name in run[query][:10])
        print(f"{name}: {100 * bare:.1f} % of the ten best of each query have no grade", file=sys.stderr)
    for args, label in ((["--ungroup"], "news, reprints shown each"), ([], "news, reprints folded")):
        run = program.trec(queries, LIMIT, *args)
        run = {query: [below(folder, name) for name in names] for query, names in run.items()}
        for grades, what in ((given, "grades as given"), (more, "and those added")):
            ours = ndcg(run, grades, exponential, True)
            theirs = {name: ndcg(run, grades, exponential, True) for name, run in runs.items()}
            table.row(f"{label}; {what}", "nDCG'@10", ours, theirs, lambda query: query[:-1])
            if what.startswith("and"):
                for kind, sort in (("k", "keywords"), ("q", "questions")):
                    only = {name: {q: v for q, v in values.items() if q[-1] == kind} for name, values in theirs.items()}
                    table.row(f"{label}: {sort}", "nDCG'@10", {q: v for q, v in ours.items() if q[-1] == kind}, only)
            bare = mean(name not in grades[query] for query in queries for name in run.get(query, [])[:10])
            print(f"{label}; {what}: {100 * bare:.1f} % of the ten best have no grade", file=sys.stderr)


def below(folder, path):
    """A path as it is shown, which begins with the folder or its name, below the folder."""
    return path.split(f"{os.path.basename(folder)}/", 1)[-1]


def files(folder):
    for top, _, names in os.walk(folder):
        for name in sorted(names):
            path = os.path.join(top, name)
            with open(path, encoding="utf8", errors="replace") as file:
                yield os.path.relpath(path, folder), file.read()


def collection(binary, folder, home, table, kept):
    name = os.path.basename(folder)
    queries = dict(line.split("\t", 1) for line in lines(f"{folder}/queries.tsv") if line)
    grades = collections.defaultdict(dict)
    for line in lines(f"{folder}/qrels.tsv"):
        query, _, of, grade = line.split()
        grades[query][of] = int(grade)

    def texts():
        for line in lines(f"{folder}/corpus.jsonl"):
            record = json.loads(line)
            yield record["id"], f"{record['title']} {record['text']}"

    runs = {peer: kept.run(peer, make, name, texts, queries, 10) for peer, make in peers().items()}
    run = Program(binary, f"{folder}/corpus.jsonl", home).trec(queries, LIMIT)
    theirs = {peer: ndcg(run, grades, linear, False) for peer, run in runs.items()}
    table.row(f"{name}, {len(theirs['SQLite FTS5'])} queries", "nDCG@10", ndcg(run, grades, linear, False), theirs)


def drawn(items, count, seed):
    """Some (query, names) at random, as {id: query} and {id: names}."""
    def order(item):
        return hashlib.sha256(f"{seed} {item[1][0]} {item[0]}".encode()).digest()
    chosen = sorted(items, key=order)[:count]
    queries = {f"i{at}": query for at, (query, _) in enumerate(chosen)}
    return queries, {f"i{at}": set(names) for at, (_, names) in enumerate(chosen)}


def places(run, wanted):
    """Where the first of the names stands; `run` has a list of names for each hit."""
    return {
        query: next((at for at, hit in enumerate(run.get(query, [])) if names & set(hit)), None)
        for query, names in wanted.items()
    }


def titles(program, folder, table, kept, seed):
    paths = collections.defaultdict(set)
    for row in csv.DictReader(io.StringIO(program.call("search", "title:*", "--all", "--format", "csv"))):
        if row["title"]:
            paths[row["title"]].add(below(folder, row["path"]))
    queries, wanted = drawn([(title, sorted(names)) for title, names in paths.items()], 1000, seed)
    found = {
        query: [[below(folder, path) for path in [hit["path"], *hit["duplicates"]]] for hit in hits]
        for query, hits in program.hits(queries, 10).items()
    }
    ours = reciprocal(places(found, wanted), 10)
    theirs = {}
    for peer, make in peers().items():
        run = kept.run(peer, make, "titles", lambda: files(folder), queries, 10)
        theirs[peer] = reciprocal(places({query: [[name] for name in names] for query, names in run.items()}, wanted), 10)
    table.row(f"{len(queries)} titles of articles", "MRR@10", ours, theirs)


def section(article, heading):
    return f"{article}#" + "".join(letter for letter in heading.lower() if letter.isalnum())


def headings(binary, folder, home, table, kept, seed):
    pages = sorted(glob.glob(f"{glob.escape(folder)}/**/*.html", recursive=True))
    pages = [page for page in pages if os.path.exists(page[: -len(".html")] + ".json")]
    if not pages:
        print("left out: headings (no page has its headings as JSON beside it)", file=sys.stderr)
        return
    copy = f"{home}/pages"
    os.makedirs(copy)
    items = []
    for page in pages:
        name = os.path.basename(page)[: -len(".html")]
        shutil.copyfile(page, f"{copy}/{name}.html")
        with open(page[: -len(".html")] + ".json", encoding="utf8") as file:
            gold = json.load(file)
        for heading in gold["headings"]:
            heading = heading["text"]
            rest = [word for word in (gold["title"] or "").split() if word not in heading]
            rest.sort(key=lambda word: -sum(letter.isalnum() for letter in word))
            # Signs that are operators are not judged here.
            query = re.sub(r"[^\w'’.-]|_", " ", f"{heading} {' '.join(rest[:2])}")
            items.append((" ".join(query.split()), [section(name, heading)]))
    program = Program(binary, copy, home)
    queries, wanted = drawn(items, 300, seed)

    def of(hit):
        return section(os.path.basename(hit["path"])[: -len(".html")], hit["heading"] or "")

    found = {query: [[of(hit)] for hit in hits] for query, hits in program.hits(queries, 10).items()}
    ours = reciprocal(places(found, wanted), 1)

    def texts():
        for line in program.call("search", "words:>=0", "--all", "--json").splitlines():
            hit = json.loads(line)
            yield of(hit), f"{hit['title'] or ''} {hit['heading'] or ''} {hit['text']}"

    theirs = {}
    for peer, make in peers().items():
        run = kept.run(peer, make, "headings", texts, queries, 10)
        theirs[peer] = reciprocal(places({query: [[name] for name in names] for query, names in run.items()}, wanted), 1)
    table.row(f"{len(queries)} headings of pages", "at rank 1", ours, theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-runs", metavar="FILE")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("binary", metavar="BINARY")
    parser.add_argument("data", metavar="DATA")
    parser.add_argument("sets", nargs="*", metavar="SET")
    args = parser.parse_args()
    binary, data = os.path.abspath(args.binary), os.path.abspath(args.data)
    collections_ = sorted(os.path.dirname(path) for path in glob.glob(f"{glob.escape(data)}/relevance/*/corpus.jsonl"))
    known = ["news", "titles", "headings", *map(os.path.basename, collections_)]
    if unknown := [name for name in args.sets if name not in known]:
        sys.exit(f"no such set: {', '.join(unknown)} (there are {', '.join(known)})")

    def wanted(name, *folders):
        if args.sets and name not in args.sets:
            return False
        missing = [folder for folder in folders if not os.path.isdir(f"{data}/{folder}")]
        if missing:
            print(f"left out: {name} ({', '.join(missing)} not in {args.data})", file=sys.stderr)
        return not missing

    kept, table = Kept(args.peer_runs), Table(args.seed)
    with tempfile.TemporaryDirectory() as home:
        program = None
        for name, folders in (("news", ["newsfolder", "news-relevance"]), ("titles", ["newsfolder"])):
            if wanted(name, *folders):
                folder = f"{data}/newsfolder"
                program = program or Program(binary, folder, home)
                if name == "news":
                    news(program, folder, f"{data}/news-relevance", table, kept)
                else:
                    titles(program, folder, table, kept, args.seed)
        for folder in collections_:
            if wanted(os.path.basename(folder)):
                collection(binary, folder, home, table, kept)
        if wanted("headings", "pages"):
            headings(binary, f"{data}/pages", home, table, kept, args.seed)


if __name__ == "__main__":
    main()

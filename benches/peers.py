#!/usr/bin/env python3
"""Crosshead beside its peers: the same folder, in turns, medians and ratios.

usage: peers.py BINARY FOLDER [--rounds N] [--peers NAME,NAME...] [--words "oil prices"]
       peers.py --grow CORPUS FOLDER [--articles N] [--in-file N] [--seed N]

FOLDER has articles as text, one a file. Peers that are not installed are left out: tantivy-py (the package `tantivy`),
SQLite FTS5 (Python's sqlite3), omindex (xapian-omega), recollindex (recoll), rg (ripgrep), find. `--grow` makes a folder
of any size instead: articles of sentences of a corpus, with words replaced at random by the seed, as text or, with
`--in-file N`, as JSON Lines of N articles a file.

Crosshead indexes sections, facts, exact forms and reprints; the peers index one field. Every index is made in a folder of
its own, which is removed. The cache is warmed first. Needs only the standard library, and what the peers need.
"""
import argparse, json, os, random, re, resource, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

TANTIVY = r"""
import os, sys, tantivy
folder, target = sys.argv[1:]
schema = tantivy.SchemaBuilder()
schema.add_text_field("path", stored=True, tokenizer_name="raw")
schema.add_text_field("text", stored=True, tokenizer_name="en_stem")
index = tantivy.Index(schema.build(), path=target)
writer = index.writer(200_000_000, 2)
for top, _, names in os.walk(folder):
    for name in names:
        path = os.path.join(top, name)
        with open(path, encoding="utf8", errors="replace") as file:
            writer.add_document(tantivy.Document(path=path, text=file.read()))
writer.commit()
writer.wait_merging_threads()
"""

SQLITE = r"""
import os, sqlite3, sys
folder, target = sys.argv[1:]
base = sqlite3.connect(target + "/articles.db")
base.execute("create virtual table articles using fts5(path unindexed, text, tokenize='porter')")
def rows():
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            with open(path, encoding="utf8", errors="replace") as file:
                yield path, file.read()
base.executemany("insert into articles values (?, ?)", rows())
base.commit()
"""


def size(target):
    return sum(os.path.getsize(os.path.join(top, name)) for top, _, names in os.walk(target) for name in names)


def run(command, **more):
    """Wall seconds, CPU seconds and peak MB of a command."""
    start, before = time.perf_counter(), os.times()
    with tempfile.NamedTemporaryFile() as usage:
        timed = ["/usr/bin/time", "-f", "%M", "-o", usage.name, *command] if os.path.exists("/usr/bin/time") else command
        done = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
        wall, after = time.perf_counter() - start, os.times()
        text = usage.read().decode().split()
    if done.returncode > 1:
        sys.exit(f"{command[:3]}: {done.stderr.decode()[-500:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu, int(text[-1]) / 1024 if text else 0.0


def indexers(binary, folder):
    """The command by which each peer makes an index of `folder` in a folder that it is given."""
    def recoll(target):
        os.makedirs(target + "/config")
        with open(target + "/config/recoll.conf", "w", encoding="utf8") as file:
            file.write(f"topdirs = {os.path.abspath(folder)}\nindexallfilenames = 0\n")
        return ["recollindex", "-z", "-c", target + "/config"]
    all_of_them = {
        "crosshead": lambda target: [binary, "--index", target + "/index", "-q", "index", folder],
        "tantivy-py": lambda target: [sys.executable, "-c", TANTIVY, folder, target],
        "sqlite": lambda target: [sys.executable, "-c", SQLITE, folder, target],
        "omindex": lambda target: ["omindex", "--db", target + "/db", "--url", "/", "-s", "english", folder],
        "recoll": recoll,
    }
    try:
        import tantivy  # noqa: F401
    except ImportError:
        del all_of_them["tantivy-py"]
    tools = {"omindex": "omindex", "recoll": "recollindex"}
    return {name: make for name, make in all_of_them.items() if name not in tools or shutil.which(tools[name])}


def table(title, rows):
    print(f"\n{title}\n{'':24} {'wall s':>9} {'CPU s':>8} {'peak MB':>8} {'MB':>8} {'ratio':>7}")
    base = None
    for name, figures in rows.items():
        wall = statistics.median(figure[0] for figure in figures)
        cpu = statistics.median(figure[1] for figure in figures)
        peak, disk = max(figure[2] for figure in figures), statistics.median(figure[3] for figure in figures)
        base = base or wall
        print(f"{name:24} {wall:9.3f} {cpu:8.2f} {peak:8.0f} {disk / 1e6:8.1f} {base / wall:7.2f}")


def compare(args):
    binary, folder = os.path.abspath(args.binary), args.folder
    makers = indexers(binary, folder)
    if args.peers:
        makers = {name: make for name, make in makers.items() if name == "crosshead" or name in args.peers.split(",")}
    subprocess.run(["grep", "-rc", "zzzz", folder], stdout=subprocess.DEVNULL, check=False)
    text = size(folder)
    print(f"{folder}: {text / 1e6:.1f} MB of text")
    rows, kept = {name: [] for name in makers}, None
    for _ in range(args.rounds):
        for name, make in makers.items():
            target = tempfile.mkdtemp()
            figures = run(make(target))
            rows[name].append((*figures, size(target)))
            if name == "crosshead" and kept is None:
                kept = target
            else:
                shutil.rmtree(target)
    table("Index from nothing; ratio: crosshead's wall over the peer's", rows)
    print(f"size of crosshead's index beside the text: {rows['crosshead'][0][3] / text:.3f}")

    index = kept + "/index"
    ours = [binary, "--index", index, "-q"]
    # Files that changed within the resolution of the clock are read once more.
    time.sleep(2.5)
    run(ours + ["index"])
    pairs = {
        "Nothing changed": {"crosshead": ours + ["index"], "find": ["find", folder, "-printf", "%s %T@\n"]},
        f"Search as a whole process: {args.words}": {
            "crosshead": ours + ["search", args.words],
            "rg": ["rg", "-c", "-i", "|".join(args.words.split()), folder],
        },
    }
    for title, commands in pairs.items():
        rows = {name: [] for name, command in commands.items() if shutil.which(command[0])}
        for _ in range(args.rounds * 4 + 1):
            for name in rows:
                rows[name].append((*run(commands[name]), 0))
        table(title, {name: figures[1:] for name, figures in rows.items()})

    before = size(index)
    copy = tempfile.mkdtemp()
    shutil.copytree(folder, copy + "/articles", copy_function=shutil.copy2)
    run([binary, "--index", copy + "/index", "-q", "index", copy + "/articles"])
    names = sorted(os.path.join(top, name) for top, _, names in os.walk(copy + "/articles") for name in names)
    rows = {"crosshead": []}
    for round_ in range(args.rounds):
        for name in random.Random(round_).sample(names, 100):
            with open(name, "ab") as file:
                file.write(f"\nA line was added in round {round_}.\n".encode())
        rows["crosshead"].append((*run([binary, "--index", copy + "/index", "-q", "index"]), size(copy + "/index")))
    table("100 files changed", rows)
    print(f"index after these beside one made anew: {size(copy + '/index') / before:.3f}")
    shutil.rmtree(copy)
    shutil.rmtree(kept)


def grow(args):
    pieces = []
    for top, _, names in os.walk(args.corpus):
        for name in names:
            if name.endswith((".txt", ".md")):
                with open(os.path.join(top, name), encoding="utf8", errors="ignore") as file:
                    sentences = [sentence for line in file for sentence in re.split(r"(?<=[.!?]) ", line.strip())]
                    pieces += [sentence for sentence in sentences if len(sentence.split()) > 5]
    numbers = random.Random(args.seed)
    words = sorted({word for piece in pieces for word in re.findall(r"[^\W\d_]{4,}", piece)})
    # Words as rare as names in news: most of a vocabulary occurs a few times.
    syllables = "ba den kor lis mo nar pel ro sta ti ul ver wen yo zan hal".split()
    rare = ["".join(numbers.choice(syllables) for _ in range(numbers.randint(2, 4))).title() for _ in range(200_000)]

    def paragraph():
        text = []
        for _ in range(numbers.randint(2, 5)):
            sentence = numbers.choice(pieces).split()
            for _ in range(1 + len(sentence) // 8):
                at = int(numbers.random() * len(sentence))
                # As in Zipf's law, the beginning of the list is drawn most.
                sentence[at] = rare[int(len(rare) * numbers.random() ** 4)] if numbers.random() < 0.3 else numbers.choice(words)
            text.append(" ".join(sentence))
        return " ".join(text)

    def facts(number):
        """Newspaper and author: few newspapers have most articles. Drawn from the number, so that texts stay as they are."""
        share = number * 0.6180339887 % 1
        author = f"{rare[number * 7919 % 5_000]} {rare[number * 104_729 % 3_000]}"
        return {"source_domain": f"www.{rare[int(300 * share**3)].lower()}.example", "authors": [author] if number % 3 else []}

    def article(number):
        day = f"{1990 + number % 35}-{1 + number % 12:02}-{1 + number % 28:02}"
        title = " ".join(numbers.choice(words) for _ in range(6)).capitalize()
        heading = " ".join(numbers.choice(words) for _ in range(3)).capitalize()
        body = [paragraph() for _ in range(numbers.randint(2, 8))]
        body.insert(1, heading)
        return title, day, body

    os.makedirs(args.folder, exist_ok=True)
    many = []
    for number in range(args.articles):
        title, day, body = article(number)
        if args.in_file > 1:
            many.append(json.dumps({"id": number, "title": title, "date_publish": day, "maintext": "\n".join(body), **facts(number)}))
            if len(many) < args.in_file and number + 1 < args.articles:
                continue
            name, text, many = f"{number // args.in_file:06}.jsonl", "\n".join(many) + "\n", []
        else:
            name, text = f"{number:07}.txt", "\n".join([title, day, *body]) + "\n"
        target = os.path.join(args.folder, name[:3])
        os.makedirs(target, exist_ok=True)
        with open(os.path.join(target, name), "w", encoding="utf8") as file:
            file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers")
    parser.add_argument("--words", default="oil prices")
    parser.add_argument("--grow", dest="corpus", metavar="CORPUS")
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--in-file", type=int, default=1)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("paths", nargs="+", metavar="BINARY FOLDER")
    args = parser.parse_args()
    if args.corpus:
        args.folder = args.paths[0]
        grow(args)
    else:
        args.binary, args.folder = args.paths
        compare(args)


if __name__ == "__main__":
    main()

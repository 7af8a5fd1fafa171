"""How well and how fast `crosshead serve` tells whether quotations are in a folder of articles.

usage: verify.py BINARY INDEX FOLDER [--quotations N] [--seed S] [--foreign FOLDER]

Quotations are cut from the files of FOLDER, whose index INDEX is: as they are, with other signs and spaces, with 1 to 3
words changed. Invented ones are made of the same words in another order, of halves of two sentences, and, with --foreign,
of sentences of other articles that the folder does not have. Needs Python alone.
"""

import argparse, collections, json, os, random, re, subprocess, sys, time, urllib.request

WORD = re.compile(r"\w+(?:['’]\w+)?")


def sentences(folder, rng, wanted):
    files = [os.path.join(root, name) for root, _, names in os.walk(folder) for name in names if name.endswith(".txt")]
    files.sort()
    while wanted:
        path = rng.choice(files)
        lines = [line for line in open(path, encoding="utf-8", errors="replace").read().split("\n") if len(line.split()) > 12]
        if not lines:
            continue
        words = rng.choice(lines).split()
        length = rng.randint(6, min(40, len(words)))
        start = rng.randint(0, len(words) - length)
        yield path, words[start:start + length]
        wanted -= 1


def dressed(rng, words):
    """Other signs, other spaces, line breaks, as copying and typesetting make them."""
    text = " ".join(words)
    kind = rng.randrange(5)
    if kind == 0:
        text = text.replace("'", "’").replace('"', "“")
    elif kind == 1:
        text = text.replace("-", "–").replace("--", "—") + "—"
    elif kind == 2:
        text = "".join(rng.choice(["\u00a0", "  ", "\u2009", "\t"]) if c == " " and rng.random() < .4 else c for c in text)
    elif kind == 3:
        at = [i for i, c in enumerate(text) if c == " "]
        for i in sorted(rng.sample(at, min(3, len(at))), reverse=True):
            text = text[:i] + "\n" + text[i + 1:]
    else:
        text = "“" + text.replace(",", "") + ".”"
    return text


def changed(rng, words, vocabulary, times):
    words = list(words)
    for _ in range(times):
        at = rng.randrange(len(words))
        kind = rng.randrange(3)
        if kind == 0:
            words[at] = rng.choice(vocabulary)
        elif kind == 1:
            words.insert(at, rng.choice(vocabulary))
        elif len(words) > 3:
            del words[at]
    return " ".join(words)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary"); parser.add_argument("index"); parser.add_argument("folder")
    parser.add_argument("--quotations", type=int, default=1000); parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--foreign"); parser.add_argument("--only", default=""); parser.add_argument("--show", type=int, default=5)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    cut = list(sentences(args.folder, rng, args.quotations))
    vocabulary = [word for _, words in cut for word in WORD.findall(" ".join(words))]
    sets = collections.OrderedDict()
    sets["as they are"] = [(" ".join(words), path) for path, words in cut]
    sets["other signs and spaces"] = [(dressed(rng, words), path) for path, words in cut]
    for times in (1, 2, 3):
        some = [pair for pair in cut if len(pair[1]) >= 4 * times] or cut
        sets[f"{times} words changed"] = [(changed(rng, words, vocabulary, times), path) for path, words in some]
    shuffled = [" ".join(rng.sample(words, len(words))) for _, words in cut]
    sets["invented: shuffled"] = [(text, None) for text in shuffled]
    halves = []
    for _ in cut:
        (_, a), (_, b) = rng.sample(cut, 2)
        halves.append((" ".join(a[:len(a) // 2] + b[len(b) // 2:]), None))
    sets["invented: halves"] = halves
    by_length = [len(words) for _, words in cut]
    sets["invented: words"] = [(" ".join(rng.choice(vocabulary) for _ in range(n)), None) for n in by_length]
    if args.foreign:
        sets["invented: foreign"] = [(" ".join(words), None) for _, words in sentences(args.foreign, rng, args.quotations)]
    server = subprocess.Popen([args.binary, "--index", args.index, "serve", "--port", "0", "--no-token"],
                              stdout=subprocess.PIPE, stderr=open(os.environ.get("SERVER_LOG", os.devnull), "w"), text=True)
    try:
        address = None
        while address is None:
            address = re.search(r"http://[^\s/]+", server.stdout.readline())
        base = address.group(0)
        print(f"{'':28}{'exact':>7}{'near':>7}{'no':>7}{'right file':>12}{'p50 ms':>8}{'p95 ms':>8}")
        for name, quotations in sets.items():
            if not re.search(args.only, name):
                continue
            verdicts, right, times, shown = collections.Counter(), 0, [], 0
            for text, path in quotations:
                began = time.perf_counter()
                body = json.dumps({"quotation": text}).encode()
                request = urllib.request.Request(base + "/api/v1/verify", body, {"Content-Type": "application/json"})
                answer = json.load(urllib.request.urlopen(request))
                times.append((time.perf_counter() - began) * 1000)
                verdict = answer["verdict"]
                verdicts[verdict] += 1
                if path:
                    right += any(path.endswith(place["path"].split("/", 1)[-1]) for place in answer["places"])
                bad = verdict == "no" if path else verdict != "no"
                if (bad or (name == "as they are" and verdict != "exact")) and shown < args.show:
                    shown += 1
                    place = answer["places"][0] if answer["places"] else {}
                    print("   ", verdict, repr(text[:150]), place.get("edits"), repr(place.get("text", "")[:150]), path, file=sys.stderr)
            times.sort()
            print(f"{name:28}{verdicts['exact']:7}{verdicts['near']:7}{verdicts['no']:7}{right:12}{times[len(times) // 2]:8.1f}{times[int(len(times) * .95)]:8.1f}")
    finally:
        server.terminate()


main()

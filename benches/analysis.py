#!/usr/bin/env python3
"""Timelines, facets, concordances and collocates beside scripts and SQLite FTS5, over one index.

    benches/analysis.py CROSSHEAD INDEX

1. Exports all passages of the index (`search --all --json`), and compares what the program counts and lists with what this
   script makes of the texts: articles by month, occurrences of 20 queries in context, collocates and keywords.
2. Puts the same passages into SQLite FTS5, and measures both, in turns: the program as whole processes, SQLite as
   statements on an open connection. Medians of seven.

The words of texts are runs of letters and digits here, folded; queries are words without hyphens or apostrophes, in quotes.
"""

import collections
import json
import math
import re
import sqlite3
import statistics
import subprocess
import sys
import time
import unicodedata

# Letters that are written for apostrophes separate words, as apostrophes do.
WORD = re.compile(r"[^\W_ʻʼ]+")


def fold(word):
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))


def run(crosshead, index, *args):
    command = [crosshead, "-q", "--index", index, *args, "--timeout", "0"]
    return subprocess.run(command, capture_output=True, check=False, text=True).stdout


def passages(crosshead, index):
    out = []
    for line in run(crosshead, index, "search", "words:>=0", "--all", "--json", "--sort", "path").splitlines():
        hit = json.loads(line)
        # An article that is only a headline, or a section that is only a heading, is not of texts.
        hit["is_text"] = hit["words"] > 0 and " ".join(hit["text"].split()) != hit["heading"]
        # Characters without width are in no word.
        hit["text"] = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", hit["text"])
        out.append(hit)
    return out


def sections(hits):
    """The texts of sections, in order: {(path, record): {section: [hit]}}"""
    articles = collections.defaultdict(lambda: collections.defaultdict(list))
    for hit in (hit for hit in hits if hit["is_text"]):
        articles[hit["path"], hit["record"]][hit["section"]].append(hit)
    for parts in articles.values():
        for of_section in parts.values():
            of_section.sort(key=lambda hit: hit["passage"])
    return articles


def tokens(of_section):
    return [fold(word) for hit in of_section for word in WORD.findall(hit["text"])]


def occurrences(words, spec):
    """Spans of a query in a list of words, those that share no word, by their ends."""
    found = []
    if spec[0] == "phrase":
        size = len(spec[1])
        found = [(i, i + size) for i in range(len(words) - size + 1) if words[i:i + size] == spec[1]]
    elif spec[0] == "prefix":
        found = [(i, i + 1) for i, word in enumerate(words) if word.startswith(spec[1])]
    else:
        _, first, second, most = spec
        of_first = [i for i, word in enumerate(words) if word == first]
        of_second = [i for i, word in enumerate(words) if word == second]
        found = [(min(a, b), max(a, b) + 1) for a in of_first for b in of_second if 0 < abs(a - b) <= most]
    free = 0
    for start, end in sorted(found, key=lambda span: (span[1], span[0])):
        if start >= free:
            yield start, end
            free = end


QUERIES = (
    [(f'"{word}"', ("phrase", [word])) for word in
     "strike government minister bank election police hospital budget court refugees".split()]
    + [(f'"{words}"', ("phrase", words.split())) for words in
       ("prime minister", "interest rates", "said the", "last year", "of the people")]
    + [("strik*", ("prefix", "strik")), ("unemploy*", ("prefix", "unemploy"))]
    + [(f'"{a}" w/{most} "{b}"', ("near", a, b, most)) for a, b, most in
       (("bank", "rate", 5), ("police", "man", 3), ("oil", "price", 8))]
)


def check_kwic(crosshead, index, articles):
    words = {key: {n: tokens(of) for n, of in parts.items()} for key, parts in articles.items()}
    for query, spec in QUERIES:
        expected = collections.Counter()
        for key, parts in words.items():
            for number, all_words in parts.items():
                for start, end in occurrences(all_words, spec):
                    left, right = all_words[max(0, start - 5):start], all_words[end:end + 5]
                    expected[key, number, tuple(left), tuple(all_words[start:end]), tuple(right)] += 1
        found = collections.Counter()
        for text in run(crosshead, index, "kwic", query, "--json", "--width", "5").splitlines():
            line = json.loads(text)
            part = {name: tuple(fold(word) for word in WORD.findall(line[name])) for name in ("left", "node", "right")}
            found[(line["path"], line["record"]), line["section"], part["left"], part["node"], part["right"]] += 1
        missing, more = expected - found, found - expected
        print(f"kwic {query}: {sum(expected.values())} expected, {sum(missing.values())} missing, {sum(more.values())} more")
        for one in [*list(missing)[:2], *list(more)[:2]]:
            print("   ", one)


def check_timeline(crosshead, index, hits, word):
    with_word, dates = set(), {}
    for hit in hits:
        key = hit["path"], hit["record"]
        dates[key] = hit["published"]
        if word in {fold(one) for one in WORD.findall(hit["text"])}:
            with_word.add(key)
    expected, of = collections.Counter(), collections.Counter()
    for key, date in dates.items():
        month = date[:7] if date and len(date) >= 7 else None
        of[month] += 1
        expected[month] += key in with_word
    line = json.loads(run(crosshead, index, "timeline", f'body:"{word}"', "--by", "month", "--json"))
    found = {bucket["from"][:7]: (bucket["articles"], bucket["of"]) for bucket in line["buckets"]}
    wrong = [(month, found[month], expected[month], of[month]) for month in found
             if found[month] != (expected[month], of[month])]
    print(f"timeline of {word}: {len(found)} months, {len(wrong)} differ, undated "
          f"{line['undated']['articles']} ({expected[None]})", wrong[:3])


def log_likelihood(a, n, b, m):
    c, d, total = n - a, m - b, n + m
    cells = [(a, a + b, a + c), (b, a + b, b + d), (c, c + d, a + c), (d, c + d, b + d)]
    return 2 * sum(o * math.log(o * total / (row * column)) for o, row, column in cells if o)


def check_collocates(crosshead, index, articles, word):
    near, total, in_node = (collections.Counter() for _ in range(3))
    nodes = near_words = words = 0
    for parts in articles.values():
        for of in parts.values():
            all_words = [w.lower() for hit in of for w in WORD.findall(hit["text"])]
            total.update(all_words)
            words += len(all_words)
            spans = list(occurrences([fold(w) for w in all_words], ("phrase", [word])))
            nodes += len(spans)
            inside = {i for start, end in spans for i in range(start, end)}
            around = {i for start, end in spans for i in [*range(start - 5, start), *range(end, end + 5)]} - inside
            for i in around:
                if 0 <= i < len(all_words):
                    near[all_words[i]] += 1
                    near_words += 1
            in_node.update(all_words[i] for i in inside)
    rest = words - near_words - sum(in_node.values())
    worst = differ = compared = 0
    for text in run(crosshead, index, "collocates", f'body:"{word}"', "--json", "-n", "500").splitlines():
        one = json.loads(text)
        name, compared = one["word"], compared + 1
        elsewhere = total[name] - near[name] - in_node[name]
        if (one["count"], one["reference_count"]) != (near[name], elsewhere):
            differ += 1
            continue
        mine = [log_likelihood(near[name], near_words, elsewhere, rest),
                math.log2(near[name] / (near_words * (near[name] + elsewhere) / (near_words + rest))),
                14 + math.log2(2 * near[name] / (nodes + total[name]))]
        worst = max([worst, *(abs(a - b) for a, b in zip(mine, (one["log_likelihood"], one["mi"], one["log_dice"])))])
    print(f"collocates of {word}: {compared} words, counts of {differ} differ, largest difference of a measure {worst:.2e}")


def timed(work):
    times = []
    for _ in range(7):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def measure(crosshead, index, hits):
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(text, article UNINDEXED, date UNINDEXED, lang UNINDEXED, folder UNINDEXED)")
    rows = ((hit["text"], hit["path"] + str(hit["record"]), hit["published"], hit["lang"], hit["path"].rsplit("/", 1)[0])
            for hit in hits)
    base.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)

    def say(name, ours, theirs):
        print(f"{name}: {ours:.0f} ms" + (f", FTS5 {theirs:.0f} ms" if theirs else ""))

    def program(*args):
        return timed(lambda: run(crosshead, index, *args))

    def sql(text):
        return timed(lambda: base.execute(text, ["said"]).fetchall())

    say("count of a rare word", program("search", "zebra", "--count"), None)
    say("timeline of said by month", program("timeline", "said", "--by", "month", "--json"),
        sql("SELECT substr(date, 1, 7), count(DISTINCT article) FROM t WHERE t MATCH ? GROUP BY 1"))
    say("hits of said, ten", program("search", "said", "--json"),
        sql("SELECT snippet(t, 0, '[', ']', '', 30) FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10"))
    for facet, column in (("lang", "lang"), ("folder", "folder"), ("year", "substr(date, 1, 4)")):
        say(f"facet {facet} of said", program("facets", facet, "said", "--json"),
            sql(f"SELECT {column}, count(DISTINCT article) FROM t WHERE t MATCH ? GROUP BY 1"))
    say("kwic of said, 1,000 lines", program("kwic", "said", "--json", "-n", "1000"),
        sql("SELECT snippet(t, 0, '[', ']', '', 20) FROM t WHERE t MATCH ? LIMIT 1000"))
    say("collocates of spokesman", program("collocates", "spokesman", "--json"), None)
    say("collocates of government", program("collocates", "government", "--json"), None)


def main():
    crosshead, index = sys.argv[1:3]
    hits = passages(crosshead, index)
    articles = sections(hits)
    print(f"{len(hits)} passages, {len(articles)} articles")
    for word in ("strike", "election"):
        check_timeline(crosshead, index, hits, word)
    check_collocates(crosshead, index, articles, "strike")
    check_kwic(crosshead, index, articles)
    measure(crosshead, index, hits)


if __name__ == "__main__":
    main()

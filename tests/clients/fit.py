"""Fits the weights of `src/agent/tokens.rs` to texts whose tokens were counted, and prints them as its constants.

    run fit [--least WEIGHTS] TEXTS...

TEXTS are files that `run budget` and `run tables` wrote; a JSON object a line: text, claude, cl100k, o200k, and lang or name.
WEIGHTS is a file with the line of weights that a fit prints: none gets less than there, so that what held of the texts of that
fit still does. Tables are fitted so: there are more of them than of answers, and they do not tell what words need.

The sum of estimate/tokens is made as small as can be by a linear program, under the condition that no text of over 100 tokens
is estimated too low: by at most 2.5 %, and by at most 30 tokens, as that is what an answer keeps in reserve. A weight has a
least value, since what is rare in these texts may be common in others. Needs numpy and scipy.
"""
import json
import sys
from collections import Counter

import numpy
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

COMMON = set(
    "a about after all an and are as at be been but by for from had has have he her his if in is it its more not of on one or "
    "out said she than that the their them there they this to up was we were what when which who will with would you".split()
)
LETTERS = ("Lower", "Upper", "Accented")
# Kinds whose first character of a run has a weight of its own.
RUNS = {"Digit", "Space", "Line", "Sign", "Greek", "Hebrew", "Arabic", "Devanagari", "Three"}
LEAST = {
    "first": 0.5, "after a digit": 0.5, "capital": 0.5, "capitals": 0.3, "inner capital": 0.5, "long": 0.1, "common": 0.65,
    "Digit 1": 0.8, "Digit": 0.25, "Digit 4": 0.25, "Space 1": 0, "Space 2": 0.1, "Space": 0.1, "Line 1": 0.8, "Line": 0.2,
    "Escape": 0.8, "Sign 1": 0.4, "Sign": 0.2, "Digit after a space": 0, "Sign after a space": 0,
    "Kana": 0.6, "Russian": 0.4, "Devanagari 1": 0.8, "Greek 1": 0.8, "Arabic 1": 0.6,
    "Two": 1, "Three 1": 1, "Three": 1, "Four": 2.5,
}
RANGES = [
    (0xC0, 0x24F, "Accented"), (0x1E00, 0x1EFF, "Accented"), (0x370, 0x3FF, "Greek"), (0x44A, 0x44A, "Cyrillic"),
    (0x410, 0x44F, "Russian"), (0x400, 0x52F, "Cyrillic"), (0x590, 0x5FF, "Hebrew"), (0x600, 0x77F, "Arabic"),
    (0x900, 0x97F, "Devanagari"), (0xE00, 0xE7F, "Thai"), (0x2010, 0x2026, "Dash"), (0x3000, 0x30FF, "Kana"),
    (0x3400, 0x9FFF, "Han"), (0xFF00, 0xFFEF, "Han"), (0xAC00, 0xD7AF, "Hangul"),
]


def kind(c):
    code = ord(c)
    if code < 128:
        if c.isalpha():
            return "Lower" if c.islower() else "Upper"
        if c == "\\":
            return "Escape"
        return "Digit" if c.isdigit() else "Space" if c == " " else "Line" if c in "\n\r\t" else "Sign"
    found = next((name for first, last, name in RANGES if first <= code <= last), None)
    return found or {2: "Two", 3: "Three", 4: "Four"}[len(c.encode())]


def counts(text):
    """How often each weight is added for a text; the same walk as that of `estimate`."""
    found = Counter()
    previous, nth, word, letters, is_plain = "Line", 0, [], "", True

    def end(before):
        nonlocal word, letters, is_plain
        if is_plain and before != "Digit" and letters in COMMON:
            found["common"] += 1
        else:
            found.update(word)
        word, letters, is_plain = [], "", True

    for c in text:
        now = kind(c)
        nth = nth + 1 if now == previous else 1
        if now in LETTERS:
            is_first = letters == ""
            letters += c.lower()
            if now == "Accented" or is_first and previous == "Digit":
                is_plain = False
            if now == "Accented":
                word.append("accented")
            elif now == "Upper":
                word.append("capital" if is_first else "capitals" if previous == "Upper" else "inner capital")
            else:
                word.append(f"letter {c}")
                if is_first:
                    word.append("after a digit" if previous == "Digit" else "first")
                elif len(letters) >= 8:
                    word.append("long")
        else:
            end(now)
            if now in ("Digit", "Sign") and previous == "Space":
                found[f"{now} after a space"] += 1
            is_second = now == "Space" and nth == 2
            place = " 1" if now in RUNS and nth == 1 else " 2" if is_second else " 4" if now == "Digit" and nth > 3 else ""
            found[now + place] += 1
        previous = now
    end("Space")
    return found


def main(files):
    texts, kept = {}, {}
    if files[:1] == ["--least"]:
        with open(files[1], encoding="utf-8") as file:
            kept = json.load(file)
        files = files[2:]
    for path in files:
        with open(path, encoding="utf-8") as file:
            for line in file:
                one = json.loads(line)
                tokens = max(one["claude"], one["cl100k"], one["o200k"])
                if tokens > 100:
                    texts[one["text"]] = (one.get("lang") or one.get("name"), tokens)
    found = [counts(text) for text in texts]
    names = sorted({name for one in found for name in one})
    table = numpy.array([[one[name] for name in names] for one in found], float)
    tokens = numpy.array([tokens for _, tokens in texts.values()], float)
    least = [LEAST.get(name, 0.04 if name.startswith("letter") else 0.5) for name in names]
    least = [kept.get(name, low * 100) / 100 for name, low in zip(names, least)]
    solved = linprog(
        (table / tokens[:, None]).sum(0), A_ub=-csr_matrix(table), b_ub=-numpy.maximum(0.975 * tokens, tokens - 30),
        bounds=[(low, 8) for low in least], method="highs",
    )
    if not solved.success:
        sys.exit(f"no weights were found: {solved.message}")
    weights = dict(zip(names, numpy.ceil(solved.x * 100 - 1e-6).astype(int).tolist()))
    print("LETTERS:", [weights.get(f"letter {c}", 4) for c in "abcdefghijklmnopqrstuvwxyz"])
    print(json.dumps(weights))
    share = table @ numpy.array([weights[name] for name in names]) / 100 / tokens
    groups = [group for group, _ in texts.values()]
    print("estimate/tokens: texts, least, p5, median, p95, most")
    for group in sorted(set(groups)) + ["all"]:
        of_group = numpy.array([group in (one, "all") for one in groups])
        parts = numpy.percentile(share[of_group], [0, 5, 50, 95, 100])
        print(f"{group}: {of_group.sum()},", ", ".join(f"{part:.3f}" for part in parts))


main(sys.argv[1:])

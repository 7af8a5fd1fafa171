"""Searching: hits, options, results."""

from __future__ import annotations

import pickle
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from conftest import write

import crosshead as ch


def test_a_search_gives_hits_and_what_is_known_of_them(corpus: ch.Index) -> None:
    results = corpus.search("harbour strike")
    assert results.query == "harbour strike"
    assert results.reading == "harbour strike"
    assert results.notes == []
    assert results.total.articles == 7
    assert results.total.passages == 12
    assert results.degraded is None
    assert len(results) == 9
    hit = results[0]
    assert (hit.rank, hit.tier, hit.lacks) == (1, "all", [])
    assert hit.id.startswith(hit.article + ".")
    assert hit.text[slice(*hit.marks[0])].lower() in {"harbour", "strike", "strikes"}
    assert [one.rank for one in results] == list(range(1, 10))
    assert results[-1] == results[8] != results[0]
    assert results[1:3] == [results[1], results[2]]
    assert len({*results, *results}) == 9
    with pytest.raises(IndexError, match="there is no row 9: there are 9"):
        results[9]


def test_a_dictionary_has_what_the_attributes_have(corpus: ch.Index) -> None:
    results = corpus.search("strike", limit=3)
    for hit, row in zip(results, results.to_dicts()):
        assert hit.to_dict() == row
        assert list(row) == results.columns
        for name, value in row.items():
            assert getattr(hit, name) == value, name


# The counts that the program gives with the same options.
OPTIONS: list[tuple[dict[str, Any], tuple[int, int]]] = [
    ({}, (7, 12)),
    ({"source": "Halden Courier"}, (2, 4)),
    ({"source": ["Halden Courier", "Nobody"]}, (2, 4)),
    ({"source": ("Halden Courier",), "lang": "en"}, (2, 4)),
    ({"where": "source!=Halden Courier"}, (5, 8)),
    ({"where": ["source=Halden Courier", "words=>1"]}, (2, 4)),
    ({"source": []}, (7, 12)),
    ({"source": None, "date": None, "sort": None, "any": None}, (7, 12)),
    ({"desk": "Nothing"}, (0, 0)),
    ({"heading": "The dispute"}, (0, 0)),
    ({"date": "1901"}, (0, 0)),
    ({"since": "1901", "until": "1902"}, (0, 0)),
    ({"date": "1901..", "lang": "en"}, (5, 10)),
    ({"since": "1901", "lang": "en"}, (5, 10)),
    ({"unit": "article"}, (7, 14)),
    ({"any": True}, (36, 46)),
    ({"literal": True, "strict": True, "ungroup": True, "expand": False, "per_article": 1}, (7, 12)),
    ({"words": ">100000"}, (0, 0)),
    ({"timeout": None}, (7, 12)),
    ({"timeout": 60}, (7, 12)),
]


@pytest.mark.parametrize(("options", "found"), OPTIONS)
def test_options(corpus: ch.Index, options: dict[str, Any], found: tuple[int, int]) -> None:
    for count in (
        corpus.count("harbour strike", **options),
        corpus.search("harbour strike", **options).total,
        corpus.export("harbour strike", **options).total,
    ):
        assert (count.articles, count.passages) == found
        assert count.degraded is None


def test_sorts_and_limits(corpus: ch.Index) -> None:
    newest = corpus.search("strike", sort="newest", limit=50, date="1900..")
    dates = [hit.published_from for hit in newest if hit.published_from]
    assert len(dates) > 1
    assert dates == sorted(dates, reverse=True)
    assert [hit.rank for hit in corpus.search("halden", limit=2, offset=3)] == [4, 5]
    assert len(corpus.search("strike", limit=0)) == 0
    articles = [hit.path for hit in corpus.search("strike", per_article=1)]
    assert len(articles) == len(set(articles))
    sample = corpus.search("halden", sample=4, seed=7)
    assert sample.to_dicts() == corpus.search("halden", sample=4, seed=7).to_dicts()
    assert len(sample) == 4


def test_facets_advice_and_parts_are_asked_for(corpus: ch.Index) -> None:
    results = corpus.search("strike", facets=["source", "lang"], facet_limit=1, explain=True)
    assert list(results.facets) == ["source", "lang"]
    assert results.facets["lang"][0]["value"] == "en"
    assert sum(part for _, part in results[0].parts) == pytest.approx(results[0].score, rel=1e-3)
    assert corpus.search("strike").facets == {}
    nothing = corpus.search("strike zeppelinfahrt", advice=True, strict=True)
    assert len(nothing) == 0
    assert nothing.total.passages == 0
    assert nothing.advice
    assert corpus.search("strike zeppelinfahrt", strict=True).advice == []


def test_dates_have_two_ends(corpus: ch.Index) -> None:
    hits = list(corpus.export("strike OR election OR grain OR storm"))
    dated = [hit for hit in hits if hit.published]
    assert dated
    for hit in dated:
        assert hit.published is not None
        assert isinstance(hit.published_from, date)
        assert isinstance(hit.published_to, date)
        assert hit.published_from <= hit.published_to
        assert hit.published_from.isoformat().startswith(hit.published[:4])
        assert hit.dated_by in {"metadata", "text", "url", "path"}
    undated = [hit for hit in hits if not hit.published]
    assert all(hit.published_from is None and hit.dated_by is None for hit in undated)


@pytest.mark.parametrize(
    ("published", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("1969-12-31", date(1969, 12, 31), date(1969, 12, 31)),
        ("2000-02-29", date(2000, 2, 29), date(2000, 2, 29)),
        ("1648-10-24", date(1648, 10, 24), date(1648, 10, 24)),
    ],
)
def test_days_are_those_of_the_calendar(tmp_path: Any, published: str, first: date, last: date) -> None:
    folder = write(tmp_path / "a", {"a.md": f"---\ndate: {published}\n---\n\n# Peace in Halden\n\nThe treaty was signed.\n"})
    hit = ch.index(folder, path=tmp_path / "index").search("treaty")[0]
    assert (hit.published, hit.published_from, hit.published_to) == (published, first, last)


@pytest.mark.parametrize(
    ("query", "path", "marked"),
    [
        ("Fähre", "emoji.md", ["Fähre", "Fähre"]),
        ("Hafen", "emoji.md", ["Hafen"]),
        ("café", "combining.md", ["cafe\u0301", "cafe\u0301"]),
        ("rouvrira", "combining.md", ["rouvrira"]),
        ("דובר", "hebrew.md", ["דובר"]),
        ("罢工", "chinese.md", ["罢工"]),
        ("工会", "chinese.md", ["工会"]),
        ("dockers", "hostile.md", ["dockers"]),
    ],
)
def test_marks_are_code_points(few: ch.Index, query: str, path: str, marked: list[str]) -> None:
    hit = next(hit for hit in few.search(query) if hit.path.endswith(path))
    assert [hit.text[start:end] for start, end in hit.marks] == marked
    in_snippet = [hit.snippet[start:end] for start, end in hit.snippet_marks]
    assert in_snippet
    assert set(in_snippet) <= set(marked)
    article = few.article(hit.article, query)
    assert article.passages[hit.passage]["marks"] == hit.marks
    lines = few.kwic(query).to_dicts()
    line = next(line for line in lines if line["path"] == hit.path)
    assert hit.text[line["start"] : line["end"]] == line["node"] == marked[0]


def test_marks_of_titles_are_code_points(few: ch.Index) -> None:
    hit = few.search("𝔖turm OR title:Fähre")[0]
    assert hit.title == "🚢🚢 Fähre im 𝔖turm"
    assert hit.title_marks
    assert {hit.title[start:end] for start, end in hit.title_marks} <= {"Fähre", "𝔖turm"}
    heading = few.search("heading:dispute")[0]
    assert heading.heading == "The dispute"
    assert [heading.heading[start:end] for start, end in heading.heading_marks] == ["dispute"]


class Tags(HTMLParser):
    """The tags of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert not attrs
        self.tags.add(tag)


def test_notebooks_get_escaped_html(few: ch.Index) -> None:
    results = few.search("dockers")
    article = few.article(next(hit for hit in results if "hostile" in hit.path).article, "dockers")
    pages = [results._repr_html_(), few.kwic("dockers")._repr_html_(), article._repr_html_()]
    for html in pages:
        tags = Tags()
        tags.feed(html)
        assert tags.tags <= {"table", "thead", "tbody", "tr", "th", "td", "mark", "article", "h3", "h4", "p"}, html
        assert "&lt;img" in html or "&amp; left" in html
    assert "<mark>dockers</mark>" in pages[0]


def test_an_index_is_a_context_and_closes(tmp_path: Any, few: ch.Index) -> None:
    with ch.open(few.path) as ix:
        assert ix.articles == few.articles == 6
        assert "6 articles" in repr(ix)
    with pytest.raises(ch.CrossheadError, match="was closed: open it again"):
        ix.search("dockers")
    with pytest.raises(ch.CrossheadError, match="was closed"):
        ix.articles
    assert "closed" in repr(ix)


def test_several_indexes_are_searched_as_one(tmp_path: Any, few: ch.Index) -> None:
    folder = write(tmp_path / "ferries", {"ferry.md": "# Ferries\n\nThe dockers stopped the ferries.\n"})
    other = ch.index(folder, path=tmp_path / "second")
    both = ch.open(few.path, other.path)
    assert both.paths == [few.path, other.path] and both.path == few.path
    assert both.articles == few.articles + other.articles
    apart = few.count("dockers").articles + other.count("dockers").articles
    assert both.count("dockers").articles == apart == len({hit.article for hit in both.export("dockers")})
    again = pickle.loads(pickle.dumps(both))
    assert again.paths == both.paths and again.count("dockers").articles == apart
    with pytest.raises(ch.CrossheadError, match="missing"):
        ch.open(few.path, tmp_path / "missing")


def test_an_index_goes_to_other_processes_by_its_folder(few: ch.Index) -> None:
    again = pickle.loads(pickle.dumps(few))
    assert again.search("dockers").to_dicts() == few.search("dockers").to_dicts()


def test_an_article_is_read_by_its_id_and_that_of_a_passage(few: ch.Index) -> None:
    hit = few.search("union")[0]
    article = few.article(hit.article)
    assert few.article(hit.id).id == article.id == hit.article
    assert article.title == "Dockers walk out"
    assert article.text == "No ship has been unloaded in Halden.\n\nThe union wants a shorter week."
    assert [passage["heading"] for passage in article.passages] == [None, "The dispute"]
    assert all(passage["marks"] == [] for passage in article.passages)
    row = article.to_dict()
    assert row["title"] == article.title
    assert row["passages"] == article.passages
    assert article.title_marks == []
    assert few.article(hit.article, "title:dockers").title_marks == [(0, 7)]


@pytest.mark.parametrize(
    ("quotation", "verdict", "marked"),
    [
        ("The union wants a shorter week", "exact", ["The union wants a shorter week"]),
        ("Fähre 🚢 lag im Hafen 🌊 still", "exact", ["Fähre 🚢 lag im Hafen 🌊 still"]),
        ("Die Fähre lag im Hafen still, die Fähre wartete lange", "near", ["Die 👩‍🚀 Fähre 🚢 lag im Hafen 🌊 still, die Fähre wartete"]),
        ("nobody has ever printed these words anywhere", "no", []),
    ],
)
def test_quotations_are_verified(few: ch.Index, quotation: str, verdict: str, marked: list[str]) -> None:
    answer = few.verify(quotation)
    assert answer["verdict"] == verdict
    assert len(answer["places"]) == len(marked)
    for place in answer["places"]:
        passage = next(one for one in few.article(place["id"]).passages if one["id"] == place["id"])
        assert [passage["text"][start:end] for start, end in place["marks"]] == marked
        assert "published_from" not in place
    with pytest.raises(ch.QueryError, match="no words"):
        few.verify("...")


def test_how_a_query_is_read(few: ch.Index) -> None:
    assert "union" in few.explain("union w/3 week")

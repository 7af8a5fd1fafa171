"""Errors are classes, and sentences."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

import crosshead as ch


@pytest.mark.parametrize(
    ("query", "code", "offset"),
    [
        ("date:soon", "bad-date", 5),
        ("🚢🚢 date:soon", "bad-date", 8),
        ("cafe\u0301 🚢 date:soon", "bad-date", 13),
        ("שביתה /[/", "bad-regex", 6),
    ],
)
def test_queries(few: ch.Index, query: str, code: str, offset: int) -> None:
    calls: list[Any] = [few.search, few.export, few.count, few.facets, few.timeline, few.kwic, few.collocates, few.explain]
    for call in calls:
        with pytest.raises(ch.QueryError) as raised:
            call(query)
        error = raised.value
        assert (error.offset, error.query) == (offset, query)
        assert error.code == code
        assert str(error) == error.message
        assert isinstance(error, ValueError)
        again = pickle.loads(pickle.dumps(error))
        assert (again.code, again.message, again.offset, again.suggestion) == (
            error.code,
            error.message,
            error.offset,
            error.suggestion,
        )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sort": "best"}, "'sort' is one of relevance, newest, oldest, path, not 'best'"),
        ({"unit": "page"}, "'unit' is one of section, passage, article, not 'page'"),
        ({"limit": -1}, "'limit' is a whole number from 0 up, not -1"),
        ({"per_article": 0}, "'per_article' is a whole number from 1 up, not 0"),
        ({"date": "soon"}, "'date': "),
        ({"since": "2024", "until": "2023"}, "2024-01-01 is later than 2023-12-31: swap them"),
        ({"date": "2023", "since": "2023"}, "give one or the other"),
        ({"words": "many"}, "'words': "),
        ({"where": "colour=red"}, "'where': there is no fact 'colour'"),
        ({"where": "red"}, "'where': write FACT=VALUE"),
        ({"facets": ["colour"]}, "'facets' is one of source, desk, "),
        ({"any": True, "strict": True}, "give one of them"),
        ({"timeout": -1}, "'timeout' is a number of seconds above 0, or None, not -1"),
        ({"timeout": float("nan")}, "'timeout' is a number of seconds above 0"),
        ({"sample": 0}, "'sample' is a whole number from 1 up, not 0"),
    ],
)
def test_values_of_options(few: ch.Index, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ch.OptionError) as raised:
        few.search("dockers", **options)
    assert sentence in str(raised.value)
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sorce": "X"}, "there is no option 'sorce': did you mean 'source'?"),
        ({"sotr": "X"}, "there is no option 'sotr': did you mean 'sort'?"),
        ({"colour": "X"}, "there is no option 'colour': the options are sort, "),
        ({"source": 3}, "'source': a text, or a list of texts, is wanted"),
        ({"source": [3]}, "source"),
        ({"sort": 3}, "sort"),
        ({"any": "yes"}, "any"),
        ({"limit": "ten"}, "limit"),
        ({"limit": 2.5}, "limit"),
    ],
)
def test_types_of_options(few: ch.Index, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TypeError) as raised:
        few.search("dockers", **options)
    # The name of an argument is in a note, which Python has since 3.11.
    notes = getattr(raised.value, "__notes__", [sentence] if "limit" in options else [])
    assert sentence in str(raised.value) + "".join(notes)


def test_values_of_other_options(few: ch.Index) -> None:
    cases: list[tuple[Any, str]] = [
        (lambda: few.facets("x", "colour"), "'facet' is one of"),
        (lambda: few.facets("x", ["source", "lang", "desk"]), "'facet' is one fact, or two"),
        (lambda: few.timeline("x", by="hour"), "'by' is one of auto, day"),
        (lambda: few.kwic("x", by="lines"), "'by' is one of words, chars"),
        (lambda: few.kwic("x", order="1X"), "'order': '1X' is no neighbour"),
        (lambda: few.kwic("x", per="source"), "give 'sample' too"),
        (lambda: few.collocates("x", window=51), "'window' is a whole number from 1 to 50"),
        (lambda: few.collocates("x", measure="t"), "'measure' is one of ll, mi"),
        (lambda: few.run(["x"], "csv"), "'format' is one of trec, dict, table"),
        (lambda: few.export("x", order="best"), "'order' is one of rank, index"),
    ]
    for call, sentence in cases:
        with pytest.raises(ch.OptionError) as raised:
            call()
        assert sentence in str(raised.value)


def test_articles(few: ch.Index) -> None:
    for id in ("0000000000000", "no id", "", "0000000000000.1"):
        with pytest.raises(ch.ArticleMissing, match="search for its title"):
            few.article(id)


def test_indexes(tmp_path: Path, few: ch.Index) -> None:
    with pytest.raises(ch.IndexMissing, match="no index at") as raised:
        ch.open(tmp_path / "nowhere")
    assert isinstance(raised.value, FileNotFoundError)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file.txt").write_text("other")
    with pytest.raises(ch.IndexMissing, match="holds other files and is no index"):
        ch.index(tmp_path, path=tmp_path / "other")
    with pytest.raises(ch.FolderMissing, match="no folder or file"):
        ch.index(tmp_path / "nothing", path=tmp_path / "new")
    with pytest.raises(ch.CrossheadError, match="follows no folder yet"):
        ch.index(path=tmp_path / "new2")
    for file in few.path.rglob("*"):
        if file.is_file() and file.stat().st_size > 200:
            file.write_bytes(b"\0" * file.stat().st_size)
    with pytest.raises(ch.CrossheadError) as damaged:
        ch.open(few.path).search("dockers")
    assert isinstance(damaged.value, (ch.IndexDamaged, ch.IndexOutdated, ch.IndexMissing))


def test_a_query_that_takes_too_long_says_so(many: ch.Index) -> None:
    # So short a time that nothing is found within it.
    results = many.search("ship OR crane OR number", timeout=1e-9)
    assert results.degraded == "time"
    with pytest.raises(ch.Incomplete, match="the time was up"):
        list(many.export("ship", timeout=1e-9))


def test_every_error_is_one_of_the_package() -> None:
    names = [name for name in ch.__all__ if isinstance(getattr(ch, name), type)]
    errors = [getattr(ch, name) for name in names if issubclass(getattr(ch, name), Exception)]
    assert len(errors) == 12
    assert all(issubclass(error, ch.CrossheadError) for error in errors)

"""The tables beside hits, and what other libraries take."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import crosshead as ch


def test_facets(corpus: ch.Index) -> None:
    facets = corpus.facets("strike", "source")
    assert facets.facets == ["source"]
    assert facets.columns == ["value", "articles", "sections", "passages"]
    assert (facets[0]["value"], facets[0]["articles"]) == ("Halden Courier", 2)
    assert facets.without is not None
    assert facets.without.articles == 5
    everything = corpus.facets(facet="lang")
    assert sum(row["articles"] for row in everything) <= corpus.articles
    assert everything[0]["articles"] > corpus.facets("strike", "lang")[0]["articles"]
    first = corpus.facets(facet="lang", limit=1)
    assert len(first) == 1
    assert first.other_values == len(everything) - 1
    assert first.other is not None
    assert all(row["value"].lower().startswith("h") for row in corpus.facets(None, "source", prefix="h"))
    crossed = corpus.facets("strike", ["source", "lang"])
    assert crossed.columns == ["source", "lang", "articles", "sections", "passages"]
    assert sum(row["articles"] for row in crossed) == corpus.count("strike").articles


def test_timeline(corpus: ch.Index) -> None:
    timeline = corpus.timeline("strike", by="month", relative=True)
    assert timeline.by == "month"
    assert timeline.columns == ["query", "from", "to", "articles", "of", "per_thousand"]
    series = timeline.series[0]
    in_periods = sum(row["articles"] for row in timeline) + sum(one["articles"] for one in series["imprecise"])
    assert in_periods + series["undated"]["articles"] == series["total"]["articles"] == corpus.count("strike").articles
    row = next(row for row in timeline if row["articles"])
    assert isinstance(row["from"], date)
    assert row["from"].day == 1
    assert row["per_thousand"] == pytest.approx(1000 * row["articles"] / row["of"])
    several = corpus.timeline(["strike", "election"], by="year")
    assert {row["query"] for row in several} == {"strike", "election"}
    assert len(several.series) == 2
    per = corpus.timeline("strike", by="year", per="source", limit=1)
    assert "value" in per.columns
    assert per.series[0]["value"] == "Halden Courier"


def test_kwic(corpus: ch.Index) -> None:
    kwic = corpus.kwic("strike", width=4, order=["1R", "1L"])
    assert kwic.occurrences >= len(kwic) > 3
    after = [row["right"].split()[0].lower().strip(".,;:") for row in kwic if row["right"].split()]
    assert after[:3] == sorted(after[:3])
    for row in kwic:
        assert row["node"].lower().startswith("str")
        assert len(row["left"].split()) <= 4
    assert len(corpus.kwic("strike", limit=2)) == 2
    assert len(corpus.kwic("strike", sample=3, seed=1)) == 3
    assert corpus.kwic("strike", order="newest").articles == kwic.articles
    assert max(len(row["left"]) for row in corpus.kwic("strike", width=12, by="chars")) <= 20


def test_collocates(corpus: ch.Index) -> None:
    near = corpus.collocates("strike", min_count=1, limit=5)
    assert 0 < len(near) <= 5
    assert near.occurrences == corpus.kwic("strike").occurrences
    ordered = [row["log_likelihood"] for row in near]
    assert ordered == sorted(ordered, reverse=True)
    counts = [row["count"] for row in corpus.collocates("strike", min_count=1, measure="count")]
    assert counts == sorted(counts, reverse=True)
    against = corpus.collocates("strike", min_count=1, against="election")
    assert against.reference_words < near.reference_words


def test_runs(corpus: ch.Index) -> None:
    queries = {"q1": "harbour strike", 7: "election"}
    scores = corpus.run(queries, "dict", limit=5)
    assert list(scores) == ["q1", "7"]
    lines = [line.split() for line in corpus.run(queries, limit=5).splitlines()]
    assert [line[0] for line in lines] == ["q1"] * len(scores["q1"]) + ["7"] * len(scores["7"])
    assert lines[0][1] == "Q0"
    assert [line[3] for line in lines if line[0] == "q1"] == [str(n + 1) for n in range(len(scores["q1"]))]
    assert lines[0][5] == "crosshead"
    table = corpus.run(queries, "table", limit=5)
    assert table.columns == ["query", "article", "rank", "score"]
    assert len(table) == len(lines)
    assert corpus.run(["election"], "dict", limit=5) == {"1": scores["7"]}
    assert corpus.run([("a", "election")], "dict", limit=5) == {"a": scores["7"]}
    with pytest.raises(ch.QueryError):
        corpus.run({"a": "election", "b": '"'})
    with pytest.raises(TypeError, match="queries are several"):
        corpus.run("election")


def test_sections(tmp_path: Any) -> None:
    from conftest import ARTICLES, CORPUS, write

    outlines = ch.sections(write(tmp_path, ARTICLES) / "strike.md")
    assert [outline["title"] for outline in outlines] == ["Dockers walk out"]
    dated = ch.sections(CORPUS / "markdown" / "harbour-strike-ends.md")[0]
    assert (dated["published"], dated["dated_by"]) == ("2023-09-21", "metadata")
    assert [section["heading"] for section in outlines[0]["sections"]] == [None, "The dispute"]
    assert len(ch.sections(CORPUS / "records" / "briefs.jsonl")) > 1
    assert "explain" in ch.sections(tmp_path / "strike.md", explain=True)[0]
    with pytest.raises(ch.FileSkipped, match="nothing.txt"):
        ch.sections(tmp_path / "nothing.txt")
    (tmp_path / "bad.jsonl").write_text('{"title": "A", "text": "A ship."}\n{"title": \n{"title": "B", "text": "B."}\n')
    bad = [outline for outline in ch.sections(tmp_path / "bad.jsonl") if "skipped" in outline]
    assert [outline["position"] for outline in bad] == ["line 2"]


def tables(corpus: ch.Index) -> list[Any]:
    return [
        corpus.search("strike"),
        corpus.search("nothingofthekind"),
        corpus.facets("strike", "source"),
        corpus.facets("strike", ["source", "lang"]),
        corpus.timeline("strike", relative=True),
        corpus.kwic("strike"),
        corpus.collocates("strike", min_count=1),
        corpus.run(["strike"], "table"),
    ]


def test_pyarrow_takes_a_result(corpus: ch.Index) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    for table in tables(corpus):
        taken = pyarrow.table(table)
        assert taken.column_names == table.columns
        taken.validate(full=True)
        assert table.to_arrow().equals(taken)
        rows = taken.to_pylist()
        for ours, theirs in zip(table.to_dicts(), rows):
            spans = {name for name in ours if name.endswith("marks")}
            for name in spans:
                theirs[name] = [(span["start"], span["end"]) for span in theirs[name]]
            assert ours == theirs
    assert str(pyarrow.table(corpus.search("strike")).schema.field("published_from").type) == "date32[day]"


def test_polars_takes_a_result(corpus: ch.Index) -> None:
    polars = pytest.importorskip("polars")
    for table in tables(corpus):
        frame = table.to_polars()
        assert frame.columns == table.columns
        assert frame.height == len(table)
        assert frame.equals(polars.DataFrame(table))
    assert corpus.search("strike").to_polars()["published_from"].dtype == polars.Date


def test_pandas_takes_a_result(corpus: ch.Index, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    for has_pyarrow in (True, False):
        if not has_pyarrow:
            monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
        for table in tables(corpus):
            frame = table.to_pandas()
            assert list(frame.columns) == table.columns
            assert len(frame) == len(table)
        frame = corpus.search("strike").to_pandas()
        assert frame["published_from"].dtype.kind == "M"
        assert frame["title"].tolist() == [hit.title for hit in corpus.search("strike")]


def test_duckdb_takes_a_result(corpus: ch.Index) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    results = corpus.search("strike", limit=50)  # noqa: F841: duckdb finds it by its name
    counted = duckdb.sql("select count(*), count(distinct article) from results").fetchall()
    assert counted == [(len(results), len({hit.article for hit in results}))]


def test_an_export_is_a_stream(many: ch.Index) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    with many.export("ship", order="index") as export:
        first = next(export)
        reader = pyarrow.RecordBatchReader.from_stream(export)
        rows = sum(batch.num_rows for batch in reader)
    assert first.rank == 1
    assert rows == export.total.passages - 1 == 19_999

"""The program that comes with the package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CORPUS

import crosshead as ch
from crosshead._program import program

pytestmark = pytest.mark.skipif(program() is None, reason="the module was built without the program")


def test_the_program_is_beside_python() -> None:
    path = program()
    assert path is not None
    assert os.path.samefile(os.path.dirname(path), os.path.dirname(sys.executable))
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.split() == ["crosshead", ch.__version__]
    as_module = [sys.executable, "-m", "crosshead", "--version"]
    assert subprocess.run(as_module, capture_output=True, text=True, check=True).stdout == version


def test_the_program_and_the_module_give_the_same(tmp_path: Path, corpus: ch.Index) -> None:
    import json

    path = program()
    assert path is not None
    asked = [path, "--index", str(corpus.path), "search", "--json", "harbour strike"]
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    theirs = [json.loads(line) for line in lines]
    ours = corpus.search("harbour strike")
    assert [line["id"] for line in theirs] == [hit.id for hit in ours]
    # The date's origin is named otherwise, marks are code points, and what titles and headings matched comes besides.
    names = set(ours.columns) & set(theirs[0]) - {"published_from", "score"}
    assert len(names) > 30
    for hit, line in zip(ours, theirs):
        row = hit.to_dict()
        assert row["score"] == pytest.approx(line["score"])
        assert row["dated_by"] == line["published_from"]
        for name in names - {"marks", "snippet_marks"}:
            assert row[name] == line[name], name
        as_bytes = [[len(hit.text[:end].encode()) for end in span] for span in hit.marks]
        assert as_bytes == line["marks"]


def test_pdf_is_read_by_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    text = b"BT /F1 12 Tf 72 720 Td (The dockers of Halden walked out at noon on Monday.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    pdf = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(pdf)
    pdf += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    pdf += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    (tmp_path / "articles" / "strike.pdf").write_bytes(pdf)
    ix = ch.index(tmp_path / "articles", path=tmp_path / "index")
    assert ix.report is not None
    assert ix.report["skipped"] == []
    assert ix.search("dockers")[0].page == 1


def test_pdf_without_a_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "strike.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    environment = {**os.environ, "CROSSHEAD_PDF_READER": str(tmp_path / "nothing")}
    code = "import sys, crosshead as ch; print(ch.index(sys.argv[1], path=sys.argv[2]).report['skipped'])"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), str(tmp_path / "index")],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert "PDF is read by a process of its own" in ran.stdout


def test_the_samples_are_indexed_alike(tmp_path: Path, corpus: ch.Index) -> None:
    path = program()
    assert path is not None
    subprocess.run([path, "--index", str(tmp_path / "index"), "index", str(CORPUS)], capture_output=True, check=True)
    assert ch.open(tmp_path / "index").articles == corpus.articles

"""The examples of docs/PYTHON.md, on the sample articles."""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import pytest
from conftest import CORPUS, ROOT

import crosshead as ch


def test_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(CORPUS, tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "PYTHON.md").read_text(encoding="utf-8")
    # The fences are left out, and lines keep their numbers.
    blocks = re.sub(r"^```.*$", "", text, flags=re.MULTILINE)
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    examples = doctest.DocTestParser().get_doctest(blocks, {}, "PYTHON.md", "docs/PYTHON.md", 0)
    assert len(examples.examples) > 20
    runner = doctest.DocTestRunner(optionflags=flags)
    told: list[str] = []
    runner.run(examples, out=told.append)
    assert runner.failures == 0, "".join(told)


def test_the_page_names_every_function_and_error() -> None:
    text = (ROOT / "docs" / "PYTHON.md").read_text(encoding="utf-8")
    methods = [name for name in dir(ch.Index) if not name.startswith("_")]
    for name in [*ch.__all__, *methods]:
        assert f"`{name}" in text or f"`ix.{name}" in text or f"`ch.{name}" in text, name

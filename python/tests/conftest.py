"""What the tests share: an index of the sample articles, and folders of a few invented ones."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import crosshead as ch

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"

# Marks in them are code points: letters beyond U+FFFF, letters of two code points, right-to-left, wide letters.
ARTICLES = {
    "strike.md": "# Dockers walk out\n\nNo ship has been unloaded in Halden.\n\n## The dispute\n\nThe union wants a shorter week.\n",
    "emoji.md": "# 🚢🚢 Fähre im 𝔖turm\n\nDie 👩‍🚀 Fähre 🚢 lag im Hafen 🌊 still, die Fähre wartete.\n",
    "combining.md": "# Cafe\u0301 fermé\n\nLe cafe\u0301 du port a fermé 🌊 hier; le cafe\u0301 rouvrira.\n",
    "hebrew.md": "# שביתה בנמל\n\nהשביתה 🚢 בנמל נמשכת, אמר דובר הנמל.\n",
    "chinese.md": "# 港口罢工\n\n港口 🚢 的罢工持续了三天,工会说。\n",
    "hostile.md": "# <script>alert(1)</script> & <b>dockers</b>\n\nThe <img src=x onerror=alert(2)> dockers said \"no\" & left.\n",
}


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> ch.Index:
    """An index of the sample articles."""
    return ch.index(CORPUS, path=tmp_path_factory.mktemp("corpus") / "index")


def write(folder: Path, articles: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def few(tmp_path: Path) -> ch.Index:
    """An index of a few articles."""
    return ch.index(write(tmp_path / "articles", ARTICLES), path=tmp_path / "index")


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> ch.Index:
    """An index of 20,000 passages, which all match ``ship``: more than an export reads ahead."""
    folder = tmp_path_factory.mktemp("many")
    with (folder / "many.jsonl").open("w", encoding="utf-8") as out:
        for i in range(20_000):
            text = f"Ship number {i} of the Halden line was unloaded by crane {i % 7}. " * 4
            out.write(f'{{"id": "m{i}", "title": "Ship {i}", "date": "2023-{i % 12 + 1:02}-01", "text": "{text}"}}\n')
    return ch.index(folder, path=tmp_path_factory.mktemp("many-index") / "index")


@pytest.fixture
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs lines of Python in a process of its own, which must end within a minute."""

    def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run

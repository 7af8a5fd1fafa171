"""Threads, processes, signals, and ends that come early."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import write

import crosshead as ch

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_eight_threads_search_while_one_indexes(tmp_path: Path) -> None:
    folder = write(tmp_path / "articles", {f"{i}.md": f"# Ship {i}\n\nThe ship number {i} came in.\n" for i in range(40)})
    ix = ch.index(folder, path=tmp_path / "index")
    is_over = threading.Event()
    seen: set[int] = set()

    def search(number: int) -> int:
        calls = 0
        while not is_over.is_set() or calls < 5:
            results = ix.search("ship", limit=100, per_article=1)
            seen.add(results.total.articles)
            assert len(results) == results.total.articles
            assert all("ship" in hit.text for hit in results)
            assert len(list(ix.export(f"number {number}"))) >= 1
            assert ix.facets("ship", "lang").degraded is None
            calls += 1
        return calls

    def index() -> None:
        try:
            for step in range(3):
                write(folder, {f"{step}-{i}.md": f"# New {step} {i}\n\nAnother ship came in.\n" for i in range(20)})
                ch.index(path=tmp_path / "index")
                assert ix.reload()
                assert not ix.reload()
        finally:
            is_over.set()

    with ThreadPoolExecutor(9) as pool:
        searches = [pool.submit(search, i) for i in range(8)]
        pool.submit(index).result()
        assert all(one.result() >= 5 for one in searches)
    assert ix.articles == 100
    assert seen <= {40, 60, 80, 100}


def test_an_index_that_is_built_anew_is_taken_up_by_reload(tmp_path: Path) -> None:
    folder = write(tmp_path / "articles", {"a.md": "# Ship\n\nThe ship came in.\n"})
    ix = ch.index(folder, path=tmp_path / "index")
    commit = ix.commit
    hit = ix.search("ship")[0]
    write(folder, {"b.md": "# Ferry\n\nThe ferry came in after the ship.\n"})
    ch.index(folder, path=tmp_path / "index", rebuild=True)
    # The commit that was opened is still there.
    assert ix.search("ship")[0] == hit
    assert ix.search("ship").total.articles == 1
    assert ix.article(hit.article).title == "Ship"
    export = ix.export("ship")
    assert ix.reload()
    assert ix.commit != commit
    assert ix.search("ship").total.articles == 2
    assert [one.path for one in export] == [hit.path]


def test_reports_and_progress(tmp_path: Path) -> None:
    folder = write(tmp_path / "articles", {"a.md": "# Ship\n\nThe ship came in.\n", "b.md": " "})
    told: list[tuple[int, int, int, int]] = []
    ix = ch.index([folder], path=tmp_path / "index", progress=lambda *position: told.append(position))
    assert ix.report is not None
    assert (ix.report["added"], ix.report["articles"]) == (2, 1)
    assert [skipped["reason"] for skipped in ix.report["skipped"]] == ["empty"]
    assert ix.report["failed"] == []
    files, all_files, size, all_bytes = told[-1]
    assert (files, size) == (all_files, all_bytes)
    assert ch.open(tmp_path / "index").report is None


def test_an_error_of_the_progress_ends_a_run(tmp_path: Path) -> None:
    folder = write(tmp_path / "articles", {f"{i}.md": f"# Ship {i}\n\nThe ship came in.\n" for i in range(50)})

    def stop(*_position: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        ch.index(folder, path=tmp_path / "index", progress=stop)
    # What was done by then is committed; the next run does the rest.
    assert ch.index(folder, path=tmp_path / "index").articles == 50


def test_one_writer_at_a_time(tmp_path: Path, run_python: Run) -> None:
    folder = write(tmp_path / "articles", {"a.md": "# Ship\n\nThe ship came in.\n"})
    ch.index(folder, path=tmp_path / "index")
    lines = "\n".join(f'{{"id": "{i}", "title": "T{i}", "text": "The ship {i} came in."}}' for i in range(30_000))
    (folder / "many.jsonl").write_text(lines)
    code = """
        import sys, threading, time
        import crosshead as ch
        run = threading.Thread(target=lambda: ch.index(path=sys.argv[1]))
        run.start()
        refused = 0
        while run.is_alive():
            try:
                ch.index(path=sys.argv[1])
            except ch.IndexLocked:
                refused += 1
            time.sleep(0.01)
        print(ch.open(sys.argv[1]).articles, refused > 0)
    """
    ran = run_python(code, tmp_path / "index")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split()[0] == "30001"


def test_exports_end_where_they_are_dropped(many: ch.Index) -> None:
    def threads() -> int:
        return len(os.listdir("/proc/self/task")) if sys.platform == "linux" else 0

    def settle(most: int) -> bool:
        # A thread ends once it finds that its reader has gone.
        end = time.monotonic() + 20
        while threads() > most and time.monotonic() < end:
            time.sleep(0.01)
        return threads() <= most

    list(many.export("ship", sample=3))
    before = threads()
    for _ in range(20):
        export = many.export("ship")
        assert next(export).rank == 1
    del export
    gc.collect()
    assert settle(before)
    with many.export("ship") as export:
        next(export)
    assert list(export) == []
    assert settle(before)


def test_an_export_gives_every_hit_once(many: ch.Index) -> None:
    export = many.export("ship", order="index")
    ids = [hit.id for hit in export]
    assert len(ids) == len(set(ids)) == export.total.passages == 20_000
    assert export.reading == "ship"
    assert export.notes == []
    assert list(export) == []


def test_an_export_is_read_by_several_threads(many: ch.Index) -> None:
    export = many.export("ship")
    with ThreadPoolExecutor(4) as pool:
        ranks = [rank for part in pool.map(lambda _: [hit.rank for hit in export], range(4)) for rank in part]
    assert sorted(ranks) == list(range(1, 20_001))


@pytest.mark.parametrize(
    "end",
    [
        "sys.exit(0)",
        "raise SystemExit(0)",
        "keep = export",
        "import threading; threading.Thread(target=list, args=(export,), daemon=True).start(); time.sleep(0.05)",
        "import threading; [threading.Thread(target=search, daemon=True).start() for _ in range(4)]; time.sleep(0.1)",
    ],
)
def test_an_interpreter_may_end_in_mid_export(many: ch.Index, run_python: Run, end: str) -> None:
    code = f"""
        import sys, time
        import crosshead as ch
        ix = ch.open(sys.argv[1])
        def search():
            while True:
                ix.search("ship OR crane")
        export = ix.export("ship")
        assert next(export).rank == 1
        {end}
    """
    ran = run_python(code, many.path)
    assert (ran.returncode, ran.stderr) == (0, "")


def interrupted(code: str, *arguments: object) -> tuple[str, str]:
    """Runs lines of Python, and interrupts them once they have printed a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return out, err


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_control_c_ends_an_export(many: ch.Index) -> None:
    code = """if True:
        import sys
        import crosshead as ch
        ix = ch.open(sys.argv[1])
        print("begun", flush=True)
        try:
            while True:
                for hit in ix.export("ship OR crane", unit="article"):
                    pass
        except KeyboardInterrupt:
            print("heard", len(ix.search("ship")))
    """
    out, err = interrupted(code, many.path)
    assert (out, err) == ("heard 10\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_control_c_ends_a_run_which_commits(tmp_path: Path) -> None:
    folder = write(tmp_path / "articles", {})
    for part in range(60):
        text = "\n".join(
            f'{{"id": "{part}-{i}", "title": "Ship {i}", "text": "{"The ship came in. " * 60}"}}' for i in range(500)
        )
        (folder / f"{part}.jsonl").write_text(text)
    code = """if True:
        import sys
        import crosshead as ch
        begun = []
        def progress(files, all_files, *_bytes):
            if not begun:
                begun.append(True)
                print("begun", flush=True)
        try:
            ch.index(sys.argv[1], path=sys.argv[2], threads=1, progress=progress)
            print("whole")
        except KeyboardInterrupt:
            print("heard", ch.open(sys.argv[2]).articles)
    """
    out, err = interrupted(code, folder, tmp_path / "index")
    assert err == ""
    assert out.startswith("heard ")
    assert 0 <= int(out.split()[1]) < 30_000
    assert ch.index(path=tmp_path / "index").articles == 30_000


def in_child(path: str) -> int:
    return ch.open(path).search("dockers").total.articles


def test_processes_that_are_spawned_search(few: ch.Index) -> None:
    few.search("dockers")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(in_child, [str(few.path)] * 4) == [few.count("dockers").articles] * 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_forks_are_refused_with_a_sentence(many: ch.Index, run_python: Run) -> None:
    code = """
        import os, sys
        import crosshead as ch
        ix = ch.open(sys.argv[1])
        export = None
        if sys.argv[2] == "after":
            export = ix.export("ship")
            next(export)
        pid = os.fork()
        if pid == 0:
            try:
                print(ix.search("ship").total.passages, flush=True)
                list(export or [])
            except ch.Forked as error:
                print(error, flush=True)
                try:
                    list(export)
                except ch.Forked:
                    os._exit(3)
            os._exit(0)
        print(ix.search("ship").total.passages, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    """
    before = run_python(code, many.path, "before")
    assert before.returncode == 0, before.stderr
    assert before.stdout.split("\n")[:1] == ["20000"]
    assert "20000 0" in before.stdout
    after = run_python(code, many.path, "after")
    assert after.returncode == 0, after.stderr
    assert "multiprocessing.get_context('spawn')" in after.stdout
    assert "20000 3" in after.stdout


def test_the_lock_of_python_is_free_while_a_search_runs(many: ch.Index) -> None:
    # Another thread runs Python between the beginning and the end of a call.
    steps = 0
    is_over = threading.Event()

    def count() -> None:
        nonlocal steps
        while not is_over.is_set():
            steps += 1

    counter = threading.Thread(target=count)
    counter.start()
    try:
        switch = sys.getswitchinterval()
        # With Python's lock held, no other thread would run before the interval is over, which the search is sooner. The
        # counter keeps the lock for as long.
        sys.setswitchinterval(1)
        before = steps
        many.search("ship OR crane OR number OR halden", limit=200)
        assert steps > before
    finally:
        sys.setswitchinterval(switch)
        is_over.set()
        counter.join()

#!/usr/bin/env python3
"""Runs the examples of a page in other languages against a server of the sample articles.

    blocks.py PROGRAM PAGE

Blocks `console` make the files that the others read, and are run first (their output is compared elsewhere, by the tests).
Blocks `r`, `python` and `sql` then run in the same folder; the block `text` after one is what it prints. The word `needs=NAME`
after the language names a package without which the block is skipped. While they run, the program serves the folder, and its
address stands for http://127.0.0.1:7878.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "http://127.0.0.1:7878"


def blocks(text: str) -> list[tuple[str, str, str]]:
    """Language, words after it, and text of each fenced block."""
    found = re.findall(r"^```([a-z]*) ?([^\n]*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return [(language, words, body) for language, words, body in found]


def command(language: str, needs: str) -> list[str] | None:
    """What runs a language, or None where it, or what the block needs, is not to be had."""
    if language == "r":
        if shutil.which("Rscript") and is_quiet(["Rscript", "-e", f'quit(status = !requireNamespace("{needs or "base"}"))']):
            return ["Rscript", "-"]
    if language == "python" and is_quiet([sys.executable, "-c", f"import {needs or 'sys'}"]):
        return [sys.executable, "-"]
    if language == "sql" and shutil.which("duckdb"):
        return ["duckdb", "-csv"]
    return None


def is_quiet(run: list[str]) -> bool:
    return subprocess.run(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def run(argv: list[str], code: str, folder: Path) -> str:
    done = subprocess.run(argv, input=code, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"error: {argv[0]} failed\n{code}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    program, page = Path(sys.argv[1]).resolve(), ROOT / sys.argv[2]
    found = blocks(page.read_text(encoding="utf-8"))
    ran = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "corpus", folder / "corpus")
        (folder / "bin").mkdir()
        os.symlink(program, folder / "bin" / "crosshead")
        os.environ["PATH"] = f"{folder / 'bin'}:{os.environ['PATH']}"
        for language, _, body in found:
            if language == "console":
                for line in re.findall(r"^\$ (.*)", body, flags=re.MULTILINE):
                    subprocess.run(line, shell=True, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = free_port()
        server = subprocess.Popen([program, "-q", "serve", "--no-token", "--no-open", "--port", str(port)], cwd=folder,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            wait(f"{address}/api/v1/health")
            for i, (language, words, body) in enumerate(found):
                if language not in ("r", "python", "sql"):
                    continue
                needs = words.removeprefix("needs=")
                argv = command(language, needs)
                if argv is None:
                    print(f"skipped: a block of {page.name}: {' with '.join([language, needs]).removesuffix(' with ')} is not to be had")
                    if os.environ.get("CI") and not needs:
                        sys.exit(1)
                    continue
                printed = run(argv, body.replace(ADDRESS, address), folder)
                if i + 1 < len(found) and found[i + 1][0] == "text":
                    shown = found[i + 1][2]
                    if printed.split() != shown.split():
                        sys.exit(f"error: {page.name}: the block\n{body}prints\n{printed}instead of\n{shown}")
                ran += 1
        finally:
            server.terminate()
            server.wait()
    print(f"{page.name}: {ran} blocks ran")


def wait(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"error: no answer from {address}")


main()

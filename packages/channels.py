#!/usr/bin/env python3
"""Files for other channels: Homebrew, Scoop, winget and the registry of MCP servers.

    channels.py ARCHIVES OUT

fills the templates beside this script from Cargo.toml and from the archives `crosshead-VERSION-TARGET.tar.gz` (`.zip` for
Windows) in the folder ARCHIVES. A channel whose archives are not there, or which needs an address that is not known, is skipped
with a word. The address of the project is `repository` of Cargo.toml, or REPOSITORY of the environment. The name in the registry
of MCP servers is made of an address at github.com; MCP_NAME states another.

    channels.py --test

fills every template with invented archives in a folder of its own, and checks what comes out.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
METADATA = subprocess.run(
    ["cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"], cwd=HERE.parent, check=True, stdout=subprocess.PIPE
)
PACKAGE = next(package for package in json.loads(METADATA.stdout)["packages"] if package["name"] == "crosshead")
# The targets that templates speak of; of several the first that is there.
TARGETS = {
    "linux": ["x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"],
    "mac-arm": ["aarch64-apple-darwin"],
    "mac-intel": ["x86_64-apple-darwin"],
    "windows": ["x86_64-pc-windows-msvc"],
}


class Missing(Exception):
    """What a template needs and is not known."""


def fill_url(template: str, target: str, repository: str) -> str:
    """A template of cargo-binstall, as it fills it."""
    values = {"repo": repository, "version": PACKAGE["version"], "target": target, "name": PACKAGE["name"]}
    values |= {"bin": "crosshead", "binary-ext": ".exe" if "windows" in target else ""}
    return re.sub(r"\{ *([a-z-]+) *\}", lambda match: values[match[1]], template)


def binstall(target: str) -> dict:
    table = PACKAGE["metadata"]["binstall"]
    return table | table.get("overrides", {}).get(target, {})


def url(target: str, repository: str) -> str:
    return fill_url(binstall(target)["pkg-url"], target, repository)


def archive(archives: Path, name: str) -> tuple[str, Path]:
    """The target of an archive, and its file: where cargo-binstall looks for it."""
    for target in TARGETS[name]:
        file = archives / url(target, "").rsplit("/", 1)[1]
        if file.is_file():
            return target, file
    raise Missing(f"there is no archive for {' or '.join(TARGETS[name])}")


def value(word: str, archives: Path, repository: str) -> str:
    kind, _, name = word.partition(":")
    if kind in ("version", "description"):
        return PACKAGE[kind]
    if kind in ("url", "sha256", "folder"):
        target, file = archive(archives, name)
        if kind == "sha256":
            return hashlib.sha256(file.read_bytes()).hexdigest()
        if kind == "folder":
            return fill_url(binstall(target)["bin-dir"], target, "").split("/")[0]
    if not repository:
        raise Missing("the address of the project is not known: set `repository` in Cargo.toml, or REPOSITORY")
    if kind == "repository":
        return repository
    if kind == "url":
        return url(target, repository)
    on_github = re.fullmatch(r"https://github\.com/([^/]+)/[^/]+", repository)
    if kind == "forge":
        return "github" if on_github else re.sub(r"^https://([^/]+).*", r"\1", repository)
    if kind == "mcp":
        name = os.environ.get("MCP_NAME") or (f"io.github.{on_github[1]}/crosshead" if on_github else "")
        if not name:
            raise Missing("the name in the registry is not known: set MCP_NAME, as org.example/crosshead")
        return name
    raise KeyError(word)


def fill_all(archives: Path, out: Path, repository: str) -> dict[str, str]:
    """Fills the templates, and returns those that were skipped, with the reason."""
    skipped = {}
    for template in sorted(path for path in TEMPLATES.rglob("*") if path.is_file()):
        name = template.relative_to(TEMPLATES)
        try:
            text = re.sub(
                r"@([a-z0-9:-]+)@", lambda match: value(match[1], archives, repository), template.read_text(encoding="utf-8")
            )
        except Missing as why:
            skipped[str(name)] = str(why)
            continue
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    return skipped


def check(folder: Path) -> None:
    """What can be checked of filled files without their channels: syntax, hashes, and the bounds of the registry."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"@[a-z]", text), f"{path}: {text}"
        if path.suffix == ".json":
            json.loads(text)
        if path.suffix == ".yaml":
            for line in text.splitlines():
                assert re.fullmatch(r"\s*(- )?([A-Za-z0-9]+:( .+)?|[a-z-]+)", line), f"{path}: {line}"
        if path.suffix == ".rb":
            try:
                subprocess.run(["ruby", "-c", path], check=True, stdout=subprocess.DEVNULL)
            except FileNotFoundError:
                print("skipped: the syntax of the Homebrew formula: ruby is not to be had")
        for digest in re.findall(r'(?i)sha256"?:? "([^"]*)"|"hash": "([^"]*)"', text):
            assert re.fullmatch(r"[0-9a-f]{64}", "".join(digest)), f"{path}: {digest}"
    server = json.loads((folder / "server.json").read_text(encoding="utf-8"))
    # The bounds of the registry's schema.
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", server["name"]) and len(server["name"]) <= 200
    assert 1 <= len(server["description"]) <= 100 and 1 <= len(server["title"]) <= 100
    assert server["version"] == server["packages"][0]["version"] == PACKAGE["version"]
    for argument in server["packages"][0]["packageArguments"]:
        assert argument["type"] == "named" or "value" in argument, argument


def test() -> None:
    with tempfile.TemporaryDirectory() as folder:
        archives, out = Path(folder, "archives"), Path(folder, "out")
        archives.mkdir()
        skipped = fill_all(archives, out, "")
        assert "there is no archive" in skipped["winget/Crosshead.Crosshead.installer.yaml"], skipped
        assert "address of the project is not known" in skipped["server.json"], skipped
        for targets in TARGETS.values():
            (archives / url(targets[0], "").rsplit("/", 1)[1]).write_text(targets[0])
        skipped = fill_all(archives, out, "https://github.com/example/crosshead")
        assert not skipped, skipped
        check(out)
    print("templates: filled and checked")


def main() -> None:
    if sys.argv[1:] == ["--test"]:
        return test()
    archives, out = Path(sys.argv[1]), Path(sys.argv[2])
    for name, why in fill_all(archives, out, os.environ.get("REPOSITORY") or PACKAGE["repository"] or "").items():
        print(f"skipped: {name}: {why}")


if __name__ == "__main__":
    main()

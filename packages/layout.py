#!/usr/bin/env python3
"""Is everything in an archive of the program, where those who unpack it look?

    layout.py ARCHIVE TARGET

compares the archive with what `[package.metadata.binstall]` says of it, and with the commands that the program has.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from channels import PACKAGE, binstall, fill_url

path, target = Path(sys.argv[1]), sys.argv[2]
stated = fill_url(binstall(target)["pkg-url"], target, "https://example.org/crosshead")
assert stated == f"https://example.org/crosshead/releases/download/v{PACKAGE['version']}/{path.name}", stated
with tarfile.open(path) as archive:
    members = archive.getmembers()
    names = [member.name for member in members]
    assert names == sorted(names), "members are in order"
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "", "")}, "no owner"
    assert len({member.mtime for member in members}) == 1, "one time"
    program = archive.getmember(fill_url(binstall(target)["bin-dir"], target, ""))
    assert program.mode == 0o755 and program.size > 1_000_000, program.mode
    folder = program.name.split("/")[0]
    assert all(name.split("/")[0] == folder for name in names), "one folder"
    with tempfile.TemporaryDirectory() as to:
        subprocess.run(["tar", "-xzf", path, "-C", to], check=True)
        inside = Path(to, folder)
        for name in ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", "docs/INSTALL.md"]:
            assert (inside / name).read_bytes() == Path(__file__).parent.parent.joinpath(name).read_bytes(), name
        # README.md is read here without a network: what it links to is there, but for pictures and sources.
        help_text = subprocess.run([inside / "crosshead", "--help"], check=True, capture_output=True, text=True).stdout
        listed = help_text.split("Commands:")[1].split("\n\n")[0]
        commands = [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2:3].isalpha()]
        assert len(commands) > 15, help_text
        for command in commands:
            page = inside / f"man/man1/crosshead-{command}.1"
            assert command == "help" or page.read_text(encoding="utf-8").count(".SH") >= 3, page
        for name in ["crosshead.bash", "_crosshead", "crosshead.fish", "crosshead.elv", "_crosshead.ps1"]:
            text = (inside / "completions" / name).read_text(encoding="utf-8")
            assert all(command in text for command in commands), name
        licences = (inside / "LICENSES.txt").read_text(encoding="utf-8")
        for crate in ["tantivy ", "serde ", "zstd-sys ", "mimalloc"]:
            assert crate in licences, crate
print(f"{path.name}: {len(names)} members, as cargo-binstall expects them")

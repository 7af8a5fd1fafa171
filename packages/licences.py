#!/usr/bin/env python3
"""Licences of everything that is linked into the program.

    licences.py TARGET OUT [--static-libc]

writes to the folder OUT:

    LICENSES.txt   each licence text once, with the crates that carry it: for the archives
    copyright      the same facts in Debian's machine-readable format (DEP-5)

It reads what cargo knows (`cargo metadata`) and the files of licences in the sources of the crates, so it works offline once
they are there. Crates that only run while building (procedural macros, build scripts) are left out: nothing of them is shipped.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Where an expression leaves a choice, the first of these that it names is taken.
PREFERRED = ["MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Zlib", "CC0-1.0", "0BSD", "MIT-0", "BSL-1.0", "Unicode-3.0"]
# Licences whose text every Debian system has, by the name of its file there.
COMMON = {"Apache-2.0": "Apache-2.0", "MPL-2.0": "MPL-2.0", "CC0-1.0": "CC0-1.0", "LGPL-2.1-or-later": "LGPL-2.1"}
COMMON_FOLDER = Path("/usr/share/common-licenses")
LICENCE_FILE = re.compile(r"^(licen[cs]e|copying|notice|unlicense)", re.IGNORECASE)
COPYRIGHT = re.compile(r"^\W*(copyright\s+(?:\(c\)|©|\d{4}|[A-Z]).*)$", re.IGNORECASE)
# Lines of the texts themselves that begin like a notice.
NOT_A_NOTICE = re.compile(r"copyright (notice|holder|owner|license|\[yyyy\]|statement|and )|\{yyyy\}|<year>", re.IGNORECASE)


def choice(expression: str) -> list[str]:
    """The licences that a crate is used under: one of each alternative, all that are joined."""
    plain = re.sub(r"[()]", "", expression).replace(" / ", " OR ").replace("/", " OR ")
    chosen = []
    for part in plain.split(" AND "):
        options = [option.strip() for option in part.split(" OR ")]
        best = next((licence for licence in PREFERRED if licence in options), options[0])
        if best not in chosen:
            chosen.append(best)
    return chosen


def linked(target: str) -> list[dict]:
    """The packages that are linked into the program for `target`, by name and version."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = next(package["id"] for package in packages.values() if package["name"] == "crosshead")
    is_macro = lambda id: any("proc-macro" in one["kind"] for one in packages[id]["targets"])
    seen, open_ = {root}, [root]
    while open_:
        for dependency in nodes[open_.pop()]["deps"]:
            is_normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if is_normal and dependency["pkg"] not in seen and not is_macro(dependency["pkg"]):
                seen.add(dependency["pkg"])
                open_.append(dependency["pkg"])
    seen.remove(root)
    return sorted((packages[id] for id in seen), key=lambda package: (package["name"], package["version"]))


def texts(package: dict, chosen: list[str]) -> list[str]:
    """Texts of licences and notices in the sources of a package, those of C libraries in it too."""
    folder = Path(package["manifest_path"]).parent
    files = [path for path in folder.iterdir() if path.is_file() and LICENCE_FILE.match(path.name)]
    # Libraries in other languages bring theirs a folder or two down. zstd's COPYING is the other of its two licences.
    files += [path for depth in ("*/", "*/*/") for path in folder.glob(f"{depth}LICEN[CS]E*") if path.is_file()]
    out = []
    for path in sorted(files):
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip()
        is_apache = "Apache License" in text[:400] and len(text) > 8000
        # Of a choice between two licences the other is not taken.
        if text and not (is_apache and "Apache-2.0" not in chosen) and path.suffix.lower() not in (".rs", ".html"):
            out.append("\n".join(line.rstrip() for line in text.split("\n")))
    return out


def notices(package: dict, found: list[str]) -> list[str]:
    """Who has the copyright, by the texts, else by the authors that the package names."""
    lines = []
    for text in found:
        for line in text.split("\n"):
            match = COPYRIGHT.match(line.strip())
            if match and not NOT_A_NOTICE.search(line) and len(line) < 200:
                notice = re.sub(r"^copyright\s*(\(c\)|©)?\s*", "", match[1].strip(" .*"), flags=re.IGNORECASE)
                notice = notice.strip(" .")
                if notice and notice not in lines:
                    lines.append(notice)
    if not lines:
        lines = [", ".join(package["authors"])] if package["authors"] else [f"the developers of {package['name']}"]
    return lines


def archive_text(packages: list[dict], is_static: bool) -> str:
    by_text = defaultdict(list)
    for package in packages:
        chosen = choice(package["license"])
        name = f"{package['name']} {package['version']}"
        found = texts(package, chosen)
        for text in found or ["(The package has no file of its licence.)"]:
            by_text[text].append((name, ", ".join(chosen), "; ".join(notices(package, found))))
    out = [
        "Crosshead is under the MIT licence (LICENSE-MIT) or the Apache licence 2.0 (LICENSE-APACHE), as you like.\n\n"
        "The program contains the libraries below. Each text is followed by those that carry it; of libraries under a choice\n"
        "of licences, the one named is taken. The Rust standard library is under the same two licences as Crosshead.\n"
    ]
    if is_static:
        out.append(section(["GNU C Library (LGPL-2.1-or-later), linked statically. Its sources are those of the distribution that "
                            "the program was built on; the sources of Crosshead let you link it with another version."],
                           (COMMON_FOLDER / "LGPL-2.1").read_text()))
    for text, users in sorted(by_text.items(), key=lambda item: (-len(item[1]), item[1])):
        head = [f"{name} ({licence}): {notice}" for name, licence, notice in users]
        out.append(section(head, text))
    return "\n".join(out)


def section(head: list[str], text: str) -> str:
    return "=" * 80 + "\n" + "\n".join(head) + "\n" + "-" * 80 + "\n" + text.strip() + "\n"


def debian_text(packages: list[dict]) -> str:
    out = ["Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
           "Upstream-Name: crosshead\n"
           "Comment: The program contains the Rust libraries named below as vendor/NAME-VERSION.\n"]
    out.append("Files: *\nCopyright: the Crosshead developers\nLicense: MIT or Apache-2.0\n")
    groups, used, own = defaultdict(list), {"MIT", "Apache-2.0"}, {}
    for package in packages:
        chosen = choice(package["license"])
        used.update(chosen)
        found = texts(package, chosen)
        for licence in chosen:
            if licence not in COMMON and licence not in own:
                own[licence] = next((text for text in found if is_text_of(licence, text)), None)
        groups[(" and ".join(chosen), tuple(notices(package, found)))].append(f"vendor/{package['name']}-{package['version']}/*")
    for (licence, copyright_), files in sorted(groups.items(), key=lambda item: item[1]):
        out.append("Files: " + "\n ".join(files) + "\nCopyright: " + "\n ".join(copyright_) + f"\nLicense: {licence}\n")
    own["MIT"] = (ROOT / "LICENSE-MIT").read_text()
    for licence in sorted(used):
        if licence in COMMON:
            text = f"On Debian systems the text is in {COMMON_FOLDER / COMMON[licence]}."
        else:
            text = own.get(licence)
            if not text:
                sys.exit(f"no text of {licence} was found in the sources of the packages that are under it")
            if licence == "MIT":
                text = text[text.index("Permission is hereby granted"):]
        body = "\n".join(f" {line}" if line.strip() else " ." for line in text.strip().split("\n"))
        out.append(f"License: {licence}\n{body}\n")
    return "\n".join(out)


# What a text of each licence says, and no other.
SAYS = {
    "MIT": "Permission is hereby granted, free of charge",
    "MIT-0": "Permission is hereby granted, free of charge",
    "BSD-3-Clause": "Neither the name",
    "BSD-2-Clause": "Redistributions in binary form",
    "CDLA-Permissive-2.0": "Community Data License Agreement - Permissive",
    "ISC": "Permission to use, copy, modify, and",
    "0BSD": "Permission to use, copy, modify, and",
    "Zlib": "This software is provided 'as-is'",
    "BSL-1.0": "Boost Software License",
    "Unicode-3.0": "UNICODE LICENSE V3",
    "bzip2-1.0.6": "bzip2",
    "Unlicense": "This is free and unencumbered software",
}


def is_text_of(licence: str, text: str) -> bool:
    flat = " ".join(text.split())
    return SAYS.get(licence, licence).lower() in flat.lower()


def main() -> None:
    target, out = sys.argv[1], Path(sys.argv[2])
    packages = linked(target)
    out.mkdir(parents=True, exist_ok=True)
    (out / "LICENSES.txt").write_text(archive_text(packages, "--static-libc" in sys.argv[3:]), encoding="utf-8")
    (out / "copyright").write_text(debian_text(packages), encoding="utf-8")
    print(f"licences of {len(packages)} packages")


main()

"""Where the program is that came with the package."""

from __future__ import annotations

import os
from importlib import metadata


def program() -> str | None:
    """The path of the program, by the list of files that were installed; ``None`` if it is not there."""
    try:
        files = metadata.files("crosshead") or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name in ("crosshead", "crosshead.exe") and file.parent.name in ("bin", "Scripts"):
            path = os.path.realpath(str(file.locate()))
            if os.access(path, os.X_OK):
                return path
    return None

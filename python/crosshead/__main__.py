"""``python -m crosshead``: the program that came with the package."""

import os
import subprocess
import sys

from ._program import program


def main() -> int:
    """Runs the program in place of this process, or as a process of its own where that cannot be."""
    path = program()
    if path is None:
        print("crosshead: the program did not come with this package: install the wheel", file=sys.stderr)
        return 2
    if os.name == "posix":
        os.execv(path, [path, *sys.argv[1:]])
    return subprocess.call([path, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

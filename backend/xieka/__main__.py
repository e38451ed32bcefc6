"""`python -m xieka` and the command `xieka`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; see `xieka --help`."""
    from xieka.cli import run
    from xieka.core.system import no_core_files

    # Before anything else: a person may type a 口令 into whatever runs from here.
    no_core_files()
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

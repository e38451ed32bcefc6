"""`python -m xieka` and the command `xieka`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; see `xieka --help`."""
    from xieka.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

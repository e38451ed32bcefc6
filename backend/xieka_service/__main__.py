"""`python -m xieka_service` and the command `xieka-service`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; see `xieka-service --help`."""
    from xieka_service.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

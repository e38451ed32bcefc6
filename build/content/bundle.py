"""Writes the content that comes with the client, from the seed: `.venv/bin/python build/content/bundle.py`.

The files are the service's own targets, byte for byte, and `date.txt`, the day on which they last changed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from xieka.core.files import write_whole
from xieka_service.content.checking import check
from xieka_service.content.source.mistakes import SourceErrors

BACKEND = Path(__file__).parents[2] / "backend"
SEED = BACKEND / "xieka_service/content/seed"
BUNDLED = BACKEND / "xieka/content/bundled"
DATE = "date.txt"


def main() -> int:
    """Bring the folder up to date. Returns the exit code."""
    now = datetime.now(UTC)
    try:
        wanted = check(SEED, now).targets()
    except SourceErrors as errors:
        sys.stderr.write("\n".join(map(str, errors)) + "\n")
        return 1
    found = {path.relative_to(BUNDLED).as_posix(): path for path in BUNDLED.rglob("*") if path.is_file()}
    stale = [name for name, data in wanted.items() if name not in found or found[name].read_bytes() != data]
    for name in stale:
        path = BUNDLED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(wanted[name], path)
    gone = found.keys() - wanted.keys() - {DATE}
    for name in gone:
        found[name].unlink()
    if stale or gone or DATE not in found:
        write_whole(f"{now.date().isoformat()}\n".encode(), BUNDLED / DATE)
    sys.stdout.write(f"{len(wanted)} files, {len(stale)} written, {len(gone)} removed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

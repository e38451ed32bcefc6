"""The files of this checkout, committed or not, without what is produced or ignored."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PRODUCED = {".git", ".venv", "dist", "node_modules", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project, relative to `ROOT`, sorted."""
    try:
        listed = subprocess.run(
            ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True,
            check=True,
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        # An unpacked archive, or a machine without git.
        return tuple(sorted(_walk(ROOT)))
    return tuple(sorted(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()))


def _walk(folder: Path) -> list[Path]:
    found: list[Path] = []
    for entry in folder.iterdir():
        if entry.name in _PRODUCED or entry.name.endswith("_cache"):
            continue
        if entry.is_dir():
            found += _walk(entry)
        else:
            found.append(entry.relative_to(ROOT))
    return found


def text(file: Path) -> str | None:
    """The file's text, None for a binary file."""
    try:
        return (ROOT / file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None

"""The content shipped with the program: what a computer shows that has never reached the service.

`bundled/` holds the same files as the service's targets, and `date.txt` (YYYY-MM-DD): when they were made.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from xieka.content.images import to_png
from xieka.content.models import Content
from xieka.content.reading import read_content

FOLDER = Path(__file__).with_name("bundled")


class Bundle:
    """A folder of plain files. They came with the program, so nothing about them is verified anew."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def read(self, path: str) -> bytes:
        """One file. Raises OSError (a damaged installation)."""
        return (self._folder / path).read_bytes()

    def content(self) -> Content:
        """All of it. Raises OSError, XiekaError E-CNT-08: a damaged installation."""
        return read_content(self.read)

    def image(self, path: str) -> bytes:
        """A picture as clean PNG."""
        return to_png(self.read(path), path)

    def made_at(self) -> datetime:
        """The beginning of the day on which it was made, UTC."""
        day = date.fromisoformat(self.read("date.txt").decode("ascii").strip())
        return datetime.combine(day, time(), UTC)

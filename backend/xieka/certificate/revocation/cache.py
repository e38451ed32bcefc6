"""Answers on disk, one file each, until somebody newer replaces them. Trusted for nothing: they are signed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xieka.core.files import write_whole

log = logging.getLogger(__name__)

MAX_FILES = 200
MAX_TOTAL = 64 * 1024 * 1024
_HEAD = 2048
"""Bytes of the first line at most."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was received."""

    body: bytes
    received: datetime


class Cache:
    """A folder of answers. A folder that cannot be written costs the memory, nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, url: str, about: bytes, limit: int) -> Kept | None:
        """What `url` answered last; `about`: whom the question was about, b"" for a list. None: nothing usable."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            with self._file(url, about).open("rb") as file:
                head = json.loads(file.readline(_HEAD))
                received = datetime.fromisoformat(head["received"])
                body = file.read(limit + 1)
            if head["url"] == url and received.tzinfo is not None and len(body) <= limit:
                return Kept(body, received)
        return None

    def put(self, url: str, about: bytes, kept: Kept) -> None:
        """Keep an answer in place of the one before."""
        head = json.dumps({"url": url, "received": kept.received.isoformat()}).encode()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(head + b"\n" + kept.body, self._file(url, about), 0o600)
            self._sweep()
        except OSError as error:
            log.warning("an answer about revocation was not kept: %s", type(error).__name__)

    def _file(self, url: str, about: bytes) -> Path:
        return self._folder / hashlib.sha256(url.encode() + b"\0" + about).hexdigest()[:40]

    def _sweep(self) -> None:
        # The longest unchanged go first; hidden files are being written by somebody.
        stamped = [(file.stat(), file) for file in self._folder.iterdir() if not file.name.startswith(".")]
        stamped.sort(key=lambda pair: -pair[0].st_mtime_ns)
        total = 0
        for number, (stat, file) in enumerate(stamped):
            total += stat.st_size
            if number >= MAX_FILES or total > MAX_TOTAL:
                file.unlink(missing_ok=True)

"""Writes a package's files, and counts what is really written."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from typing import Final

from xieka.apps.archive import refusal
from xieka.apps.archive.models import Cancel, Progress, Unpacked
from xieka.apps.durable import AT_ONCE
from xieka.apps.portable.tree import Tree
from xieka.core.errors import XiekaError

BLOCK: Final = 1 << 18
"""Bytes handled at once: a cancel is seen between two."""

_STEP: Final = 0.1
"""Seconds between two reports of progress."""
_OLDEST: Final = 315_532_800
"""1980-01-01, the first day a zip can name; some file systems know none before."""


class Writer:
    """Every file is new, never through a link, and forced to the disk at the latest by durable.force_all."""

    def __init__(self, tree: Tree, limit: int, entry: str, progress: Progress | None, cancel: Cancel | None) -> None:
        self._tree = tree
        self._limit = limit
        self._entry = entry
        self._progress = progress
        self._cancel = cancel
        self._written = 0
        self._told = time.monotonic()
        self._now = int(time.time())
        self.files: list[Unpacked] = []

    def file(self, parts: tuple[str, ...], executable: bool, modified: int, blocks: Iterator[bytes]) -> None:
        """Write one; what is started can be executed, whatever the package's system knew of that.

        `modified`: seconds since 1970, put between 1980 and now. Raises XiekaError E-PKG-19, E-INS-18 (cancelled),
        OSError, and what `blocks` raises.
        """
        path = "/".join(parts)
        executable = executable or path == self._entry
        self.pause()
        descriptor = self._tree.create(parts, 0o755 if executable else 0o644)
        try:
            digest, size = hashlib.sha256(), 0
            for block in blocks:
                self._count(len(block))
                size += len(block)
                digest.update(block)
                _write(descriptor, block)
            when = min(max(modified, _OLDEST), self._now)
            if os.utime in os.supports_fd:
                os.utime(descriptor, (when, when))
            if not AT_ONCE:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.files.append(Unpacked(path, size, digest.hexdigest(), executable))

    def finish(self) -> tuple[Unpacked, ...]:
        """What was written. Raises XiekaError E-PKG-23 when the entry is not among it."""
        if all(one.path != self._entry for one in self.files):
            raise refusal.no_entry(self._entry)
        if self._progress:
            self._progress(self._written, self._limit)
        return tuple(self.files)

    def _count(self, size: int) -> None:
        self._written += size
        if self._written > self._limit:
            raise refusal.too_big(self._limit)
        self.pause()

    def pause(self) -> None:
        """Between two steps: tells the progress. Raises XiekaError E-INS-18 when cancelled."""
        if self._cancel is not None and self._cancel.is_set():
            raise XiekaError("E-INS-18")
        if self._progress and time.monotonic() - self._told >= _STEP:
            self._told = time.monotonic()
            self._progress(self._written, self._limit)


def _write(descriptor: int, block: bytes) -> None:
    rest = memoryview(block)
    while rest:
        rest = rest[os.write(descriptor, rest) :]

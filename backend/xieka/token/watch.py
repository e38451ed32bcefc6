"""Hints that something appeared in a folder or left it. Only hints: listing the tokens tells the truth (presence.py).

Linux: inotify(7), which costs nothing while nothing happens. Elsewhere, and where inotify is refused or the folder is
not there yet: the folder's time stamp, five times a second (0.05 % of a core).
"""

from __future__ import annotations

import os
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

_STEP: Final = 0.2
_WANTED: Final = 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x800 | 0x01000000
"""IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE, IN_DELETE_SELF, IN_MOVE_SELF, IN_ONLYDIR."""
_LOST: Final = 0x400 | 0x800 | 0x8000
"""IN_DELETE_SELF, IN_MOVE_SELF, IN_IGNORED: the path no longer leads to what is watched."""


class FolderHints:
    """Calls `on_change()` in a thread of its own when entries of the folder come or go."""

    def __init__(self, folder: Path, on_change: Callable[[], None]) -> None:
        self._folder = str(folder)
        self._on_change = on_change
        self._wake, self._awake = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._watch: int | None = None
        self._before: tuple[int, int] | None = None

    def start(self) -> None:
        """Begin. Whatever happens after this returns is told."""
        self._watch = _inotify(self._folder)
        self._before = self._stamp()
        self._thread.start()

    def close(self) -> None:
        """Stop calling."""
        self._wake.close()
        if self._thread.is_alive():
            self._thread.join(1.0)
        self._awake.close()

    def _run(self) -> None:
        while self._wait():
            if self._watch is None:
                # Perhaps the folder is there now. Its stamp first, so that no change falls between.
                self._before = self._stamp()
                self._watch = _inotify(self._folder)
            self._on_change()
        if self._watch is not None:
            os.close(self._watch)

    def _wait(self) -> bool:
        """Wait for a change; False when closed."""
        end = self._awake.fileno()
        if self._watch is None:
            while self._stamp() == self._before:
                if select.select([end], [], [], _STEP)[0]:
                    return False
            return True
        if end in select.select([self._watch, end], [], [])[0]:
            return False
        events = os.read(self._watch, 65536)
        if any(mask & _LOST for mask in _masks(events)):
            os.close(self._watch)
            self._watch = None
        return True

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._folder)  # noqa: PTH116 (five times a second)
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino


def _masks(events: bytes) -> Iterator[int]:
    """The masks of the events in a buffer; an event is 16 bytes and a name (struct inotify_event)."""
    position = 0
    while position < len(events):
        _, mask, _, length = struct.unpack_from("iIII", events, position)
        yield mask
        position += 16 + length


def _inotify(folder: str) -> int | None:
    """A descriptor that tells of the folder's entries; None where that cannot be had."""
    if sys.platform != "linux":
        return None
    # Imported here: only a driver with a watched folder needs it.
    import ctypes

    libc = ctypes.CDLL(None)
    descriptor: int = libc.inotify_init1(os.O_CLOEXEC)
    if descriptor < 0:
        return None
    if libc.inotify_add_watch(descriptor, os.fsencode(folder), _WANTED) < 0:
        os.close(descriptor)
        return None
    return descriptor

"""Stops a child process before the n-th thing it does to the file system, or lets that fail.

What Python does to files is heard by an audit hook, whichever module does it; data and forcing, which have no audit
event, by a wrapper around os.write and os.fsync. A write is two points: before it, and with half of it done.
"""

from __future__ import annotations

import errno
import os
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Final, Literal

KILLED: Final = 77
TOLD: Final = 78
"""Ended with an error for the user, as it should when something fails."""

_CHANGES: Final = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime", "os.chmod", "os.link", "os.symlink"}
_GROWS: Final = {"os.mkdir", "open", "write", "fsync"}

Fault = Literal["kill", "once", "full"]
"""`once`: that effect fails; `full`: from then on nothing more fits on the disk."""


class Counter:
    """Counts effects of the main thread; acts at number `at`."""

    def __init__(self, at: int, fault: Fault, then: int) -> None:
        self.seen: list[str] = []
        self._at = at
        self._fault = fault
        self._then = then
        self._main = threading.get_ident()

    def effect(self, name: str) -> None:
        if threading.get_ident() != self._main:
            return
        self.seen.append(name)
        number = len(self.seen)
        if number == (self._at if self._fault == "kill" else self._then):
            os._exit(KILLED)
        if self._fault == "once" and number == self._at:
            raise OSError(errno.EIO, "input/output error")
        if self._fault == "full" and number >= self._at and name in _GROWS:
            raise OSError(errno.ENOSPC, "no space left on device")

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in _CHANGES:
            self.effect(event)
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_CREAT | os.O_TRUNC):
            self.effect("open")

    def stop(self) -> None:
        self._at = self._then = 1 << 60

    def start(self) -> None:
        write, fsync = os.write, os.fsync

        def half(descriptor: int, data: bytes) -> int:
            self.effect("write")
            done = write(descriptor, data[: len(data) // 2])
            self.effect("write")
            return done + write(descriptor, data[len(data) // 2 :])

        def force(descriptor: int) -> None:
            self.effect("fsync")
            fsync(descriptor)

        os.write, os.fsync = half, force  # type: ignore[assignment]
        sys.addaudithook(self.hook)


def run(action: Callable[[], object], at: int = 0, fault: Fault = "kill", then: int = 0) -> tuple[int, list[str]]:
    """Do it in a child; its exit code (0: it came to its end) and the effects it had, none when it was killed.

    `then`: killed there, after the fault.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            from xieka.core.errors import XiekaError

            counter = Counter(at, fault, then)
            counter.start()
            try:
                action()
                code = 0
            except XiekaError:
                code = TOLD
            names = " ".join(counter.seen).encode()
            counter.stop()
            with os.fdopen(writing, "wb") as out:
                out.write(names)
        except BaseException:  # noqa: BLE001 — shown, and counted as failure by the exit code
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        names = answer.read().decode().split()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), names

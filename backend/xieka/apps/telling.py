"""Tells of changes in their order, while no lock is held."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Telling:
    """Call it after every change. `tell` tells all that is new; it runs in one thread at a time.

    A thread that comes while another one tells does not wait: the other one tells its change too, before it ends. So a
    listener may call back, and nobody waits for a listener.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._wanted = False
        self._busy = False

    def __call__(self) -> None:
        """Have told what has changed."""
        with self._lock:
            self._wanted = True
            if self._busy:
                return
            self._busy = True
        try:
            while self._more():
                self._tell()
        except BaseException:
            with self._lock:
                self._busy = False
            raise

    def _more(self) -> bool:
        with self._lock:
            self._busy, self._wanted = self._wanted, False
            return self._busy

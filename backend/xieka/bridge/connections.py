"""How many may be connected and how long they may speak: whatever strangers do, the page gets its place."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from dataclasses import dataclass
from enum import IntEnum, auto

LIMIT = 64
"""Connections at a time, each with a thread; a browser opens six, the program's own window too."""
SPEAKING_SECONDS = 10.0
"""For the whole of a request, head and body, and for the first one of a connection to begin."""


class Worth(IntEnum):
    """Who goes first when a place is needed."""

    STRANGER = auto()
    """Has not shown the access token; may be a page that is still loading its files."""
    STREAM = auto()
    """Follows the events: a page that comes back and gets what it missed, or one that has left unnoticed."""
    PAGE = auto()
    """Has shown the access token in a call. Never sent away: a call could be under way."""


@dataclass(slots=True)
class _State:
    deadline: float
    worth: Worth = Worth.STRANGER


class Connections:
    """The open connections of one server. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[socket.socket, _State] = {}

    def enter(self, connection: socket.socket) -> bool:
        """Give it a place, taking that of the oldest of those worth least. False: every place is a page's."""
        with self._lock:
            if len(self._open) >= LIMIT:
                least = min(self._open, key=lambda one: self._open[one].worth)
                if self._open[least].worth is Worth.PAGE:
                    return False
                self._hang_up(least)
            self._open[connection] = _State(time.monotonic() + SPEAKING_SECONDS)
            return True

    def leave(self, connection: socket.socket) -> None:
        """It is about to be closed."""
        with self._lock:
            self._open.pop(connection, None)

    def begins(self, connection: socket.socket) -> None:
        """The first byte of a request is there."""
        self._change(connection, time.monotonic() + SPEAKING_SECONDS)

    def has_spoken(self, connection: socket.socket, worth: Worth | None = None) -> None:
        """The request is complete; the answer may take as long as it takes."""
        self._change(connection, math.inf, worth)

    def end_overdue(self) -> None:
        """Hang up on everyone who has been speaking for too long."""
        now = time.monotonic()
        with self._lock:
            for connection in [one for one, state in self._open.items() if state.deadline < now]:
                self._hang_up(connection)

    def _change(self, connection: socket.socket, deadline: float, worth: Worth | None = None) -> None:
        with self._lock:
            if state := self._open.get(connection):
                state.deadline = deadline
                state.worth = worth or state.worth

    def _hang_up(self, connection: socket.socket) -> None:
        # Its own thread is reading or writing, sees the end and closes it. Under the lock: `leave` comes before close,
        # so the descriptor cannot be another connection's by now.
        del self._open[connection]
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

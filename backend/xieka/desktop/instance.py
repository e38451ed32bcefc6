"""One running 协卡助手 per user: a second start shows the first one's window, a hung one is replaced (D-31).

The truth is a kernel lock; the file beside it tells a second start where to ring and how to prove itself.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xieka.core import files
from xieka.core.errors import XiekaError
from xieka.core.lock import FileLock
from xieka.desktop.meeting import meeting
from xieka.desktop.messenger import BusyError, Listener, Message, ask
from xieka.desktop.processes import end_tree, identity

log = logging.getLogger(__name__)

PATIENCE = 6.0
"""Seconds without a sign of life after which the holder is replaced."""
BUSY_LIMIT = 20.0
"""Seconds after which a start gives up on a holder that lives and never has time for it."""
ANSWER_TIMEOUT = 3.0
"""Seconds for one question; longer than ALIVE_TIMEOUT, so that "my window is stuck" still arrives."""
ALIVE_TIMEOUT = 2.0
"""Seconds the window gets to react."""
START_LIMIT = 30.0
"""Seconds after which a first start without a window no longer counts as “still starting”."""


@dataclass(frozen=True, slots=True)
class Holder:
    """What the file says about the running instance."""

    pid: int
    identity: str
    number: int
    """Where it listens (meeting.py)."""
    key: bytes


class Instance:
    """This start of the program: first claims, then either runs as the only one or has shown the other."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / "instance.lock")
        self._file = folder / "instance.json"
        self._place = meeting(folder)
        self._listener: Listener | None = None
        self._claimed_at = 0.0
        self._guard = threading.Lock()
        self._on_activate: Callable[[Sequence[str]], None] | None = None
        self._alive: Callable[[float], bool] = lambda _: True
        self._waiting: list[list[str]] = []
        self._quitting = False

    def claim(self, arguments: Sequence[str] = ()) -> bool:
        """True: this process is the one. False: the running one has been shown, exit now.

        A holder that does not show its window within six seconds (dead, stopped, window stuck) is ended with its
        children; one that is quitting has that time to finish. One that lives and has no time is left alone.
        Raises XiekaError E-INS-01 when it cannot be ended, E-INS-02 when it never has time.
        """
        known: Holder | None = None
        replaced: set[Holder] = set()
        deadline = 0.0
        give_up = time.monotonic() + BUSY_LIMIT
        while True:
            if self._lock.acquire():
                self._become_the_one()
                return True
            holder = self._read()
            if holder != known or deadline == 0.0:
                # Someone else holds the lock now (several starts at once): the patience begins anew.
                known, deadline = holder, time.monotonic() + PATIENCE
            try:
                if holder and self._ring(holder, arguments):
                    return False
            except BusyError:
                if time.monotonic() > give_up:
                    raise XiekaError("E-INS-02") from None
                deadline = time.monotonic() + PATIENCE
            if time.monotonic() > deadline:
                # Locked without a file within the patience, or by someone the file does not name: not ours to guess.
                if holder is None or holder in replaced:
                    raise XiekaError("E-INS-01")
                log.warning("replacing the hung instance, process %d", holder.pid)
                if not end_tree(holder.pid, holder.identity, 1.5):
                    raise XiekaError("E-INS-01")
                replaced.add(holder)
                deadline = 0.0
                continue
            time.sleep(0.05)

    def serve(self, on_activate: Callable[[Sequence[str]], None], alive: Callable[[float], bool]) -> None:
        """The window is there: pass on what was asked meanwhile and from now on.

        `on_activate` gets the arguments of the other start and must return at once; `alive` says whether the
        window's thread reacts within the given seconds.
        """
        with self._guard:
            self._on_activate, self._alive = on_activate, alive
            waiting, self._waiting = self._waiting, []
        for arguments in waiting:
            on_activate(arguments)

    def quitting(self) -> None:
        """From now on tell callers to wait for the lock instead of showing a window that is going away."""
        self._quitting = True

    def release(self) -> None:
        """Give everything back, at the very end."""
        if self._listener is not None:
            self._listener.close()
            self._file.unlink(missing_ok=True)
            self._listener = None
        self._lock.release()

    def _become_the_one(self) -> None:
        self._claimed_at = time.monotonic()
        key = secrets.token_bytes(32)
        self._listener = Listener(self._place, key, self._answer)
        value = {
            "pid": os.getpid(),
            "identity": identity(os.getpid()),
            "number": self._listener.number,
            "key": key.hex(),
        }
        files.write_whole(json.dumps(value).encode(), self._file, 0o600)

    def _answer(self, message: Message) -> Message:
        if self._quitting:
            return {"state": "quitting"}
        arguments = message.get("arguments")
        if message.get("do") != "show" or not isinstance(arguments, list):
            return {"state": "unknown"}
        given = [str(argument) for argument in arguments]
        with self._guard:
            on_activate = self._on_activate
            if on_activate is None:
                if time.monotonic() - self._claimed_at > START_LIMIT:
                    return {"state": "stuck"}
                self._waiting.append(given)
                return {"state": "shown"}
        if not self._alive(ALIVE_TIMEOUT):
            return {"state": "stuck"}
        on_activate(given)
        return {"state": "shown"}

    def _read(self) -> Holder | None:
        try:
            value = json.loads(self._file.read_text(encoding="ascii"))
            numbers = [int(value[name]) for name in ("pid", "number")]
            return Holder(numbers[0], str(value["identity"]), numbers[1], bytes.fromhex(value["key"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
            # Damaged. The next holder writes its own.
            return None

    def _ring(self, holder: Holder, arguments: Sequence[str]) -> bool:
        message: Message = {"do": "show", "arguments": list(arguments)}
        reply = ask(self._place, holder.number, holder.key, message, ANSWER_TIMEOUT)
        return reply is not None and reply.get("state") == "shown"

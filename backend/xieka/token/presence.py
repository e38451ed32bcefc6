"""Who is plugged in, for one driver: a thread that lists the tokens anew again and again.

The listing alone is the truth. Folder changes, USB events and the end of a worker are hints to look sooner. Only
new tokens are read; `refresh` reads all.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.token.host import Answer, DriverHost, DriverStoppedError, DriverUnusableError
from xieka.token.process import WorkerGoneError
from xieka.token.protocol import ModuleError
from xieka.token.registry import Registry
from xieka.token.watch import FolderHints

POLL: Final = 1.0
"""Seconds between listings; a real library answers one in about 4 ms."""
POLL_WATCHED: Final = 5.0
"""The same where a folder tells of changes: only a safety net."""
POLL_TROUBLED: Final = 5.0
"""The same after a listing has failed."""
SETTLE: Final = (0.2, 0.3, 0.5)
"""Pauses between the looks after a hint: drivers show a Ukey some time after the system does."""
RESTART_EVERY: Final = 10.0
"""Seconds that must pass before a hint may restart the worker again."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds a worker may take for one request before it is killed."""

    read: float = 20.0
    verify: float = 15.0
    change: float = 30.0
    sign: float = 30.0


class Presence:
    """The listing thread of one driver."""

    def __init__(self, host: DriverHost, registry: Registry, clock: Clock, timeouts: Timeouts) -> None:
        self._host = host
        self._driver = host.driver
        self._registry = registry
        self._clock = clock
        self._timeouts = timeouts
        self.answered = threading.Event()
        """Set when the first reading has succeeded or finally failed."""
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._tickets: list[threading.Event] = []
        self._hint: float | None = None
        self._arrived = False
        self._closing = False
        self._dormant = False
        self._folder_hint = False
        self._interval = POLL
        self._last_restart = -RESTART_EVERY
        self._watch = FolderHints(self._driver.watch, self._folder_changed) if self._driver.watch else None
        self._thread = threading.Thread(target=self._run, name=f"presence-{self._driver.id}", daemon=True)

    def start(self) -> None:
        """Begin with a full reading."""
        self._thread.start()

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def _folder_changed(self) -> None:
        # What changed in there may be a token's contents, too; where there is a folder, reading is cheap.
        with self._lock:
            self._folder_hint = True
        self._wake.set()

    def hint(self, arrived: bool) -> None:
        """Something changed on the bus: look now and a few times more.

        `arrived`: something came; should no driver show a new token within a second, the worker is restarted once.
        """
        with self._lock:
            self._hint = self._clock.monotonic()
            self._arrived = arrived
        self._wake.set()

    def refresh(self) -> threading.Event:
        """Ask for a full reading, also from a stopped driver. The event is set when it is done or has failed."""
        ticket = threading.Event()
        self._host.revive()
        with self._lock:
            if self._closing:
                ticket.set()
            else:
                self._tickets.append(ticket)
        self._wake.set()
        return ticket

    def close(self) -> None:
        """End the thread; the host must be closed too, so that no call keeps it."""
        with self._lock:
            self._closing = True
        self._wake.set()
        if self._watch:
            self._watch.close()

    def join(self, timeout: float) -> None:
        """Wait for the thread's end, seconds."""
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        with self._lock:
            if self._watch and not self._closing:
                self._watch.start()
        self._look(everything=True)
        while not self._closing:
            self._rest(None if self._dormant else self._interval)
            with self._lock:
                hint, self._hint = self._hint, None
                everything, self._folder_hint = self._folder_hint, False
                arrived = self._arrived
            if self._closing:
                break
            changed = self._look(everything)
            if hint is not None and not changed:
                self._settle(hint, arrived)
        with self._lock:
            tickets, self._tickets = self._tickets, []
        for ticket in tickets:
            ticket.set()

    def _rest(self, seconds: float | None) -> bool:
        """Wait for a hint, at most so long; whether there was one."""
        hinted = self._wake.wait(seconds)
        self._wake.clear()
        return hinted

    def _settle(self, hint: float, arrived: bool) -> None:
        for pause in SETTLE:
            if self._rest(pause):
                self._wake.set()  # something newer; the loop takes it up
                return
            if self._look():
                return
        now = self._clock.monotonic()
        # A library that is re-initialised for every listing has had this remedy already.
        useless = self._driver.relist == "reinitialize" or self._registry.inserted_since(hint) or self._dormant
        if arrived and not useless and now - self._last_restart >= RESTART_EVERY:
            self._last_restart = now
            self._host.restart()
            self._look()

    def _look(self, everything: bool = False) -> bool:
        """List, and read what is new. Returns whether tokens came or went."""
        with self._lock:
            tickets, self._tickets = self._tickets, []
        if tickets:
            everything = True
            self._registry.begin_reading(self._driver.id)
        try:
            changed = self._take_over(everything)
        except (WorkerGoneError, DriverStoppedError, DriverUnusableError, ModuleError) as error:
            self._trouble(_code(error))
            changed = False
        else:
            self._dormant = False
            self._interval = POLL if self._driver.watch is None else POLL_WATCHED
        self.answered.set()
        for ticket in tickets:
            ticket.set()
        return changed

    def _take_over(self, everything: bool) -> bool:
        """List until there is a listing newer than all that is known. Returns whether tokens came or went."""
        while True:
            try:
                answer = self._snapshot([] if everything else self._registry.known(self._driver.id))
            except WorkerGoneError as gone:
                if gone.hung or self._host.stopped:
                    raise
                continue  # the host waits longer each time and gives up after a few crashes
            changed = self._registry.update(self._driver.id, answer, self._clock.monotonic())
            if changed is not None:
                return changed

    def _snapshot(self, known: list[str]) -> Answer:
        try:
            return self._host.call("snapshot", {"known": known}, timeout=self._timeouts.read, retry=True)
        except ModuleError:
            # Some libraries answer every call with an error until they are initialised anew.
            self._host.restart()
            return self._host.call("snapshot", {"known": known}, timeout=self._timeouts.read, retry=True)

    def _trouble(self, code: str) -> None:
        """Show the problem; a driver that is of no use is left alone until someone asks for a refresh."""
        self._dormant = code in ("E-MOD-01", "E-MOD-03")
        self._interval = POLL_TROUBLED
        if not self._closing:
            error = XiekaError(code, path=str(self._driver.module))
            self._registry.fault(self._driver.id, error, forget=self._dormant)


def _code(error: Exception) -> str:
    """What people are told about a listing that failed."""
    if isinstance(error, ModuleError):
        return "E-TOK-03"
    if isinstance(error, DriverUnusableError):
        return "E-MOD-01"
    return "E-MOD-04" if isinstance(error, WorkerGoneError) and error.hung else "E-MOD-03"

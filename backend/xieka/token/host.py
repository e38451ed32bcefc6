"""The client's side of one driver: keeps its worker process alive, and never repeats a PIN.

A crash or a hang costs one worker and is told by a callback; the next call starts another one, after a short
back-off. Three within a minute, and the driver is stopped until `revive`.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from xieka.core.clock import Clock
from xieka.core.secret import Secret
from xieka.token.drivers import Driver
from xieka.token.process import WorkerGoneError, WorkerProcess
from xieka.token.protocol import ModuleError

log = logging.getLogger(__name__)

HostState = Literal["crashed", "recovered", "stopped"]

_CRASHES: Final = 3
_WINDOW: Final = 60.0
"""Seconds within which that many crashes stop the driver."""
_BACK_OFF: Final = (0.0, 0.5)
"""Seconds to wait before the restart after the first and the second crash of the window."""
LOAD_TIMEOUT: Final = 15.0


class Answer(NamedTuple):
    """What a worker has answered. `turn` grows from answer to answer of a driver: a higher one tells of later."""

    turn: int
    result: Any


class DriverStoppedError(Exception):
    """The driver has crashed too often, or the host is closed; nothing was sent."""


class DriverUnusableError(Exception):
    """The library cannot be loaded or initialised; nothing was sent."""


class DriverHost:
    """Calls into one driver's worker. Thread-safe; calls run one after the other.

    `on_state` is called in the thread that noticed: `crashed`, then `recovered` with the first good answer, or
    `stopped`. `on_exit` is called when a worker has ended by itself, so that someone may start looking.
    """

    def __init__(
        self,
        driver: Driver,
        clock: Clock,
        log_folder: Path | None,
        on_state: Callable[[HostState], None],
        on_exit: Callable[[], None] = lambda: None,
    ) -> None:
        self.driver = driver
        self._clock = clock
        self._log = log_folder / f"worker-{driver.id}.log" if log_folder else None
        self._on_state = on_state
        self._on_exit = on_exit
        self._calls = threading.Lock()
        self._state = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._loaded = False
        self._turn = 0
        self._crashes: deque[float] = deque(maxlen=_CRASHES)
        self._recovering = False
        self._stopped = False
        self._closing = threading.Event()

    @property
    def pid(self) -> int | None:
        """Process id of the present worker."""
        worker = self._worker
        return worker.pid if worker else None

    @property
    def stopped(self) -> bool:
        """Whether the driver has crashed too often."""
        return self._stopped

    def spawn(self) -> None:
        """Start the process without waiting for it, so that it gets ready meanwhile."""
        try:
            with self._calls:
                self._running()
        except (WorkerGoneError, DriverStoppedError):
            pass  # the first call meets the same and tells it

    def call(
        self,
        method: str,
        params: dict[str, Any],
        *,
        timeout: float,
        secrets: Sequence[Secret] = (),
        retry: bool = False,
    ) -> Answer:
        """The worker's answer.

        After a crash (not after a hang) a request that never left is sent to a new worker, and one that did is
        repeated only if `retry` says that it changes and counts nothing. With secrets it is never repeated.
        Raises ModuleError (the library's answer), WorkerGoneError, DriverStoppedError, DriverUnusableError.
        """
        try:
            return self._call_once(method, params, timeout, secrets)
        except WorkerGoneError as gone:
            if gone.hung or (gone.sent and (secrets or not retry)):
                raise
        return self._call_once(method, params, timeout, secrets)

    def restart(self) -> None:
        """Replace the worker by a new one with the next call: the remedy for a library that does not see a token."""
        with self._calls:
            with self._state:
                worker, self._worker = self._worker, None
            if worker:
                worker.close(grace=0.2)

    def revive(self) -> None:
        """Let a stopped driver start again with the next call."""
        with self._state:
            if self._stopped:
                self._crashes.clear()
                self._stopped = False

    def close(self) -> None:
        """End the worker within 2 seconds, whatever it is doing; a call under way gets one of them to finish."""
        self._closing.set()
        held = self._calls.acquire(timeout=1.0)
        try:
            with self._state:
                worker, self._worker = self._worker, None
            if worker:
                worker.close(grace=0.3 if held else 0.0)
        finally:
            if held:
                self._calls.release()

    def _call_once(self, method: str, params: dict[str, Any], timeout: float, secrets: Sequence[Secret]) -> Answer:
        with self._calls:
            worker = self._running()
            if not self._loaded:
                self._load(worker)
            result = self._ask(worker, method, params, timeout, secrets)
            self._turn += 1
            answer = Answer(self._turn, result)
        if self._recovering:
            self._recovering = False
            log.info("%s: recovered", self.driver.id)
            self._on_state("recovered")
        return answer

    def _running(self) -> WorkerProcess:
        """The present worker, or a new one if the back-off allows."""
        if self._worker:
            return self._worker
        if self._stopped or self._closing.is_set():
            raise DriverStoppedError
        wait = self._back_off()
        if wait > 0 and self._closing.wait(wait):
            raise DriverStoppedError
        self._loaded = False
        try:
            worker = WorkerProcess(self.driver, self._log, self._ended)
        except OSError as error:
            log.error("%s: worker not started: %s", self.driver.id, error.strerror)
            self._crashed()
            raise WorkerGoneError(sent=False, hung=False) from None
        self._worker = worker
        log.info("%s: worker %d started", self.driver.id, worker.pid)
        return worker

    def _back_off(self) -> float:
        """Seconds until a new worker may be started."""
        with self._state:
            if not self._crashes:
                return 0.0
            pause = _BACK_OFF[min(len(self._crashes), len(_BACK_OFF)) - 1]
            return self._crashes[-1] + pause - self._clock.monotonic()

    def _load(self, worker: WorkerProcess) -> None:
        params = {"module": str(self.driver.module), "relist": self.driver.relist}
        try:
            self._ask(worker, "load", params, LOAD_TIMEOUT)
        except ModuleError as error:
            log.warning("%s: %s not usable: %s", self.driver.id, self.driver.module, error)
            with self._state:
                self._worker = None
            worker.close(grace=0.2)
            raise DriverUnusableError from None
        except WorkerGoneError as gone:
            # The actual request was not sent yet.
            raise WorkerGoneError(sent=False, hung=gone.hung) from None
        self._loaded = True

    def _ask(
        self, worker: WorkerProcess, method: str, params: dict[str, Any], timeout: float, secrets: Sequence[Secret] = ()
    ) -> Any:
        try:
            answer = worker.ask(method, params, timeout, secrets)
        except WorkerGoneError as gone:
            log.warning("%s: worker %d %s during %s", self.driver.id, worker.pid, gone, method)
            self._ended(worker)
            raise
        if "error" in answer:
            raise ModuleError(answer["error"]["rv"], answer["error"]["at"])
        return answer["result"]

    def _ended(self, worker: WorkerProcess) -> None:
        """Take note of a worker's end, once, from whichever thread sees it first."""
        with self._state:
            if self._worker is not worker:
                return
            self._worker = None
        if not self._closing.is_set():
            self._crashed()
            self._on_exit()

    def _crashed(self) -> None:
        now = self._clock.monotonic()
        with self._state:
            while self._crashes and self._crashes[0] < now - _WINDOW:
                self._crashes.popleft()
            self._crashes.append(now)
            self._recovering = True
            self._stopped = stopped = len(self._crashes) >= _CRASHES
        log.warning("%s: %s", self.driver.id, "stopped after repeated crashes" if stopped else "crashed")
        self._on_state("stopped" if stopped else "crashed")

"""Does the service answer? Probes it, listens to the system's network events, and does not flicker (REQ-135, D-15)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from xieka.content.network_events import NetworkEvents, system_network_events
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.log import report
from xieka.core.route import has_route

if TYPE_CHECKING:
    from xieka.core.http import Http

log = logging.getLogger(__name__)

OFFLINE_SECONDS = 15.0
ONLINE_SECONDS = 30.0
"""Seconds between two probes (ARCHITECTURE: 15 s offline, 30 s online)."""
DOUBT_SECONDS = 5.0
"""Seconds from a first failed probe to the second, which decides."""
FAILURES = 2
"""Failed probes in a row before the state goes offline (D-15)."""
PROBE_SECONDS = 8.0

Probe = Callable[[], None]
"""Returns when the service answers, else raises XiekaError."""


def service_probe(http: Http, base_url: str) -> Probe:
    """Asks SERVICE/v1/health/live, which answers `{"status": "ok"}`."""

    def probe() -> None:
        answer = http.get(f"{base_url.rstrip('/')}/v1/health/live", limit=2_000, total=PROBE_SECONDS).json()
        if not isinstance(answer, dict) or answer.get("status") != "ok":
            raise XiekaError("E-NET-03")

    return probe


@dataclass(frozen=True, slots=True)
class OnlineState:
    """`connected`: the computer is on a network; `online`: the service answers; `reason`: error code, why it does not.

    `reason` is set with the first failed probe, so it may stand beside `online` for a moment; without a service it
    is None although `online` is False.
    """

    connected: bool
    online: bool
    checked_at: datetime
    reason: str | None = None


class Verdict(NamedTuple):
    """The hysteresis: `online` and the failed probes in a row."""

    online: bool = False
    failures: int = 0

    def after(self, succeeded: bool) -> Verdict:
        """One success: online. FAILURES failures in a row: offline."""
        if succeeded:
            return Verdict(True, 0)
        failures = min(self.failures + 1, FAILURES)
        return Verdict(self.online and failures < FAILURES, failures)

    def pause(self) -> float:
        """Seconds until the next probe."""
        if not self.online:
            return OFFLINE_SECONDS
        return DOUBT_SECONDS if self.failures else ONLINE_SECONDS


class OnlineWatch:
    """Knows the state and publishes topic `network` when it changes. `probe` None: there is no service."""

    def __init__(
        self,
        bus: EventBus,
        clock: Clock,
        probe: Probe | None,
        *,
        route: Callable[[], bool] = has_route,
        events: NetworkEvents | None = None,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._probe = probe
        self._route = route
        self._events = events
        self._wake = threading.Event()
        self._first = threading.Event()
        self._closed = False
        self._probing = threading.Lock()
        self._verdict = Verdict()
        self._state: OnlineState | None = None

    def start(self) -> None:
        """First probe now, then by events and pauses, in a daemon thread."""
        events = self._events = self._events or system_network_events()
        if events is not None:
            events.start(self.hint)
        threading.Thread(target=self._run, name="network", daemon=True).start()

    def close(self) -> None:
        """End the threads; a probe under way ends by itself."""
        self._closed = True
        self._wake.set()
        if self._events is not None:
            self._events.close()

    def wait_first(self, timeout: float) -> bool:
        """True when the first probe has ended; waits `timeout` seconds for it at most."""
        return self._first.wait(timeout)

    def state(self) -> OnlineState:
        """What is known; before the first probe has ended: not online."""
        return self._state or OnlineState(self._route(), False, self._clock.now())

    def check(self) -> OnlineState:
        """Probe now (刷新). A failure while online is probed a second time at once, so that the answer is final."""
        before = self._verdict.online
        state = self._look()
        if state.online and state.reason:
            state = self._look()
        if before and not state.online:
            # The watch still waits for as long as it does online.
            self._wake.set()
        return state

    def hint(self) -> None:
        """Something changed at the network: probe soon."""
        self._wake.set()

    def _look(self) -> OnlineState:
        with self._probing:
            reason = None
            if self._probe is not None:
                try:
                    self._probe()
                except XiekaError as error:
                    reason = error.code
                self._verdict = self._verdict.after(reason is None)
            state = OnlineState(self._route(), self._verdict.online, self._clock.now(), reason)
            before, self._state = self._state, state
            self._first.set()
            # The page has the first state from its snapshot, unless that could not wait for it: so it is told too.
            if before is None or _facts(before) != _facts(state):
                log.info("network: connected %s, online %s, %s", state.connected, state.online, state.reason)
                self._bus.publish("network", as_json(state))
            return state

    def _run(self) -> None:
        while not self._closed:
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - a fault here must not end the watch: the next look may work
                report(error, "network probe")
            self._wake.wait(self._verdict.pause())
            self._wake.clear()


def as_json(state: OnlineState) -> JsonValue:
    """The data of topic `network`."""
    return {
        "connected": state.connected,
        "online": state.online,
        "checked_at": state.checked_at.isoformat(),
        "reason": state.reason,
    }


def _facts(state: OnlineState) -> tuple[bool, bool, str | None]:
    return state.connected, state.online, state.reason

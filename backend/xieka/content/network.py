"""Is the computer on a network? Asks the routing table only; no packet leaves."""

from __future__ import annotations

import logging
import socket
import threading
from datetime import datetime
from typing import TYPE_CHECKING

from xieka.core.clock import Clock
from xieka.core.events import EventBus

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

OFFLINE_SECONDS = 15.0
ONLINE_SECONDS = 30.0
"""Seconds between two looks (ARCHITECTURE: 15 s offline, 30 s online)."""

# Documentation addresses (RFC 5737, RFC 3849): connecting a datagram socket only consults the routes.
_TARGETS = ((socket.AF_INET, ("192.0.2.1", 9)), (socket.AF_INET6, ("2001:db8::1", 9)))


def has_route() -> bool:
    """True when the system has a route beyond this computer, over IPv4 or IPv6."""
    for family, address in _TARGETS:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect(address)
        except OSError:
            continue
        return True
    return False


class NetworkWatch:
    """Knows the network state and publishes topic `network` when it changes."""

    def __init__(self, bus: EventBus, clock: Clock, probe: Callable[[], bool] = has_route) -> None:
        self._bus = bus
        self._clock = clock
        self._probe = probe
        self._wake = threading.Event()
        self._closed = False
        self._lock = threading.Lock()
        self._state: tuple[bool, datetime] | None = None

    def start(self) -> None:
        """Look again every 15 s offline or 30 s online, in a daemon thread."""
        threading.Thread(target=self._run, name="network", daemon=True).start()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._wake.set()

    def state(self) -> tuple[bool, datetime]:
        """(connected, when looked at). Looks now if nobody has yet."""
        with self._lock:
            known = self._state
        return known if known is not None else self.check()

    def check(self) -> tuple[bool, datetime]:
        """Look now. Publishes when the answer differs from the last one."""
        now = (self._probe(), self._clock.now())
        with self._lock:
            before, self._state = self._state, now
        if before is not None and before[0] != now[0]:
            log.info("network %s", "connected" if now[0] else "disconnected")
            self._bus.publish("network", {"connected": now[0], "checked_at": now[1].isoformat()})
        return now

    def _run(self) -> None:
        while not self._closed:
            connected, _ = self.check()
            self._wake.wait(ONLINE_SECONDS if connected else OFFLINE_SECONDS)

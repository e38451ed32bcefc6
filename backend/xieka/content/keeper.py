"""Keeps the content fresh by itself: when the service comes into reach, and every half hour while it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.log import report

log = logging.getLogger(__name__)

REFRESH_SECONDS = 1800.0
"""Seconds from a successful refresh to the next."""
RETRY_SECONDS = 60.0
"""Seconds from a failed one."""


class Keeper:
    """Calls `refresh` (which raises XiekaError) in a thread of its own, led by topic `network`."""

    def __init__(self, refresh: Callable[[], object], bus: EventBus, clock: Clock) -> None:
        self._refresh = refresh
        self._bus = bus
        self._clock = clock
        self._wake = threading.Event()
        self._online = False
        self._closed = False
        self._due = 0.0

    def start(self) -> None:
        """Listen and refresh from now on. Start it before the online watch, so that no event is missed."""
        self._bus.on("network", self._on_network)
        threading.Thread(target=self._run, name="content", daemon=True).start()

    def want(self) -> None:
        """Refresh now (刷新), if the service is in reach."""
        self._due = 0.0
        self._wake.set()

    def close(self) -> None:
        """End the thread; a refresh under way ends by itself and leaves what it finds whole."""
        self._closed = True
        self._wake.set()

    def _on_network(self, state: JsonValue) -> None:
        self._online = isinstance(state, dict) and state.get("online") is True
        self._wake.set()

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(max(0.0, self._due - self._clock.monotonic()) if self._online else None)
            self._wake.clear()
            if self._online and not self._closed and self._clock.monotonic() >= self._due:
                self._due = self._clock.monotonic() + (REFRESH_SECONDS if self._succeeds() else RETRY_SECONDS)

    def _succeeds(self) -> bool:
        try:
            self._refresh()
        except XiekaError as error:
            log.warning("content not refreshed: %s", error.code)
            return False
        except Exception as error:  # noqa: BLE001 - a fault here must not end the thread: the next content may work
            report(error, "refreshing the content")
            return False
        return True

"""Registers by itself: a thread that looks whenever the list of Ukeys has changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.log import report

log = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 0.4
"""From the last change to the look: several come with one Ukey, and the window comes first."""


class Watch:
    """Calls `sync` after every change, in a thread of its own."""

    def __init__(self, sync: Callable[[], None], bus: EventBus) -> None:
        self._sync = sync
        self._bus = bus
        self._wake = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="osstore", daemon=True)

    def start(self) -> None:
        """Look now, and from now on. Once."""
        self._bus.on("token.list", lambda _: self.wake())
        self.wake()
        self._thread.start()

    def wake(self) -> None:
        """Look soon."""
        self._wake.set()

    def close(self) -> None:
        """End the thread; a look that is under way is waited for, a second at most."""
        self._closed = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait()
            self._wake.clear()
            if self._closed:
                return
            if self._wake.wait(SETTLE_SECONDS):
                continue
            try:
                self._sync()
            except XiekaError as error:
                log.warning("signing certificates were not registered: %s", error.code)
            except Exception as error:  # noqa: BLE001 - a fault here must not end the thread: the next look may work
                report(error, "registering signing certificates")

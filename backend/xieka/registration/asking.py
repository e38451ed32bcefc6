"""Opens the page by itself when a certificate is used on this computer for the first time (REQ-024, REQ-027, D-33).

Asks when everything is quiet: the service answers, and the window is welcome. What is skipped or closed is not asked
again, a page that did not load included; what the service gave no page for is, later.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.log import report

if TYPE_CHECKING:
    # Only for the types: their modules are not for the start path.
    from xieka.registration.service import RegistrationService
    from xieka.registration.window import RemoteWindow
    from xieka.ukey.models import UkeyList

log = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 0.4
"""From the last happening to the question: the main window comes first and is seen."""
RETRY_SECONDS: Final = 60.0
"""After the service could not be asked for a page."""
_WAKING: Final = ("ukeys", "network", "modal", "busy", "shown", "registration")


class Asking:
    """A thread that looks whenever something it depends on has changed."""

    def __init__(
        self,
        registration: Callable[[], RegistrationService],
        window: RemoteWindow,
        ukeys: Callable[[], UkeyList],
        wanted: Callable[[], bool],
        bus: EventBus,
        clock: Clock,
    ) -> None:
        """`registration`: made when it is first needed; `wanted`: the user's setting."""
        self._registration = registration
        self._window = window
        self._ukeys = ukeys
        self._wanted = wanted
        self._bus = bus
        self._clock = clock
        self._wake = threading.Event()
        self._online = False
        self._closed = False
        self._not_before = 0.0
        self._refused: set[str] = set()

    def start(self) -> None:
        """Listen and ask from now on. Start it before the online watch, so that no event is missed."""
        self._bus.on("network", self._on_network)
        for topic in _WAKING:
            self._bus.on(topic, lambda _: self._wake.set())
        threading.Thread(target=self._run, name="registration", daemon=True).start()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._wake.set()

    def _on_network(self, state: JsonValue) -> None:
        online = isinstance(state, dict) and state.get("online") is True
        if online and not self._online:
            self._not_before = 0.0
        self._online = online

    def _run(self) -> None:
        while not self._closed:
            left = self._not_before - self._clock.monotonic()
            self._wake.wait(left if left > 0 else None)
            if self._closed:
                return
            self._wake.clear()
            if self._wake.wait(SETTLE_SECONDS):
                continue
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - a fault here must not end the thread: the next look may work
                report(error, "asking to register")

    def _look(self) -> None:
        if not (self._online and self._wanted() and self._clock.monotonic() >= self._not_before):
            return
        token = self._next()
        if token is None or not self._window.welcome:
            return
        try:
            self._registration().offer(token[0])
        except XiekaError as error:
            log.info("the page for registering was not shown: %s", error.code)
            if error.code in ("E-AUT-02", "E-REG-06"):
                # The service does not know such certificates: no use in asking again in this run.
                self._refused.add(token[1])
                self._wake.set()
            else:
                self._not_before = self._clock.monotonic() + RETRY_SECONDS

    def _next(self) -> tuple[str, str] | None:
        """A present Ukey whose certificate has not been asked about, and the certificate: the managed one first."""
        ukeys = self._ukeys()
        present = sorted((ukey.id for ukey in ukeys.tokens), key=lambda one: one != ukeys.current)
        if not present:
            return None
        registration = self._registration()
        for token in present:
            try:
                fingerprint = registration.fingerprint(token)
            except XiekaError:
                # Pulled meanwhile.
                continue
            if fingerprint and fingerprint not in self._refused and not registration.asked(fingerprint):
                return token, fingerprint
        return None

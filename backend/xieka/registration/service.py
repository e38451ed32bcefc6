"""用户注册: opens the service's page for a certificate, and lets its holder see, correct and delete what was sent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from xieka.contract.registration import FINISHED, PAGE, SENT, SKIPPED, Details, Record, Records
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.secret import Secret
from xieka.registration.answers import Answers
from xieka.registration.models import Outcome, RegistrationState
from xieka.registration.remote import RegistrationApi
from xieka.registration.window import RemotePage, RemoteWindow
from xieka.ukey.models import PinView
from xieka.ukey.service import UkeyService
from xieka.ukey.sign_in import Bearer, SignIn

if TYPE_CHECKING:
    from xieka.core.http import Http

IDLE_SECONDS: Final = 300.0
"""After so long without a look what was sent is behind the 口令 again: a page that was closed says no goodbye.

Measured here; when the session ends for the service is the service's to say."""

T = TypeVar("T")
Where = Literal["window", "browser"]
"""Where the page was opened."""


class RegistrationService:
    """Thread-safe. Publishes topic `registration` {token} when what became of asking has changed.

    `url`: the service; `window` None: the page opens in the system's browser, with `browse` (which raises XiekaError).
    """

    def __init__(
        self,
        ukeys: UkeyService,
        http: Http,
        url: str | None,
        answers: Answers,
        bus: EventBus,
        clock: Clock,
        *,
        window: RemoteWindow | None,
        browse: Callable[[str], object],
    ) -> None:
        self._ukeys = ukeys
        self._url = (url or "").rstrip("/")
        self._api = RegistrationApi(http, self._url)
        self._sign_in = SignIn(http, self._url)
        self._answers = answers
        self._bus = bus
        self._clock = clock
        self._window = window
        self._browse = browse
        self._lock = threading.Lock()
        self._sessions: dict[str, tuple[Bearer, float]] = {}
        """By token; with the monotonic time of the last look."""
        bus.on("ukey.removed", self._removed)

    def state(self, token: str) -> RegistrationState:
        """Of a present Ukey. Raises XiekaError E-TOK-06, E-TOK-09."""
        fingerprint = self.fingerprint(token)
        answer = self._answers.get(fingerprint) if fingerprint else None
        return RegistrationState(
            available=fingerprint is not None,
            asked=answer.outcome if answer else None,
            at=answer.at if answer else None,
            signed_in=self._bearer(token) is not None,
        )

    def fingerprint(self, token: str) -> str | None:
        """SHA-256 of the certificate by which the Ukey is known; None when it, or a service, is not there."""
        if not self._url:
            return None
        try:
            return sha256(self._ukeys.signing_certificate(token)).hexdigest()
        except XiekaError as error:
            if error.code in ("E-TOK-05", "E-TOK-07"):
                return None
            raise

    def asked(self, fingerprint: str) -> bool:
        """Whether this certificate has had its question on this computer."""
        return self._answers.get(fingerprint) is not None

    def open(self, token: str) -> Where:
        """Show the page in its window, or in the browser where there is none.

        Raises XiekaError E-REG-04 (its window is open), E-REG-06 (not available), E-AUT-02, E-NET-…, E-LNK-03.
        """
        if self._window is None:
            return self.browse(token)
        if self._window.come():
            raise XiekaError("E-REG-04")
        self._show(self._window, token, unasked=False)
        return "window"

    def offer(self, token: str) -> bool:
        """Show the page without being asked to; False: its window is not welcome (any more), nothing was shown.

        Raises XiekaError as `open`.
        """
        return self._window is not None and self._show(self._window, token, unasked=True)

    def _show(self, window: RemoteWindow, token: str, *, unasked: bool) -> bool:
        certificate = self._certificate(token)
        parts = urlsplit(self._url)
        page = RemotePage(
            address=self._address(certificate),
            origin=f"{parts.scheme}://{parts.netloc}",
            submitted=frozenset({SENT, FINISHED}),
            closing=frozenset({FINISHED, SKIPPED}),
        )
        return window.open(
            page,
            lambda end: self._remember(token, certificate, end),
            # The window's code is used up: the browser gets its own.
            lambda: self._in_browser(token, certificate),
            unasked=unasked,
        )

    def browse(self, token: str) -> Where:
        """Show the page in the system's browser. Raises XiekaError E-REG-06, E-AUT-02, E-NET-…, E-LNK-03."""
        self._in_browser(token, self._certificate(token))
        return "browser"

    def sign_in(self, token: str, pin: Secret, *, last_try: bool = False) -> PinView:
        """Open a session for `records`, `correct` and `delete`; presents the 口令 once.

        Raises XiekaError E-REG-06 and as UkeyService.sign_in.
        """
        self._certificate(token)
        bearer = self._ukeys.sign_in(token, pin, self._sign_in, last_try=last_try)
        with self._lock:
            self._sessions[token] = (bearer, self._clock.monotonic())
        try:
            return self._ukeys.pin(token)
        except XiekaError:
            # Pulled on the way: `_removed` may have come before there was anything to end.
            self.sign_out(token)
            raise

    def records(self, token: str) -> Records:
        """What the service keeps for this certificate. Raises XiekaError E-REG-03 (sign in first), E-NET-…."""
        records = self._with_session(token, self._api.records)
        state = self.state(token)
        # The service knows better: it may have been sent from a browser or another computer, or be deleted.
        if records.items and state.asked != "submitted":
            self._remember(token, self._certificate(token), "submitted")
        elif not records.items and state.asked == "submitted":
            self._remember(token, self._certificate(token), "deleted")
        return records

    def correct(self, token: str, record: UUID, details: Details) -> Record:
        """Put `details` in the record's place. Raises XiekaError E-REG-03, E-REG-05, E-REG-07, E-NET-…."""
        return self._with_session(token, lambda bearer: self._api.correct(bearer, record, details))

    def delete(self, token: str, record: UUID) -> None:
        """Delete a record for good. Raises XiekaError E-REG-03, E-NET-…."""
        self._with_session(token, lambda bearer: self._api.delete(bearer, record))
        with suppress(XiekaError):
            self.records(token)

    def sign_out(self, token: str) -> None:
        """End the session, here at once and at the service as soon as it answers."""
        with self._lock:
            session = self._sessions.pop(token, None)
        if session is not None:
            threading.Thread(target=self._end, args=session[:1], name="sign-out", daemon=True).start()

    def _end(self, bearer: Bearer) -> None:
        # Offline: it ends by its time, half an hour at most.
        with suppress(XiekaError):
            self._sign_in.close(bearer)

    def _address(self, certificate: bytes) -> str:
        return f"{self._url}{PAGE}#{self._api.open_page(certificate).code}"

    def _in_browser(self, token: str, certificate: bytes) -> None:
        self._browse(self._address(certificate))
        self._remember(token, certificate, "browser")

    def _certificate(self, token: str) -> bytes:
        if self.fingerprint(token) is None:
            raise XiekaError("E-REG-06")
        return self._ukeys.signing_certificate(token)

    def _with_session(self, token: str, ask: Callable[[str], T]) -> T:
        """What the service answers to the session of this Ukey; one that it does not know any more is forgotten."""
        bearer = self._bearer(token)
        if bearer is None:
            raise XiekaError("E-REG-03")
        with self._lock:
            self._sessions[token] = (bearer, self._clock.monotonic())
        try:
            return ask(bearer.token)
        except XiekaError as error:
            if error.code == "E-REG-03":
                self.sign_out(token)
            raise

    def _bearer(self, token: str) -> Bearer | None:
        """The session of this very certificate, while somebody uses it."""
        with self._lock:
            session = self._sessions.get(token)
        if session is None:
            return None
        bearer, looked = session
        if self._clock.monotonic() - looked > IDLE_SECONDS:
            self.sign_out(token)
            return None
        return bearer if bearer.fingerprint.hex() == self.fingerprint(token) else None

    def _remember(self, token: str, certificate: bytes, outcome: Outcome) -> None:
        fingerprint = sha256(certificate).hexdigest()
        before = self._answers.get(fingerprint)
        if outcome in ("left", "browser") and before is not None and before.outcome == "submitted":
            # What was sent is still there, whatever became of a later look at the page.
            return
        self._answers.remember(fingerprint, outcome)
        self._bus.publish("registration", {"token": token})

    def _removed(self, data: JsonValue) -> None:
        if isinstance(data, dict):
            self.sign_out(str(data["id"]))

"""The service with a responder on the loopback interface, and a clock that the test moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tests.certificate import pki
from tests.certificate.pki import NOW, Word
from tests.certificate.responder import Responder
from xieka.certificate.revocation.asking import Asking
from xieka.certificate.revocation.cache import Cache
from xieka.certificate.trust.models import TrustView
from xieka.certificate.trust.path import Store
from xieka.certificate.trust.service import TrustService
from xieka.core.events import EventBus
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings


class FixedClock:
    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return NOW + self.shift

    def monotonic(self) -> float:
        return 1000 + self.shift.total_seconds()


class Stage:
    """A responder, an authority that names it, a holder, and the service as the app builds it."""

    def __init__(self, kind: str, server: Responder, folder: Path) -> None:
        self.server = server
        self.clock = FixedClock()
        self.bus = EventBus()
        self.http = Http(lambda: ProxySettings("none"))
        self.root = pki.root(kind)
        self.issuer = pki.issuing(self.root)
        self.folder = folder
        self.local = {server.place}
        self.der = self.holder()
        self.known = (self.issuer.certificate,)
        self.ahead: timedelta | None = None
        self.wanted = True
        self.told: list[TrustView] = []
        self.bus.on("certificate.trust", lambda data: self.told.append(TrustView.model_validate(data)))
        self.service = self.fresh_service()

    def holder(self, **changes: object) -> bytes:
        places: dict[str, object] = {"ocsp": (self.server.url("/ocsp"),), "crl": (self.server.url("/1.crl"),)}
        return pki.holder(self.issuer, **{**places, **changes})

    def fresh_service(self) -> TrustService:
        asking = Asking(self.http, Cache(self.folder), self.clock, self.local)
        store = Store((self.root.certificate,), self.known)
        ahead, wanted = lambda: self.ahead, lambda: self.wanted
        return TrustService(lambda: store, asking.standing, self.bus, self.clock, ahead, wanted)

    def says(self, word: Word | None = None, signer: pki.Authority | None = None) -> None:
        self.server.answers["/ocsp"] = lambda nonce: pki.answer(
            word or Word(), self.der, self.issuer, signer, nonce=nonce
        )

    def lists(self, *words: tuple[int, Word], **how: object) -> None:
        self.server.answers["/1.crl"] = lambda _: pki.revocation_list(dict(words), self.issuer, **how)  # type: ignore[arg-type]

    def delegates(self, *words: tuple[int, Word], by: pki.Authority | None = None) -> None:
        """The list that a delegate names."""
        data = pki.revocation_list(dict(words), by or self.issuer, named=self.issuer.subject)
        self.server.answers["/d.crl"] = lambda _: data

    def settle(self) -> TrustView:
        return self.service.settle(self.der, seconds=20)


def row(view: TrustView, name: str) -> tuple[str, str | None]:
    (found,) = (check for check in view.checks if check.name == name and check.certificate in (0, None))
    return found.result, found.source


class RunningClock(FixedClock):
    def __init__(self) -> None:
        super().__init__()
        self._since = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._since)

    def monotonic(self) -> float:
        return time.monotonic()


def wait(until: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(0.02)
    assert until()

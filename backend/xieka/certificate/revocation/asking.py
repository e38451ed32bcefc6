"""Asks about one certificate: what is kept and still counts, else OCSP, else the lists. Slow: for a thread apart."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial

from xieka.certificate.revocation import crl, ocsp
from xieka.certificate.revocation.cache import Cache, Kept
from xieka.certificate.revocation.models import DECIDES, Answer, Standing, Status
from xieka.certificate.trust import places
from xieka.certificate.trust.parsed import Certificate
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.core.http_reply import Reply

log = logging.getLogger(__name__)

TOTAL_SECONDS = 15.0
"""For one request."""
ALL_SECONDS = 30.0
"""After so long no further source is asked."""
_NONCE = 16

_TELLING = (
    Status.REVOKED, Status.GOOD, Status.UNKNOWN, Status.WRONG_SIGNER, Status.FUTURE, Status.UNREADABLE, Status.STALE,
    Status.UNREACHABLE, Status.OFFLINE, Status.UNASKED, Status.NO_SOURCE,
)  # fmt: skip
"""Of several answers the first of these is what people are told."""


@dataclass(frozen=True, slots=True)
class _Source:
    method: str
    url: str
    about: bytes
    limit: int
    fetch: Callable[[bytes | None], Reply]
    judge: Callable[[bytes, bytes | None], Answer]
    """(body, nonce of the question just asked)."""


class Asking:
    """Revocation over one fetcher and one cache."""

    def __init__(self, http: Http, cache: Cache, clock: Clock, local: Collection[str] = ()) -> None:
        """`local`: `host:port` of this computer that may be asked too (the practice service)."""
        self._http = http
        self._cache = cache
        self._clock = clock
        self._local = frozenset(local)

    def standing(
        self,
        certificate: Certificate,
        issuer: Certificate,
        cancel: threading.Event | None = None,
        fresh: bool = False,
    ) -> Standing:
        """What is known after asking. `issuer` has signed `certificate`. `fresh`: what is kept does not count.

        Never raises for what a network or an authority may do.
        """
        sources = list(self._sources(certificate, issuer, cancel))
        if not sources:
            return Standing(Answer(Status.NO_SOURCE))
        kept = [one for source in sources if (one := self._kept(source)) is not None]
        decided = [one for one in kept if one.status in DECIDES]
        worst = min(decided, key=lambda one: _TELLING.index(one.status), default=None)
        if worst is not None and not fresh:
            return worst
        revoked = worst if worst is not None and worst.status is Status.REVOKED else None
        # One that is out of date is still worth telling where nobody answers.
        found = [one for one in kept if one.status in (Status.STALE, Status.REVOKED)]
        until = self._clock.monotonic() + ALL_SECONDS
        for source in sources:
            if (cancel is not None and cancel.is_set()) or self._clock.monotonic() > until:
                break
            asked = self._asked(source, revoked)
            if asked.status in DECIDES:
                return asked
            found.append(asked)
        return min(found or [Standing(Answer(Status.UNASKED))], key=lambda one: _TELLING.index(one.status))

    def _sources(
        self, certificate: Certificate, issuer: Certificate, cancel: threading.Event | None
    ) -> Iterator[_Source]:
        send = self._send(cancel)
        for url in places.of(certificate).ocsp:

            def ask(nonce: bytes | None, url: str = url) -> Reply:
                question = ocsp.request(certificate, issuer, nonce or b"")
                return send(url, limit=ocsp.MAX_BYTES, body=question, media_type=ocsp.REQUEST_TYPE)

            def answer(body: bytes, nonce: bytes | None) -> Answer:
                said = ocsp.judge(body, certificate, issuer, self._clock.now(), nonce)
                if said.delegate is None or said.status not in DECIDES:
                    return said
                listed = self._listed(said.delegate, issuer, cancel, ask=nonce is not None)
                # Bad news counts unless its bearer is known to have lost his place: blocking the list must not help.
                believed = listed is not Status.REVOKED if said.status is Status.REVOKED else listed is Status.GOOD
                return said if believed else replace(said, status=Status.WRONG_SIGNER)

            yield _Source("ocsp", url, certificate.fingerprint, ocsp.MAX_BYTES, ask, answer)
        yield from self._lists(certificate, issuer, cancel)

    def _lists(
        self, certificate: Certificate, issuer: Certificate, cancel: threading.Event | None
    ) -> Iterator[_Source]:
        send = self._send(cancel)
        for url in places.of(certificate).crl:

            def fetch(_: bytes | None, url: str = url) -> Reply:
                return send(url, limit=crl.MAX_BYTES)

            def look(body: bytes, _: bytes | None, url: str = url) -> Answer:
                return crl.judge(body, url, certificate, issuer, self._clock.now())

            yield _Source("crl", url, b"", crl.MAX_BYTES, fetch, look)

    def _send(self, cancel: threading.Event | None) -> Callable[..., Reply]:
        return partial(self._http.signed, local=self._local, total=TOTAL_SECONDS, cancel=cancel)

    def _listed(
        self, delegate: Certificate, issuer: Certificate, cancel: threading.Event | None, *, ask: bool
    ) -> Status:
        """What the issuer's own list says about its delegate; anything but GOOD and REVOKED decides nothing.

        RFC 6960, 4.2.2.2.1: a delegate without id-pkix-ocsp-nocheck is to be looked up the way its certificate names.
        Lists only: a responder with a stolen key would answer for itself. Where no list is named, the RFC leaves it to
        the client. We do not believe such a one, since nobody could ever take a stolen key back from us; the lists that
        the holder's own certificate names are asked in its stead.
        """
        sources = list(self._lists(delegate, issuer, cancel))
        kept = [one.status for source in sources if (one := self._kept(source)) is not None and one.status in DECIDES]
        if kept:
            return Status.REVOKED if Status.REVOKED in kept else Status.GOOD
        asked = (self._asked(source, None).status for source in sources) if ask else iter(())
        return next((status for status in asked if status in DECIDES), Status.UNASKED)

    def _kept(self, source: _Source) -> Standing | None:
        kept = self._cache.get(source.url, source.about, source.limit)
        if kept is None:
            return None
        return Standing(source.judge(kept.body, None), source.method, source.url, kept.received, cached=True)

    def _asked(self, source: _Source, revoked: Standing | None) -> Standing:
        """`revoked`: what is known already; an answer that is not younger, played again say, does not change it."""
        nonce = secrets.token_bytes(_NONCE)
        try:
            reply = source.fetch(nonce)
        except XiekaError as error:
            offline = error.code == "E-NET-01"
            status = Status.OFFLINE if offline else Status.UNREACHABLE
            log.info("%s %s: %s", source.method, source.url, error.code)
            return Standing(Answer(status, detail=error.body()["what"]), source.method, source.url)
        now = self._clock.now()
        answer = source.judge(reply.body, nonce)
        if revoked is not None and answer.status is Status.GOOD and not _younger(answer, revoked.answer):
            log.warning("%s %s: good, and older than a revocation that is known", source.method, source.url)
            return revoked
        if answer.status in DECIDES or answer.status is Status.UNKNOWN:
            self._cache.put(source.url, source.about, Kept(reply.body, now))
        else:
            log.warning("%s %s: %s %s", source.method, source.url, answer.status, answer.detail)
        return Standing(answer, source.method, source.url, now)


def _younger(answer: Answer, than: Answer) -> bool:
    return answer.this_update is not None and (than.this_update is None or answer.this_update > than.this_update)

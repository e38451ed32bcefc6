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
        return self._told(list(self._sources(certificate, issuer, cancel)), cancel, fresh=fresh)

    def _told(
        self, sources: list[_Source], cancel: threading.Event | None, *, fresh: bool = False, ask: bool = True
    ) -> Standing:
        """What the sources say of one certificate. `ask`: over the network too."""
        if not sources:
            return Standing(Answer(Status.NO_SOURCE))
        held = [(source, self._kept(source)) for source in sources]
        kept = [one for _, one in held if one is not None]
        revoked = _latest(kept)
        decided = [one for one in kept if one.status in DECIDES and not _outdone(one, revoked, kept)]
        if decided and not fresh:
            return min(decided, key=_order)
        # What is out of date is still worth telling where nobody answers; what says more than good, in any case.
        telling = (Status.STALE, Status.UNKNOWN)
        found = [one for one in kept if one.status in telling or one.answer.revoked_at is not None]
        until = self._clock.monotonic() + ALL_SECONDS
        for source, before in held if ask else ():
            if (cancel is not None and cancel.is_set()) or self._clock.monotonic() > until:
                break
            asked = self._asked(source, before, revoked)
            if asked.status in DECIDES and not _outdone(asked, revoked, found):
                return asked
            if asked.status is not Status.GOOD:
                found.append(asked)
                revoked = _latest(found)
        return min(found or [Standing(Answer(Status.UNASKED))], key=_order)

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
                bad = said.status is Status.UNKNOWN or said.revoked_at is not None
                if said.delegate is None or not (bad or said.status is Status.GOOD):
                    return said
                listed = self._listed(said.delegate, issuer, cancel, ask=nonce is not None)
                # Bad news counts unless its bearer is known to have lost his place: blocking the list must not help.
                believed = listed is not Status.REVOKED if bad else listed is Status.GOOD
                return said if believed else replace(said, status=Status.WRONG_SIGNER, revoked_at=None)

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
        return self._told(list(self._lists(delegate, issuer, cancel)), cancel, ask=ask).status

    def _kept(self, source: _Source) -> Standing | None:
        kept = self._cache.get(source.url, source.about, source.limit)
        if kept is None:
            return None
        return Standing(source.judge(kept.body, None), source.method, source.url, kept.received, cached=True)

    def _asked(self, source: _Source, before: Standing | None, revoked: Standing | None) -> Standing:
        """`before`: what this source said last. `revoked`: the revocation that is known, of whichever source.

        An answer that is not younger, played again say, changes neither.
        """
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
        asked = Standing(answer, source.method, source.url, now)
        if answer.status is Status.GOOD and _older(answer, revoked):
            log.warning("%s %s: good, and older than a revocation that is known", source.method, source.url)
            return asked
        was_revoked = before is not None and before.answer.revoked_at is not None
        if before is not None and _outlived(before, answer):
            log.warning("%s %s: older than what it said before", source.method, source.url)
            if source.method == "crl":
                # A list is about everybody: who was put on it since is not on the older one.
                return before
            if was_revoked:
                return asked
        if answer.revoked_at is not None or answer.status in (Status.GOOD, Status.UNKNOWN):
            # That somebody does not know a certificate must not make us forget that it is revoked.
            if not (was_revoked and answer.status is Status.UNKNOWN):
                self._cache.put(source.url, source.about, Kept(reply.body, now))
        else:
            log.warning("%s %s: %s %s", source.method, source.url, answer.status, answer.detail)
        return asked


def _order(standing: Standing) -> int:
    return _TELLING.index(standing.status)


def _latest(standings: list[Standing]) -> Standing | None:
    """The latest word that somebody is revoked, whether or not it is one that decides now."""
    dated = [
        (one.answer.this_update, one)
        for one in standings
        if one.answer.revoked_at is not None and one.answer.this_update is not None
    ]
    return max(dated, key=lambda pair: pair[0])[1] if dated else None


def _outdone(standing: Standing, revoked: Standing | None, others: list[Standing]) -> bool:
    """Whether a good word does not count: against a later revocation, or a list's against who knows no such one.

    A list says nothing of certificates that its authority has never issued (RFC 6960, 2.2: `unknown`).
    """
    if standing.status is not Status.GOOD:
        return False
    silent = standing.method == "crl" and any(one.status is Status.UNKNOWN for one in others)
    return silent or _older(standing.answer, revoked)


def _older(answer: Answer, revoked: Standing | None) -> bool:
    """Not younger, that is."""
    if revoked is None or revoked.answer.this_update is None:
        return False
    return answer.this_update is None or answer.this_update <= revoked.answer.this_update


def _outlived(before: Standing, answer: Answer) -> bool:
    """Whether what was said before is signed by who may, and later than `answer`."""
    dated = before.answer.this_update if before.status is not Status.WRONG_SIGNER else None
    return dated is not None and answer.this_update is not None and dated > answer.this_update

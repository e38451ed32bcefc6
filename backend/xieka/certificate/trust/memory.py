"""What authorities have answered, and when they are to be asked again."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from xieka.certificate.revocation.models import DECIDES, SKEW, Answer, Standing, Status
from xieka.certificate.trust import places
from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.path import Path
from xieka.core.clock import Clock

RETRY_SECONDS = 60.0
"""So long an answer that decides nothing is believed; then it is asked for again."""
RETRY_AT_MOST = 3600.0
"""While nobody asks, one that decides nothing is asked for again ever more rarely, up to so many seconds."""
LONGEST = timedelta(hours=24)
"""So long an answer is kept in mind that does not say when the next comes, and a revocation at least."""

_REMEMBERED = 200
_BY_OTHERS = (Status.OFFLINE, Status.NO_SOURCE)
"""Not asked again after a while: once the network is back, or never."""


@dataclass(frozen=True, slots=True)
class _Known:
    standing: Standing
    asked: float
    """Clock.monotonic()."""
    until: datetime | None
    """Until when an answer that decides counts; None: it decides nothing."""
    vain: int
    """How many times in a row nothing was decided."""


class Memory:
    """Answers by certificate and issuer; for several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[bytes, bytes], _Known] = OrderedDict()

    def standing(self, certificate: Certificate, issuer: Certificate) -> Standing:
        """What is known now."""
        known = self._get(certificate, issuer)
        if known is not None:
            return known.standing
        return Standing(Answer(Status.UNASKED if _askable(certificate) else Status.NO_SOURCE))

    def counts(self, certificate: Certificate, issuer: Certificate) -> bool:
        """Whether an answer that decides is known and still counts."""
        known = self._get(certificate, issuer)
        return known is not None and known.until is not None

    def wanting(self, path: Path) -> bool:
        """Whether somebody who looks should have the authorities of a path asked."""
        for certificate, issuer in pairs(path):
            known = self._get(certificate, issuer)
            if known is None:
                if _askable(certificate):
                    return True
            elif known.until is None and self._clock.monotonic() - known.asked > RETRY_SECONDS:
                return True
        return False

    def due(self, path: Path) -> float | None:
        """In how many seconds an authority of a path is to be asked, though nobody looks; None: not at all."""
        seconds = [self._due(*pair) for pair in pairs(path)]
        return min((one for one in seconds if one is not None), default=None)

    def put(self, certificate: Certificate, issuer: Certificate, standing: Standing) -> None:
        """Keep what came of asking."""
        key, now = _key(certificate, issuer), self._clock.now()
        until = None
        if standing.status in DECIDES:
            # An answer counts for a while after its end (SKEW): it must not be forgotten while it does.
            end = standing.answer.until or now + LONGEST
            until = max(end + SKEW, now + timedelta(seconds=RETRY_SECONDS))
            if standing.status is Status.REVOKED:
                until = max(until, now + LONGEST)
        with self._lock:
            before = self._known.get(key)
            vain = 0 if until is not None else 1 + (before.vain if before is not None else 0)
            self._known[key] = _Known(standing, self._clock.monotonic(), until, vain)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def _get(self, certificate: Certificate, issuer: Certificate) -> _Known | None:
        with self._lock:
            known = self._known.get(_key(certificate, issuer))
        if known is None or (known.until is not None and self._clock.now() > known.until):
            return None
        return known

    def _due(self, certificate: Certificate, issuer: Certificate) -> float | None:
        known = self._get(certificate, issuer)
        if known is None:
            return 0.0 if _askable(certificate) else None
        if known.until is not None:
            return max(0.0, (known.until - self._clock.now()).total_seconds())
        if known.standing.status in _BY_OTHERS:
            return None
        wait = min(RETRY_SECONDS * float(1 << min(known.vain - 1, 10)), RETRY_AT_MOST)
        return max(0.0, known.asked + wait - self._clock.monotonic())


def pairs(path: Path) -> list[tuple[Certificate, Certificate]]:
    """Everybody of a path with his issuer."""
    return list(itertools.pairwise(path))


def _askable(certificate: Certificate) -> bool:
    where = places.of(certificate)
    return bool(where.ocsp or where.crl)


def _key(certificate: Certificate, issuer: Certificate) -> tuple[bytes, bytes]:
    return certificate.fingerprint, issuer.key_info

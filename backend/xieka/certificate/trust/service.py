"""The face of trust: what is known comes at once, what must be asked comes as the event `certificate.trust`."""

from __future__ import annotations

import itertools
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from xieka.certificate import structure
from xieka.certificate.revocation.models import DECIDES, SKEW, Answer, Standing, Status
from xieka.certificate.trust import places
from xieka.certificate.trust.models import TrustView
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.certificate.trust.path import Path, Store, find
from xieka.certificate.trust.verdict import Evidence, evidence
from xieka.certificate.trust.views import view
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.log import report

Ask = Callable[[Certificate, Certificate, threading.Event, bool], Standing]
"""(certificate, its issuer, cancel, fresh) → what came of asking; takes as long as a network takes."""

RETRY_SECONDS = 60.0
"""So long an answer that decides nothing is believed; then it is asked for again."""
LONGEST = timedelta(hours=24)
"""So long an answer is kept in mind that does not say when the next comes."""
_OTHERS = 20
"""Certificates beside the one in question that are looked at."""
_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class _Known:
    standing: Standing
    asked: float
    """Clock.monotonic()."""
    until: datetime | None
    """Until when an answer that decides counts; None: it decides nothing."""


@dataclass(frozen=True, slots=True)
class _Job:
    der: bytes
    others: tuple[bytes, ...]
    fresh: bool


class TrustService:
    """Publishes `certificate.trust` with a TrustView whenever an answer under way has come."""

    def __init__(
        self,
        store: Callable[[], Store],
        ask: Ask,
        bus: EventBus,
        clock: Clock,
        ahead: Callable[[], timedelta | None] = lambda: None,
    ) -> None:
        """`ahead`: by how much servers are ahead of the clock (core.http.Http.ahead)."""
        self._store = store
        self._ask = ask
        self._bus = bus
        self._clock = clock
        self._ahead = ahead
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[bytes, bytes], _Known] = OrderedDict()
        self._under_way: dict[bytes, threading.Event] = {}
        self._open: OrderedDict[bytes, _Job] = OrderedDict()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        bus.on("network", self._network)

    def check(self, der: bytes, others: Sequence[bytes] = (), *, fresh: bool = False) -> TrustView:
        """What is known now; never waits for a network or a disk. `others`: certificates that lay beside it.

        `fresh`: ask again even where an answer still counts. Raises XiekaError E-CRT-05.
        """
        job = _Job(der, tuple(others)[:_OTHERS], fresh)
        seen = self._evidence(job)
        if seen.may_ask and (fresh or self._to_ask(seen.path)):
            self._want(job)
        return self._view(job, seen)

    def settle(self, der: bytes, others: Sequence[bytes] = (), *, seconds: float, fresh: bool = False) -> TrustView:
        """`check`, and then wait until the answers have come, `seconds` at most."""
        self.check(der, others, fresh=fresh)
        with self._lock:
            done = self._under_way.get(der)
        if done is not None:
            done.wait(seconds)
        job = _Job(der, tuple(others)[:_OTHERS], False)
        return self._view(job, self._evidence(job))

    def close(self) -> None:
        """Break off what is under way."""
        self._ending.set()
        self._jobs.put(None)

    def _evidence(self, job: _Job) -> Evidence:
        try:
            holder = parse(job.der)
        except ValueError as error:
            raise XiekaError("E-CRT-05") from error
        others = [one for der in job.others if (one := _parsed(der)) is not None]
        seen = evidence(find(holder, self._store(), others), self._clock.now())
        standings = {index: self._standing(*pair) for index, pair in enumerate(_pairs(seen.path)) if seen.anchored}
        return replace(seen, standings=standings, ahead=self._ahead())

    def _view(self, job: _Job, seen: Evidence) -> TrustView:
        with self._lock:
            checking = job.der in self._under_way
        with structure.understanding():
            return view(seen, self._clock.now(), checking=checking)

    def _standing(self, certificate: Certificate, issuer: Certificate) -> Standing:
        known = self._remembered(certificate, issuer)
        if known is not None:
            return known.standing
        asked = places.of(certificate)
        return Standing(Answer(Status.UNASKED if asked.ocsp or asked.crl else Status.NO_SOURCE))

    def _remembered(self, certificate: Certificate, issuer: Certificate) -> _Known | None:
        with self._lock:
            known = self._known.get(_key(certificate, issuer))
        if known is None or (known.until is not None and self._clock.now() > known.until):
            return None
        return known

    def _to_ask(self, path: Path) -> bool:
        for certificate, issuer in _pairs(path):
            known = self._remembered(certificate, issuer)
            if known is None:
                where = places.of(certificate)
                if where.ocsp or where.crl:
                    return True
            elif known.until is None and self._clock.monotonic() - known.asked > RETRY_SECONDS:
                return True
        return False

    def _want(self, job: _Job) -> None:
        with self._lock:
            if job.der in self._under_way or self._ending.is_set():
                return
            self._under_way[job.der] = threading.Event()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="revocation", daemon=True)
                self._thread.start()
        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and not self._ending.is_set():
            try:
                self._look(job)
            except Exception as error:  # noqa: BLE001 - one certificate's fault must not end the asking for the others
                report(error, "revocation")
            with self._lock:
                done = self._under_way.pop(job.der)
            try:
                if not self._ending.is_set():
                    self._tell(job)
            except Exception as error:  # noqa: BLE001 - as above
                report(error, "telling about revocation")
            done.set()

    def _look(self, job: _Job) -> None:
        seen = self._evidence(job)
        for certificate, issuer in _pairs(seen.path) if seen.may_ask else ():
            known = self._remembered(certificate, issuer)
            if known is not None and known.until is not None and not job.fresh:
                continue
            standing = self._ask(certificate, issuer, self._ending, job.fresh)
            self._remember(certificate, issuer, standing)

    def _remember(self, certificate: Certificate, issuer: Certificate, standing: Standing) -> None:
        until = None
        if standing.status in DECIDES:
            # An answer counts for a while after its end (SKEW): it must not be forgotten while it does.
            end = standing.answer.next_update or self._clock.now() + LONGEST
            until = max(end + SKEW, self._clock.now() + timedelta(seconds=RETRY_SECONDS))
            if standing.status is Status.REVOKED:
                until = max(until, self._clock.now() + LONGEST)
        with self._lock:
            self._known[_key(certificate, issuer)] = _Known(standing, self._clock.monotonic(), until)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def _tell(self, job: _Job) -> None:
        seen = self._evidence(job)
        with self._lock:
            self._open.pop(job.der, None)
            if any(one.status in (Status.OFFLINE, Status.UNREACHABLE) for one in seen.standings.values()):
                self._open[job.der] = replace(job, fresh=False)
                while len(self._open) > _OTHERS:
                    self._open.popitem(last=False)
        self._bus.publish("certificate.trust", self._view(job, seen).model_dump(mode="json"))

    def _network(self, state: object) -> None:
        # Back on the network: whoever had no answer is asked about again.
        if isinstance(state, dict) and state.get("online"):
            with self._lock:
                waiting = list(self._open.values())
            for job in waiting:
                self._want(job)


def _pairs(path: Path) -> list[tuple[Certificate, Certificate]]:
    return list(itertools.pairwise(path))


def _key(certificate: Certificate, issuer: Certificate) -> tuple[bytes, bytes]:
    return certificate.fingerprint, issuer.key_info


def _parsed(der: bytes) -> Certificate | None:
    try:
        return parse(der)
    except ValueError:
        return None

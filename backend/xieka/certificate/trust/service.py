"""The face of trust: what is known comes at once, what must be asked comes as the event `certificate.trust`."""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from xieka.certificate import structure
from xieka.certificate.revocation.models import Standing, Status
from xieka.certificate.trust.memory import Memory, pairs
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

REST_AT_MOST = 3600.0
"""Seconds after which the thread looks at the clock though no answer ends: a computer that slept, or whose clock was
set, has not counted them."""
_OTHERS = 20
"""Certificates beside the one in question that are looked at."""
_WATCHED = 20
"""Certificates that are asked about again by themselves: the last that somebody wanted to know about."""


@dataclass(frozen=True, slots=True)
class _Job:
    der: bytes
    others: tuple[bytes, ...]
    fresh: bool


@dataclass(slots=True)
class _UnderWay:
    job: _Job
    done: threading.Event = field(default_factory=threading.Event)
    then: _Job | None = None
    """What was wanted since, and is more than what is under way."""


class TrustService:
    """Publishes `certificate.trust` with a TrustView whenever an answer under way has come.

    What it was asked about lately it asks about again when an answer ends, in its one thread, and tells that too.
    """

    def __init__(
        self,
        store: Callable[[], Store],
        ask: Ask,
        bus: EventBus,
        clock: Clock,
        ahead: Callable[[], timedelta | None] = lambda: None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """`ahead`: by how much servers are ahead of the clock (core.http.Http.ahead).

        `wanted`: whether what ends may be asked for again though nobody looks.
        """
        self._store = store
        self._ask = ask
        self._bus = bus
        self._clock = clock
        self._ahead = ahead
        self._wanted = wanted
        self._lock = threading.Lock()
        self._memory = Memory(clock)
        self._under_way: dict[bytes, _UnderWay] = {}
        self._watched: OrderedDict[bytes, tuple[_Job, Path]] = OrderedDict()
        self._silent: set[bytes] = set()
        """DER of those about whom nobody could be reached."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        """None: look up, something has changed."""
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        bus.on("network", self._network)

    def check(self, der: bytes, others: Sequence[bytes] = (), *, fresh: bool = False) -> TrustView:
        """What is known now; never waits for a network or a disk. `others`: certificates that lay beside it.

        `fresh`: ask again even where an answer still counts. Raises XiekaError E-CRT-05.
        """
        job = _Job(der, tuple(others)[:_OTHERS], fresh)
        seen = self._evidence(job)
        if seen.may_ask:
            self._watch(job, seen.path, ask=fresh or self._memory.wanting(seen.path))
        return self._view(job, seen)

    def settle(self, der: bytes, others: Sequence[bytes] = (), *, seconds: float, fresh: bool = False) -> TrustView:
        """`check`, and then wait until the answers have come, `seconds` at most."""
        self.check(der, others, fresh=fresh)
        with self._lock:
            under_way = self._under_way.get(der)
        if under_way is not None:
            under_way.done.wait(seconds)
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
        seen = evidence(find(holder, self._store(), others), self._clock.now(), self._ahead())
        standings = {
            index: self._memory.standing(*pair) for index, pair in enumerate(pairs(seen.path)) if seen.anchored
        }
        return replace(seen, standings=standings)

    def _view(self, job: _Job, seen: Evidence) -> TrustView:
        with self._lock:
            checking = job.der in self._under_way
        with structure.understanding():
            return view(seen, self._clock.now(), checking=checking)

    def _watch(self, job: _Job, path: Path, *, ask: bool) -> None:
        with self._lock:
            new = job.der not in self._watched
            self._watched[job.der] = replace(job, fresh=False), path
            self._watched.move_to_end(job.der)
            while len(self._watched) > _WATCHED:
                self._unwatch(next(iter(self._watched)))
            if ask:
                self._want(job)
            elif new and self._thread is not None:
                # Its answers are known, and may end before the thread would look.
                self._jobs.put(None)

    def _unwatch(self, der: bytes) -> None:
        self._watched.pop(der, None)
        self._silent.discard(der)

    def _want(self, job: _Job) -> None:
        """With the lock held."""
        if self._ending.is_set():
            return
        if (busy := self._under_way.get(job.der)) is not None:
            last = busy.then or busy.job
            if (job.fresh and not last.fresh) or not set(job.others) <= set(last.others):
                others = tuple(dict.fromkeys((*job.others, *last.others)))[:_OTHERS]
                fresh = job.fresh or (busy.then is not None and busy.then.fresh)
                busy.then = _Job(job.der, others, fresh)
            return
        self._under_way[job.der] = _UnderWay(job)
        self._jobs.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="revocation", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while not self._ending.is_set():
            try:
                job = self._jobs.get(timeout=self._rest())
            except queue.Empty:
                job = None
            if job is None:
                self._renew()
            elif not self._ending.is_set():
                self._do(job)

    def _rest(self) -> float | None:
        """Seconds to sleep; None: until somebody asks."""
        ends = [seconds for _, seconds in self._ends()]
        return min(*ends, REST_AT_MOST) if ends else None

    def _ends(self) -> list[tuple[_Job, float]]:
        """Who is watched, and in how many seconds the first answer about him ends."""
        with self._lock:
            watched = list(self._watched.values())
        due = ((job, self._memory.due(path)) for job, path in watched)
        return [(job, seconds) for job, seconds in due if seconds is not None]

    def _renew(self) -> None:
        for job in [job for job, seconds in self._ends() if seconds <= 0]:
            try:
                self._renew_one(job)
            except Exception as error:  # noqa: BLE001 - one certificate's fault must not end the asking for the others
                report(error, "revocation again")
                with self._lock:
                    self._unwatch(job.der)

    def _renew_one(self, job: _Job) -> None:
        # Since it was last looked at it may have expired, or lead elsewhere.
        seen, wanted = self._evidence(job), self._wanted()
        with self._lock:
            self._follow(job, seen)
            if not wanted:
                self._unwatch(job.der)
            elif job.der in self._watched:
                self._want(job)

    def _follow(self, job: _Job, seen: Evidence) -> None:
        """Keep watching what still can be asked about. With the lock held."""
        if not seen.may_ask:
            self._unwatch(job.der)
        elif job.der in self._watched:
            self._watched[job.der] = self._watched[job.der][0], seen.path

    def _do(self, job: _Job) -> None:
        try:
            self._look(job)
        except Exception as error:  # noqa: BLE001 - one certificate's fault must not end the asking for the others
            report(error, "revocation")
            with self._lock:
                self._unwatch(job.der)
        with self._lock:
            under_way = self._under_way[job.der]
            if under_way.then is not None and not self._ending.is_set():
                # Whoever waits waits for this one too.
                under_way.job, under_way.then = under_way.then, None
                self._jobs.put(under_way.job)
                return
            del self._under_way[job.der]
        try:
            if not self._ending.is_set():
                self._tell(job)
        except Exception as error:  # noqa: BLE001 - as above
            report(error, "telling about revocation")
        under_way.done.set()

    def _look(self, job: _Job) -> None:
        seen = self._evidence(job)
        for certificate, issuer in pairs(seen.path) if seen.may_ask else ():
            if job.fresh or not self._memory.counts(certificate, issuer):
                standing = self._ask(certificate, issuer, self._ending, job.fresh)
                self._memory.put(certificate, issuer, standing)

    def _tell(self, job: _Job) -> None:
        seen = self._evidence(job)
        silent = any(one.status in (Status.OFFLINE, Status.UNREACHABLE) for one in seen.standings.values())
        with self._lock:
            self._follow(job, seen)
            self._silent.discard(job.der)
            if silent and job.der in self._watched:
                self._silent.add(job.der)
        self._bus.publish("certificate.trust", self._view(job, seen).model_dump(mode="json"))

    def _network(self, state: object) -> None:
        # Back on the network: whoever had no answer is asked about again. Whether the service answers (`online`) is no
        # matter: authorities are elsewhere, and an installation may have none.
        if isinstance(state, dict) and state.get("connected"):
            with self._lock:
                for der in [der for der in self._watched if der in self._silent]:
                    self._want(self._watched[der][0])


def _parsed(der: bytes) -> Certificate | None:
    try:
        return parse(der)
    except ValueError:
        return None

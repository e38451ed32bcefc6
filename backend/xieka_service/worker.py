"""Regular work: each job is done by one worker at a time, however many run, and again by another if one dies.

A room's jobs stand in `xieka_service.ROOM.jobs` as `jobs(parts: Context) -> Iterable[Job]`. A job may be run twice (its
worker stopped in the middle, or took longer than the lease): it must leave the same when it is repeated.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, update
from sqlalchemy.exc import SQLAlchemyError

from xieka.core.log import report
from xieka_service.auth import challenges, sessions
from xieka_service.context import Context
from xieka_service.db.schema import insert
from xieka_service.http import rates
from xieka_service.tables import jobs

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""After this a job counts as abandoned."""
_RETRY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do `every` so often."""

    name: str
    every: timedelta
    run: Callable[[datetime], None]


def all_jobs(parts: Context) -> tuple[Job, ...]:
    """The service's own jobs and those of the rooms."""
    return (*_own_jobs(parts), *_room_jobs(parts))


class Worker:
    """One worker. Several, in any processes, may share a database."""

    def __init__(self, parts: Context, work: Iterable[Job], *, idle_seconds: float = 5.0) -> None:
        self._parts = parts
        self._jobs = tuple(work)
        self._idle = idle_seconds
        self._owner = secrets.token_hex(16)
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until `stop`. The database may be away for a while."""
        while not self._stopped.is_set():
            for job in self._jobs:
                if self._stopped.is_set():
                    return
                try:
                    self.attempt(job)
                except SQLAlchemyError as error:
                    report(error, f"job {job.name}")
            self._stopped.wait(self._idle)

    def stop(self) -> None:
        """End `run` after the job it is at. From any thread or signal handler."""
        self._stopped.set()

    def attempt(self, job: Job) -> bool:
        """Run a job if it is due and nobody has it. Returns whether it was run."""
        database, now = self._parts.database, self._parts.clock.now()
        with database.write() as connection:
            if not self._lease(connection, job, now):
                return False
        try:
            job.run(now)
        except Exception as error:  # noqa: BLE001 - one broken job must not stop the others
            report(error, f"job {job.name}")
            due_at = self._parts.clock.now() + min(_RETRY, job.every)
        else:
            due_at = now + job.every
        with database.write() as connection:
            self._give_back(connection, job, due_at)
        return True

    def _lease(self, connection: Connection, job: Job, now: datetime) -> bool:
        free = {"owner": "", "leased_until": now, "due_at": now}
        connection.execute(insert(connection, jobs).values(name=job.name, **free).on_conflict_do_nothing())
        taken = connection.execute(
            update(jobs)
            .where(jobs.c.name == job.name, jobs.c.due_at <= now, _is_free(now))
            .values(owner=self._owner, leased_until=now + LEASE)
        )
        return taken.rowcount == 1

    def _give_back(self, connection: Connection, job: Job, due_at: datetime) -> None:
        # Not when another has taken it over meanwhile: then the job is its.
        connection.execute(
            update(jobs).where(jobs.c.name == job.name, jobs.c.owner == self._owner).values(owner="", due_at=due_at)
        )


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(jobs.c.owner == "", jobs.c.leased_until <= now)


def _own_jobs(parts: Context) -> Iterator[Job]:
    for name, purge, every in (
        ("purge challenges", challenges.purge, timedelta(minutes=1)),
        ("purge sessions", sessions.purge, timedelta(minutes=5)),
        ("purge rate limits", rates.purge, timedelta(minutes=5)),
    ):
        yield Job(name, every, in_database(parts, purge))


def in_database(parts: Context, purge: Callable[[Connection, datetime], None]) -> Callable[[datetime], None]:
    """A job's work that is one transaction."""

    def run(now: datetime) -> None:
        with parts.database.write() as connection:
            purge(connection, now)

    return run


def _room_jobs(parts: Context) -> Iterator[Job]:
    # Imported here: rooms take `Job` from this module.
    from xieka_service.content import jobs as content
    from xieka_service.registration import jobs as registration

    yield from content.jobs(parts)
    yield from registration.jobs(parts)

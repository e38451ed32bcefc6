"""Jobs: one worker at a time, taken over when it dies, on both databases."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.service.auth.stage import SetClock
from xieka_service import worker
from xieka_service.auth import challenges
from xieka_service.auth.tables import challenges as challenge_table
from xieka_service.config import Config, Rate
from xieka_service.context import Context
from xieka_service.http.tables import buckets
from xieka_service.worker import LEASE, Job, Worker, all_jobs

EVERY = timedelta(minutes=5)
DIES = """
import os, sys
from pathlib import Path
from datetime import timedelta
from xieka_service import worker
from xieka_service.config import Config
from xieka_service.context import Context
from tests.service.auth.stage import SetClock

def run(now):
    print("working", flush=True)
    sys.stdin.readline()

parts = Context.open(Config(Path(sys.argv[1]), sys.argv[2]), SetClock())
worker.Worker(parts, []).attempt(worker.Job("job", timedelta(minutes=5), run))
"""


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def parts(database_url: str, tmp_path: Path, clock: SetClock) -> Iterator[Context]:
    opened = Context.open(Config(tmp_path / "data", database_url), clock)
    yield opened
    opened.database.close()


class Counter:
    """A job's work that counts its runs and may do something more."""

    def __init__(self, more: Callable[[], object] = lambda: None) -> None:
        self.runs: list[datetime] = []
        self._more = more

    def __call__(self, now: datetime) -> None:
        self.runs.append(now)
        self._more()


def test_a_job_is_run_once_each_interval_however_many_workers(parts: Context, clock: SetClock) -> None:
    counter = Counter()
    job = Job("job", EVERY, counter)
    workers = [Worker(parts, [job]) for _ in range(3)]
    assert [one.attempt(job) for one in workers] == [True, False, False]
    clock.forward(EVERY.total_seconds() - 1)
    assert not any(one.attempt(job) for one in workers)
    clock.forward(1)
    assert [one.attempt(job) for one in workers] == [True, False, False]
    assert len(counter.runs) == 2


def test_workers_that_come_together_run_a_job_once(parts: Context) -> None:
    counter = Counter(lambda: time.sleep(0.05))
    job = Job("job", EVERY, counter)
    threads = [threading.Thread(target=Worker(parts, []).attempt, args=(job,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counter.runs) == 1


def test_a_job_that_fails_is_tried_again_after_a_minute_and_stops_no_other(
    parts: Context, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("王小明")

    failing, good = Counter(fail), Counter()
    one = Worker(parts, [])
    jobs = [Job("failing", EVERY, failing), Job("good", EVERY, good)]
    for seconds in (0, 59, 1):
        clock.forward(seconds)
        for job in jobs:
            one.attempt(job)
    assert (len(failing.runs), len(good.runs)) == (2, 1)
    assert "job failing failed" in caplog.text
    assert "王小明" not in caplog.text


def test_the_job_of_a_killed_worker_is_taken_over_when_its_lease_ends(
    parts: Context, clock: SetClock, database_url: str, tmp_path: Path
) -> None:
    dying = subprocess.Popen(
        [sys.executable, "-c", DIES, str(tmp_path / "data"), database_url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert dying.stdout is not None
    assert dying.stdout.readline() == "working\n"
    dying.kill()
    dying.wait()
    counter = Counter()
    job = Job("job", EVERY, counter)
    assert not Worker(parts, []).attempt(job)
    clock.forward(LEASE.total_seconds() - 1)
    assert not Worker(parts, []).attempt(job)
    clock.forward(1)
    assert Worker(parts, []).attempt(job)


def test_who_took_longer_than_its_lease_does_not_give_back_the_others_job(parts: Context, clock: SetClock) -> None:
    second = Counter()

    def too_long() -> None:
        clock.forward(LEASE.total_seconds())
        assert Worker(parts, []).attempt(Job("job", EVERY, second))

    assert Worker(parts, []).attempt(Job("job", EVERY, Counter(too_long)))
    # The second run counts: due again after its interval, not after the first one's.
    clock.forward(1)
    assert not Worker(parts, []).attempt(Job("job", EVERY, second))
    assert len(second.runs) == 1


def test_a_database_that_is_away_for_a_while_does_not_end_the_worker(
    parts: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    done = threading.Event()
    one = Worker(parts, [Job("job", EVERY, lambda _now: done.set())], idle_seconds=0.01)
    real, failures = one._lease, iter([True] * 3)

    def away(*arguments: object) -> bool:
        if next(failures, False):
            raise OperationalError("", {}, Exception())
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(one, "_lease", away)
    thread = threading.Thread(target=one.run)
    thread.start()
    assert done.wait(5)
    one.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert caplog.text.count("job job failed") == 3


def test_the_services_own_jobs_purge_what_is_over(parts: Context, clock: SetClock) -> None:
    with parts.database.write() as connection:
        challenges.issue(connection, "session", clock.now())
        parts.limiter.take(connection, "address 192.0.2.1", Rate(2, timedelta(seconds=1)), clock.now())
    clock.forward(3600)
    own = [job for job in all_jobs(parts) if job.name.startswith("purge ")]
    assert len(own) >= 3
    one = Worker(parts, own)
    assert all(one.attempt(job) for job in own)
    with parts.database.read() as connection:
        for table in (challenge_table, buckets):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def test_every_job_has_a_name_of_its_own(parts: Context) -> None:
    names = [job.name for job in worker.all_jobs(parts)]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 60 for name in names)

"""Rate limits: a token bucket that all threads and processes share."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.service.auth.pki import NOW
from xieka_service.config import Rate
from xieka_service.db.engine import Database
from xieka_service.http.problems import Refusal
from xieka_service.http.rates import Limiter, address, purge
from xieka_service.http.tables import buckets

RATE = Rate(3, timedelta(seconds=10))
LIMITER = Limiter(b"k" * 32)


def take(database: Database, seconds: float = 0, what: str = "address 192.0.2.1", rate: Rate = RATE) -> int | None:
    """None: taken. Else the seconds to wait."""
    try:
        with database.write() as connection:
            LIMITER.take(connection, what, rate, NOW + timedelta(seconds=seconds))
    except Refusal as refused:
        return refused.retry_after if refused.kind.code == "request.rate" else -1
    return None


def test_a_burst_then_one_each_interval(database: Database) -> None:
    assert [take(database) for _ in range(5)] == [None, None, None, 10, 10]
    assert take(database, 9.5) == 1
    assert [take(database, 10), take(database, 10)] == [None, 10]
    assert [take(database, 25), take(database, 25)] == [None, 5]


def test_a_rest_fills_the_bucket_and_no_more_than_that(database: Database) -> None:
    assert [take(database) for _ in range(3)] == [None] * 3
    assert [take(database, 3600) for _ in range(4)] == [None, None, None, 10]


def test_each_has_its_own(database: Database) -> None:
    assert [take(database, what=f"address {number}") for number in range(9)] == [None] * 9


def test_threads_never_get_more_than_the_burst(database: Database) -> None:
    rate = Rate(20, timedelta(hours=1))
    taken: list[int | None] = []

    def many() -> None:
        taken.extend(take(database, rate=rate) for _ in range(10))

    threads = [threading.Thread(target=many) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 60
    assert taken.count(None) == 20


def test_the_database_does_not_say_who(database: Database) -> None:
    take(database, what="address 192.0.2.77")
    with database.read() as connection:
        (key,) = connection.execute(select(buckets.c.key)).scalars()
    assert len(key) == 32
    assert b"192.0.2.77" not in key
    with database.write() as connection:
        Limiter(b"other key" * 4).take(connection, "address 192.0.2.77", RATE, NOW)
        assert connection.execute(select(func.count()).select_from(buckets)).scalar() == 2


def test_full_buckets_are_forgotten(database: Database) -> None:
    for second in (0, 0, 15):
        take(database, second)
    with database.write() as connection:
        purge(connection, NOW + timedelta(seconds=29))
        assert connection.execute(select(func.count()).select_from(buckets)).scalar() == 1
        purge(connection, NOW + timedelta(seconds=30))
        assert connection.execute(select(func.count()).select_from(buckets)).scalar() == 0


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "address 192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "address 2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "address 192.0.2.1"),
        ("testclient", "address none"),
        (None, "address none"),
    ],
)
def test_what_an_address_counts_as(host: str | None, counted: str) -> None:
    request: Any = SimpleNamespace(client=None if host is None else SimpleNamespace(host=host))
    assert address(request) == counted

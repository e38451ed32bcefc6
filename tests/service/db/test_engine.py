"""The two ways into the database, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, func, insert, select, type_coerce, update
from sqlalchemy.exc import DBAPIError

from xieka_service.auth.tables import challenges, sessions
from xieka_service.db.engine import Database
from xieka_service.tables import jobs

NOW = datetime(2026, 11, 25, 9, 0, 0, 123457, tzinfo=UTC)


def job(name: str = "a", moment: datetime = NOW) -> dict[str, object]:
    return {"name": name, "due_at": moment, "owner": "", "leased_until": moment}


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(jobs)).scalar_one())


def test_write_keeps_what_ends_well_and_nothing_of_what_fails(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(jobs).values(job()))
    with pytest.raises(DBAPIError), database.write() as connection:
        connection.execute(insert(jobs), [job("b"), job("a")])
    assert count(database) == 1


def test_read_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"), database.read() as connection:
        connection.execute(insert(jobs).values(job()))
    assert count(database) == 0
    # The connection that was refused is as good as before.
    with database.write() as connection:
        connection.execute(insert(jobs).values(job()))


def test_a_moment_comes_back_exactly_whatever_its_zone(database: Database) -> None:
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    with database.write() as connection:
        connection.execute(insert(jobs).values(job(moment=shanghai)))
    with database.read() as connection:
        found = connection.execute(select(jobs.c.due_at).where(jobs.c.due_at == NOW)).scalar_one()
    assert found == NOW
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="time zone"), database.write() as connection:
        connection.execute(insert(jobs).values(job(moment=NOW.replace(tzinfo=None))))


def test_threads_lose_no_update(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(jobs).values(job()))

    def add() -> None:
        for _ in range(10):
            with database.write() as connection:
                connection.execute(update(jobs).values(due_at=type_coerce(jobs.c.due_at, BigInteger) + 1))

    threads = [threading.Thread(target=add) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.execute(select(jobs.c.due_at)).scalar_one() == NOW + timedelta(microseconds=120)


def test_errors_tell_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused, database.write() as connection:
        connection.execute(insert(jobs), [job("王小明"), job("王小明")])
    assert "parameters hidden" in str(refused.value)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_sqlite_settings_are_the_safe_ones(database: Database) -> None:
    with database.write() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        }
    assert values == {
        "journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "busy_timeout": 10_000,
    }  # fmt: skip


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_deleted_is_in_no_file_after_truncating(database: Database, database_url: str) -> None:
    file = Path(database_url.removeprefix("sqlite:///"))
    secret = b"certificate-of-somebody" * 3
    with database.write() as connection:
        connection.execute(
            insert(sessions).values(
                token_sha256=b"t", challenge=b"c", fingerprint=b"f", certificate=secret, created_at=NOW, expires_at=NOW
            )
        )
        connection.execute(insert(challenges).values(nonce_sha256=b"n", purpose="session", expires_at=NOW))

    def found() -> bool:
        return any(secret in path.read_bytes() for path in file.parent.glob(f"{file.name}*"))

    assert found()
    with database.write() as connection:
        connection.execute(sessions.delete())
    assert found(), "the log still has it: this is what truncating is for"
    assert database.truncate_wal()
    assert not found()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"SQLite|sqlite"):
        Database(url)


def test_a_password_is_not_shown() -> None:
    assert "geheim" not in repr(Database("postgresql://user:geheim@nowhere.invalid/x"))

"""What was deleted is in no file of the database; what was told is in none of them at any time."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, bindparam, delete, func, insert, select, text
from sqlalchemy.exc import OperationalError

from tests.service.postgres import Postgres
from tests.service.registration.guest import CONTACT, EMAIL, PHONE, Guest
from xieka_service.db.engine import Database
from xieka_service.registration import erasing
from xieka_service.registration.erasing import erase
from xieka_service.registration.jobs import jobs
from xieka_service.registration.tables import erasures, keys

MARK = b"these are 16 byt"
PLAIN = [CONTACT.encode(), PHONE.encode(), EMAIL.encode()]


class Files:
    """The files of a database as they lie on the disk."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def hold(self, *wanted: bytes, log: bool = False) -> list[bytes]:
        """Those of `wanted` that stand in a file; PostgreSQL's log is looked at when `log` is asked for."""
        held: set[bytes] = set()
        for data in self._contents(log=log):
            held |= {one for one in wanted if one in data}
        return sorted(held)

    def marked(self) -> set[bytes]:
        """Every key that begins with MARK, wherever it stands."""
        found: set[bytes] = set()
        for data in self._contents(log=False):
            found |= set(re.findall(re.escape(MARK) + b".{44}", data, re.DOTALL))
        return found

    def _contents(self, *, log: bool) -> Iterator[bytes]:
        if not self._database.is_sqlite:
            self.bare("CHECKPOINT")
        for file in self._folder.rglob("*"):
            if file.is_file() and (log or "pg_wal" not in file.parts):
                yield file.read_bytes()

    def bare(self, statement: str) -> None:
        with self._database._writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))


@pytest.fixture
def files(guest: Guest, backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if backend == "sqlite":
        return Files(guest.stage.parts.database, tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return Files(guest.stage.parts.database, server.socket_folder / "data")


def wrapped(guest: Guest) -> bytes:
    with guest.stage.parts.database.read() as connection:
        return connection.execute(select(keys.c.wrapped)).scalar_one()


def work(guest: Guest) -> None:
    for job in jobs(guest.stage.parts):
        job.run(guest.stage.clock.now())


def marks(guest: Guest) -> int:
    with guest.stage.parts.database.read() as connection:
        return connection.execute(select(func.count()).select_from(erasures)).scalar_one()


def test_a_deleted_key_is_in_no_file(guest: Guest, files: Files) -> None:
    guest.submit()
    key = wrapped(guest)
    guest.stage.clock.forward(-60)
    guest.submit(form={"contact": "李会计"})
    assert files.hold(key) == [key]
    assert files.hold(*PLAIN, log=True) == []
    assert guest.remove(guest.records()[0]["id"]).status_code == 204
    # What deleting alone leaves: in SQLite's log, in PostgreSQL's table.
    assert files.hold(key) == [key]
    work(guest)
    assert files.hold(key) == []
    assert [record["contact"] for record in guest.records()] == ["李会计"]
    assert files.hold(*PLAIN, log=True) == []
    assert marks(guest) == 0


def test_a_corrected_records_old_key_is_in_no_file(guest: Guest, files: Files) -> None:
    guest.submit()
    old = wrapped(guest)
    guest.correct(guest.records()[0]["id"], contact="李会计")
    new = wrapped(guest)
    work(guest)
    assert files.hold(old, new) == [new]
    assert guest.records()[0]["contact"] == "李会计"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_it_is_gone_while_somebody_still_reads_the_past(guest: Guest, files: Files) -> None:
    guest.submit()
    key = wrapped(guest)
    with guest.stage.parts.database._reader.connect() as reader:
        reader = reader.execution_options(isolation_level="REPEATABLE READ")
        reader.execute(text("SELECT count(*) FROM visits"))
        guest.remove(guest.records()[0]["id"])
        # What the usual means leave: the reason why the table is written anew by hand.
        files.bare(f"VACUUM FULL {keys.name}")
        assert files.hold(key) == [key]
        work(guest)
        assert files.hold(key) == []


@dataclass
class Crowd:
    """Keys on many pages, every second one deleted again, here and there as people do."""

    gone: set[bytes]
    kept: set[bytes]


@pytest.fixture
def crowd(guest: Guest) -> Crowd:
    chance = random.Random(7)  # noqa: S311 - the same every time
    rows = [{"registration": chance.randbytes(18).hex(), "wrapped": MARK + chance.randbytes(44)} for _ in range(3000)]
    chance.shuffle(gone := rows[::2])
    with guest.stage.parts.database.write() as connection:
        connection.execute(insert(keys), rows)
        connection.execute(insert(erasures).values(id="one"))
    one = delete(keys).where(keys.c.registration == bindparam("of"))
    for begin in range(0, len(gone), 100):
        with guest.stage.parts.database.write() as connection:
            connection.execute(one, [{"of": row["registration"]} for row in gone[begin : begin + 100]])
    return Crowd({row["wrapped"] for row in gone}, {row["wrapped"] for row in rows[1::2]})


def test_no_page_keeps_a_copy_and_nothing_else_is_lost(guest: Guest, files: Files, crowd: Crowd) -> None:
    database = guest.stage.parts.database
    if not database.is_sqlite:
        files.bare("VACUUM")
    assert files.marked() & crowd.gone
    assert erase(database)
    assert files.marked() == crowd.kept
    with database.read() as connection:
        assert set(connection.execute(select(keys.c.wrapped)).scalars()) == crowd.kept


def test_nothing_is_written_when_nothing_was_deleted(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    guest.submit()

    def asked(*_: object) -> bool:
        raise AssertionError

    monkeypatch.setattr(erasing, "_write_anew", asked)
    monkeypatch.setattr(Database, "truncate_wal", asked)
    assert erase(guest.stage.parts.database)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_failure_leaves_the_keys_and_the_mark(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    guest.submit()
    guest.correct(guest.records()[0]["id"])
    anew = erasing._write_anew

    def half(connection: Connection) -> None:
        anew(connection)
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_write_anew", half)
        with pytest.raises(RuntimeError):
            erase(guest.stage.parts.database)
    assert marks(guest) == 1
    assert len(guest.records()) == 1


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_dump_that_runs_is_not_waited_for(guest: Guest) -> None:
    guest.submit()
    guest.correct(guest.records()[0]["id"])
    database = guest.stage.parts.database
    with database.read() as connection:
        connection.execute(select(keys))
        with pytest.raises(OperationalError):
            erase(database)
        assert len(guest.records()) == 1
    assert marks(guest) == 1
    assert erase(database)
    assert marks(guest) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_held_up_by_a_reader_it_is_done_again(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    guest.submit()
    guest.remove(guest.records()[0]["id"])
    with monkeypatch.context() as patch:
        patch.setattr(Database, "truncate_wal", lambda _self: False)
        assert not erase(guest.stage.parts.database)
    assert marks(guest) == 1
    assert erase(guest.stage.parts.database)
    assert marks(guest) == 0

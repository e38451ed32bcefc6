"""Migrations: what they make is what the tables say, and processes that start together do it once."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import xieka_service.app
import xieka_service.tables
from xieka_service.db import migrate
from xieka_service.db.engine import Database
from xieka_service.db.schema import METADATA

PROGRAM = """
import sys
from xieka_service.db.engine import Database
from xieka_service.db import migrate
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(migrate.migrate(database), migrate.is_current(database))
"""


def test_migrations_make_the_tables(database: Database) -> None:
    assert xieka_service.tables.jobs.metadata is METADATA
    with database.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []


def test_the_newest_version_is_the_one_alembic_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [migrate.newest()]
    numbers = [revision.revision for revision in script.walk_revisions()]
    assert sorted(numbers, reverse=True) == numbers


def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, empty_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    results = sorted(process.communicate(timeout=60)[0].strip() for process in processes)
    assert results == ["False True"] * 3 + ["True True"]


def test_nothing_is_migrated_twice(database: Database) -> None:
    assert migrate.is_current(database)
    assert migrate.migrate(database) is False


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(empty_url)
    apply = migrate._apply

    def half(connection: object) -> None:
        apply(connection)  # type: ignore[arg-type]
        raise RuntimeError

    monkeypatch.setattr(migrate, "_apply", half)
    with pytest.raises(RuntimeError):
        migrate.migrate(database)
    with database.read() as connection:
        assert inspect(connection).get_table_names() == []
    monkeypatch.undo()
    assert migrate.migrate(database)
    database.close()


def test_a_database_of_a_newer_program_is_left_alone(empty_url: str) -> None:
    database = Database(empty_url)
    migrate.migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not migrate.is_current(database)
    with pytest.raises(migrate.NewerDatabaseError):
        migrate.migrate(database)
    database.close()

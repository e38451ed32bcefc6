"""Brings the database to the version of this program, one process at a time."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from xieka_service.db.engine import Database

_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x7869656B61
"""PostgreSQL's advisory lock of this program, any number."""


class NewerDatabaseError(Exception):
    """The database belongs to a newer program."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def newest() -> str:
    """The version this program works with: files in `versions` are numbered 0001_… in order."""
    return max(path.name for path in (_FOLDER / "versions").glob("[0-9]*.py")).partition("_")[0]


def version(connection: Connection) -> str | None:
    """The version the database has; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def is_current(database: Database) -> bool:
    """True when nothing is to be migrated. Raises sqlalchemy.exc.SQLAlchemyError when it cannot be asked."""
    with database.read() as connection:
        return version(connection) == newest()


def migrate(database: Database) -> bool:
    """Apply what is missing, all or nothing; processes that start together wait for the first. False: nothing to do.

    Raises sqlalchemy.exc.SQLAlchemyError, and NewerDatabaseError.
    """
    with database.write() as connection:
        # SQLite holds its one write lock already (BEGIN IMMEDIATE).
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        before = version(connection)
        if before == newest():
            return False
        if before is not None and before > newest():
            raise NewerDatabaseError(before)
        _apply(connection)
    return True


def _apply(connection: Connection) -> None:
    # Imported late: a start that finds nothing to migrate does without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")

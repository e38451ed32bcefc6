"""Opening the database, and the only two ways into it: `read()` and `write()`."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url

BUSY_SECONDS = 10
"""How long a writer waits for its turn, and any request for a connection."""
_POOL = 20


class Database:
    """A database by URL (`sqlite:///FILE`, `postgresql://…`). Safe for many threads and many processes.

    Connections open at the first use. Raises ValueError for a URL that names neither.
    """

    def __init__(self, url: str) -> None:
        self._url = _url(url)
        if self._url.get_backend_name() == "sqlite":
            if not self._url.database or self._url.database == ":memory:":
                raise ValueError("a SQLite database needs a file")
            Path(self._url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # One writer in a process: its threads queue here, fairly, and not by polling the file's lock.
            self._writer = _sqlite(self._url, 1, "BEGIN IMMEDIATE")
            self._reader = _sqlite(self._url, _POOL, "BEGIN")
            return
        self._writer = create_engine(
            self._url, **_pool(_POOL), pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "application_name": "xieka-service"},
        )  # fmt: skip
        self._reader = self._writer.execution_options(postgresql_readonly=True)

    def __repr__(self) -> str:
        return f"<Database {self._url.render_as_string(hide_password=True)}>"

    @property
    def is_sqlite(self) -> bool:
        """True for SQLite: what only a file needs (checkpoints) is asked here."""
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that cannot write. Raises sqlalchemy.exc.DBAPIError or TimeoutError."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, committed (to the disk) when the block ends and rolled back when it raises."""
        with self._writer.begin() as connection:
            yield connection

    def truncate_wal(self) -> bool:
        """SQLite: bring everything into the file and empty its log, so that what was deleted is in neither of them.

        False when readers held it up for BUSY_SECONDS. PostgreSQL keeps its log by its own rules: True, nothing done.
        """
        if not self.is_sqlite:
            return True
        with self._writer.connect().execution_options(begin=None) as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        return bool(busy == 0)

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self._writer.dispose()


def _url(text: str) -> URL:
    url = make_url(text)
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return url
    raise ValueError("neither sqlite: nor postgresql:")


def _pool(connections: int) -> dict[str, Any]:
    # Parameters are people's data: they stay out of errors and so out of logs.
    return {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": BUSY_SECONDS,
        "hide_parameters": True,
        "poolclass": QueuePool,
    }


def _sqlite(url: URL, connections: int, begin: str) -> Engine:
    engine = create_engine(
        url, **_pool(connections), connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}
    ).execution_options(begin=begin)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # The driver begins nothing by itself; `_begin` does.
        connection.isolation_level = None
        _switch_to_wal(connection)
        for pragma in ("synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        if begin == "BEGIN":
            connection.execute("PRAGMA query_only = ON").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if statement := connection.get_execution_options()["begin"]:
            connection.exec_driver_sql(statement)

    return engine


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    # Who opens a new file changes it; others are refused meanwhile, without the waiting SQLite does elsewhere.
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)

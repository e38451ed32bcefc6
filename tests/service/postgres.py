"""A PostgreSQL of the tests' own: a private folder and socket, no port, gone at the end."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine

# Debian keeps the server's programs out of PATH, one folder a version.
_DEBIAN = Path("/usr/lib/postgresql")
_QUICK = {
    # Nothing here must survive a power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "32MB",
}


_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_TABLES = (
    "SELECT string_agg(quote_ident(tablename), ',') FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)


class PostgresMissingError(Exception):
    """There is no PostgreSQL server on this computer; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server."""

    socket_folder: Path

    def url(self, database: str) -> str:
        """The address of a database, as an operator would give it."""
        return f"postgresql://xieka@/{database}?host={self.socket_folder}"

    def create(self, name: str) -> str:
        """A new database; returns its address."""
        self._run("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._run("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def empty(self, name: str) -> None:
        """End every connection to a database and take all rows out of its tables: ten times as quick as a new one."""
        self._run(name, _END_OTHERS, f"DO $$ BEGIN EXECUTE 'TRUNCATE ' || ({_TABLES}) || ' CASCADE'; END $$")

    def _run(self, database: str, *statements: str) -> None:
        url = self.url(database).replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


@contextlib.contextmanager
def running() -> Iterator[Postgres]:
    """Start a server and stop it at the end. Raises PostgresMissingError."""
    programs = _programs()
    # A socket's path may have 107 bytes: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="xieka-pg-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        as_user = _unprivileged(folder)
        data = folder / "data"
        subprocess.run(
            [*as_user, programs / "initdb", "-D", data, "-U", "xieka", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
             "--no-sync", "--no-instructions"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        settings = [part for name, value in _QUICK.items() for part in ("-c", f"{name}={value}")]
        log = (folder / "log").open("wb")
        process = subprocess.Popen(
            [*as_user, programs / "postgres", "-D", data, "-k", folder, *settings],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        _wait(programs, folder, process)
        yield Postgres(folder)
    finally:
        if process is not None:
            # "Immediate shutdown": the postmaster ends its children, and nothing is kept.
            process.send_signal(3)
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    candidates = sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissingError(f"no PostgreSQL server in {_DEBIAN} or PATH (Debian: apt-get install postgresql)")


def _unprivileged(folder: Path) -> list[str]:
    # The server refuses to run as root. It ends with the tests even when those are killed.
    with_us = ["setpriv", "--pdeathsig", "QUIT"]
    if os.geteuid() != 0:
        return with_us
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return [*with_us, f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]


def _wait(programs: Path, folder: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        ready = subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False, capture_output=True)
        if ready.returncode == 0:
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError((folder / "log").read_text(errors="replace"))

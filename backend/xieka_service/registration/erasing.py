"""Destroyed data keys leave the database's files.

A deleted row's bytes outlive it. SQLite zeroes them in the table (secure_delete), not in its log: that is emptied here.
PostgreSQL keeps them in the table's file, many of them even after VACUUM, and VACUUM FULL carries them over while any
older snapshot is open: so there the table of keys is emptied and written anew, which gives up the whole old file.

What is not reached: PostgreSQL's own log (WAL), backups, and blocks of the disk that a removed file has left free.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from xieka_service.db.engine import Database
from xieka_service.registration.tables import erasures, keys

LOCK_SECONDS = 2


def erase(database: Database) -> bool:
    """Do it if a key was destroyed since. False: readers held it up, it is to be done again.

    Raises sqlalchemy.exc.OperationalError when somebody keeps PostgreSQL's table locked: the same holds.
    """
    with database.read() as connection:
        wanted = connection.execute(select(erasures.c.id)).scalars().all()
    if not wanted:
        return True
    if not database.is_sqlite:
        with database.write() as connection:
            _write_anew(connection)
    if not database.truncate_wal():
        return False
    with database.write() as connection:
        # Only these: a key destroyed meanwhile has a mark of its own.
        done = delete(erasures).where(erasures.c.id == bindparam("of"))
        connection.execute(done, [{"of": one} for one in wanted])
    return True


def _write_anew(connection: Connection) -> None:
    # Who waits for this lock makes all others wait behind: rather later than during somebody's long dump.
    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    connection.execute(text(f"LOCK TABLE {keys.name} IN ACCESS EXCLUSIVE MODE"))
    kept = [dict(row) for row in connection.execute(select(keys)).mappings()]
    connection.execute(text(f"TRUNCATE {keys.name}"))
    if kept:
        connection.execute(insert(keys), kept)

"""Destroyed data keys leave the database's files.

A deleted row's bytes outlive it. PostgreSQL keeps them in the table's file beyond VACUUM, and VACUUM FULL carries them
over while any older snapshot is open; SQLite zeroes what it deletes (secure_delete) but not the copies its B-tree
leaves when it moves rows between pages. So the table of keys is emptied and written anew: both databases give up its
whole old content then.

What is not reached: PostgreSQL's log (WAL), backups, and the blocks of the disk that a removed file has left free.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select, text

from xieka_service.db.engine import Database
from xieka_service.registration.tables import erasures, keys


def erase(database: Database) -> bool:
    """Write the table of keys anew if a key was destroyed since. False: readers held it up, it is to be done again."""
    with database.read() as connection:
        wanted = connection.execute(select(erasures.c.id)).scalars().all()
    if not wanted:
        return True
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
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {keys.name} IN ACCESS EXCLUSIVE MODE"))
    kept = [dict(row) for row in connection.execute(select(keys)).mappings()]
    # Without a condition SQLite frees whole pages, and zeroes them.
    connection.execute(text(f"TRUNCATE {keys.name}") if connection.dialect.name == "postgresql" else delete(keys))
    if kept:
        connection.execute(insert(keys), kept)

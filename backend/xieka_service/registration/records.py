"""What was told: stored, shown, corrected and deleted, always for one certificate."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from xieka.contract.registration import RECORDS_LIMIT, Details, Record, Submission
from xieka_service.db import schema
from xieka_service.http.problems import NOT_FOUND, Refusal
from xieka_service.registration import consents, visits
from xieka_service.registration.refusals import FULL, KEY, SUBMITTED
from xieka_service.registration.sealing import Sealed, UnreadableError, seal, unseal
from xieka_service.registration.tables import erasures, keys, registrations
from xieka_service.registration.visits import Visitor

log = logging.getLogger(__name__)


def submit(connection: Connection, master: bytes, visitor: Visitor, given: Submission, now: datetime) -> None:
    """Store what a visit submits, once. `visitor` is locked.

    Raises Refusal: registration.submitted (something else was), registration.notice, registration.full.
    """
    key = str(given.key)
    if visitor.submission == key:
        return
    _check_first(visitor)
    _check_room(connection, visitor.fingerprint)
    record, details = str(uuid4()), Details(**given.model_dump(include=set(Details.model_fields)))
    stored = seal(master, record, visitor.fingerprint, _plain(details))
    added = connection.execute(
        schema.insert(connection, registrations)
        .values(
            id=record,
            fingerprint=visitor.fingerprint,
            submission=key,
            sealed=stored.sealed,
            notice=given.notice,
            submitted_at=now,
            keep_until=visitor.keep_until,
        )
        .on_conflict_do_nothing(index_elements=[registrations.c.submission])
        .returning(registrations.c.id)
    ).first()
    if added is None:
        # Another visit's key.
        raise Refusal(SUBMITTED)
    connection.execute(insert(keys).values(registration=record, wrapped=stored.wrapped))
    consents.change(connection, record, details.purposes, given.notice, now)
    visits.submitted(connection, visitor, key)


def listing(connection: Connection, master: bytes, fingerprint: bytes) -> tuple[Record, ...]:
    """Everything that is kept for a certificate, the newest first. Raises Refusal (registration.key)."""
    rows = (
        select(registrations, keys.c.wrapped)
        .join_from(registrations, keys, keys.c.registration == registrations.c.id)
        .where(_belongs_to(fingerprint))
        .order_by(registrations.c.submitted_at.desc(), registrations.c.id)
        .limit(RECORDS_LIMIT)
    )
    return tuple(_record(row, _details(row, master)) for row in connection.execute(rows))


def correct(
    connection: Connection, master: bytes, fingerprint: bytes, record: UUID, details: Details, now: datetime
) -> Record:
    """Replace what a record says. The old text goes with its key.

    Raises Refusal (404), and (registration.notice) for a new purpose when another notice was read than is in force.
    """
    row = _lock(connection, fingerprint, record)
    stored = seal(master, row.id, fingerprint, _plain(details))
    changed = {"sealed": stored.sealed, "corrected_at": now}
    connection.execute(update(registrations).where(registrations.c.id == row.id).values(changed))
    connection.execute(update(keys).where(keys.c.registration == row.id).values(wrapped=stored.wrapped))
    consents.change(connection, row.id, details.purposes, row.notice, now)
    _want_erasure(connection)
    return _record(row, details, corrected_at=now)


def remove(connection: Connection, fingerprint: bytes, record: UUID, now: datetime) -> None:
    """Delete a record with its key; its consents are withdrawn. Raises Refusal (404)."""
    _remove(connection, _lock(connection, fingerprint, record), now)


def purge(connection: Connection, now: datetime) -> None:
    """Delete what has been kept long enough."""
    over = select(registrations).where(registrations.c.keep_until <= now).with_for_update()
    for row in connection.execute(over).all():
        _remove(connection, row, now)


def _check_first(visitor: Visitor) -> None:
    if visitor.submission is not None:
        raise Refusal(SUBMITTED)


def _check_room(connection: Connection, fingerprint: bytes) -> None:
    kept = connection.execute(select(func.count()).select_from(registrations).where(_belongs_to(fingerprint)))
    if kept.scalar_one() >= RECORDS_LIMIT:
        raise Refusal(FULL)


def _belongs_to(fingerprint: bytes) -> ColumnElement[bool]:
    return registrations.c.fingerprint == fingerprint


def _lock(connection: Connection, fingerprint: bytes, record: UUID) -> Row[Any]:
    mine = select(registrations).where(registrations.c.id == str(record), _belongs_to(fingerprint))
    row = connection.execute(mine.with_for_update()).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return row


def _remove(connection: Connection, row: Row[Any], now: datetime) -> None:
    connection.execute(delete(keys).where(keys.c.registration == row.id))
    connection.execute(delete(registrations).where(registrations.c.id == row.id))
    consents.change(connection, row.id, (), row.notice, now)
    _want_erasure(connection)


def _want_erasure(connection: Connection) -> None:
    connection.execute(insert(erasures).values(id=str(uuid4())))


def _plain(details: Details) -> bytes:
    return details.model_dump_json().encode()


def _details(row: Row[Any], master: bytes) -> Details:
    try:
        plain = unseal(master, row.id, row.fingerprint, Sealed(row.wrapped, row.sealed))
    except UnreadableError as unreadable:
        log.error("a registration cannot be read: registration.key is another, or the database was changed")
        raise Refusal(KEY) from unreadable
    return Details.model_validate_json(plain)


def _record(row: Row[Any], details: Details, corrected_at: datetime | None = None) -> Record:
    return Record(
        id=UUID(row.id),
        **details.model_dump(),
        notice=row.notice,
        submitted_at=row.submitted_at,
        corrected_at=corrected_at or row.corrected_at,
        keep_until=row.keep_until,
    )

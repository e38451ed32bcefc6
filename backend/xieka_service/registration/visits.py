"""A visit of the page: a code opens it once, then a cookie holds it. Both are 256 random bits, kept by SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, select, update

from xieka.contract.registration import CODE_SECONDS, VISIT_SECONDS
from xieka_service.registration.tables import visits

KEEP = timedelta(days=60)
"""Records are kept so long after the certificate's end: it may be renewed late."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom the page was opened for."""

    code_sha256: bytes
    fingerprint: bytes
    subject: str
    keep_until: datetime
    submission: str | None
    """The key of what this visit submitted."""


def prepare(connection: Connection, fingerprint: bytes, subject: str, not_after: datetime, now: datetime) -> str:
    """A new code for the holder of a certificate that ends `not_after`."""
    code = secrets.token_urlsafe(32)
    connection.execute(
        insert(visits).values(
            code_sha256=_digest(code),
            fingerprint=fingerprint,
            subject=subject,
            keep_until=not_after + KEEP,
            expires_at=now + timedelta(seconds=CODE_SECONDS),
        )
    )
    return code


def exchange(connection: Connection, code: str, now: datetime) -> str | None:
    """The cookie for a code; None when the code opens nothing (any more). Of two at once one gets it."""
    token = secrets.token_urlsafe(32)
    opened = connection.execute(
        update(visits)
        .where(visits.c.code_sha256 == _digest(code), _unused(), _current(now))
        .values(token_sha256=_digest(token), expires_at=now + timedelta(seconds=VISIT_SECONDS))
    )
    return token if opened.rowcount == 1 else None


def find(connection: Connection, token: str, now: datetime) -> Visitor | None:
    """Whose visit a cookie holds; None when it holds none (any more)."""
    row = connection.execute(_visitors().where(_held_by(token), _current(now))).first()
    return None if row is None else Visitor(**row._mapping)


def lock(connection: Connection, token: str, now: datetime) -> Visitor | None:
    """As `find`, and nobody else submits anything for the same certificate until the transaction's end."""
    found = find(connection, token, now)
    if found is None:
        return None
    # All its visits, in one order: who comes second waits for the first (SQLite has one writer anyway).
    same = _visitors().where(visits.c.fingerprint == found.fingerprint).order_by(visits.c.code_sha256)
    locked = (Visitor(**row._mapping) for row in connection.execute(same.with_for_update()).all())
    return next((one for one in locked if one.code_sha256 == found.code_sha256), None)


def submitted(connection: Connection, visitor: Visitor, key: str) -> None:
    """Remember that the visit has submitted something under `key`."""
    connection.execute(update(visits).where(visits.c.code_sha256 == visitor.code_sha256).values(submission=key))


def purge(connection: Connection, now: datetime) -> None:
    """Delete what opens nothing any more."""
    connection.execute(delete(visits).where(visits.c.expires_at <= now))


def _visitors() -> Select[tuple[bytes, bytes, str, datetime, str | None]]:
    return select(
        visits.c.code_sha256, visits.c.fingerprint, visits.c.subject, visits.c.keep_until, visits.c.submission
    )


def _unused() -> ColumnElement[bool]:
    return visits.c.token_sha256.is_(None)


def _held_by(token: str) -> ColumnElement[bool]:
    return visits.c.token_sha256 == _digest(token)


def _current(now: datetime) -> ColumnElement[bool]:
    return visits.c.expires_at > now


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()

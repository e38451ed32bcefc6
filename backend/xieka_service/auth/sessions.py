"""Sessions: an opaque bearer token of 256 bits; its SHA-256 is all the service keeps of it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from xieka.certificate import service as certificates
from xieka.contract.auth import SESSION_SECONDS
from xieka_service.auth.tables import sessions


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is signed in, by nothing but the certificate whose key answered the challenge."""

    fingerprint: bytes
    """SHA-256 of the certificate."""
    subject: str
    """The organisation as the certificate names it."""
    uscc: str | None
    """统一社会信用代码, where the certificate has it."""
    certificate: bytes
    """DER."""

    @classmethod
    def of(cls, certificate: bytes, now: datetime) -> Holder:
        """Raises XiekaError E-CRT-05 for bytes that are no certificate."""
        summary = certificates.summarize(certificate, now)
        return cls(hashlib.sha256(certificate).digest(), summary.subject, summary.uscc, certificate)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session: the token, told once, and until when it opens anything."""

    token: str
    expires_at: datetime


def open_session(
    connection: Connection, holder: Holder, challenge: bytes, now: datetime, not_after: datetime
) -> Opened:
    """A session of 30 minutes, but none longer than the certificate (`not_after`)."""
    token = secrets.token_urlsafe(32)
    expires_at = min(now + timedelta(seconds=SESSION_SECONDS), not_after)
    connection.execute(
        insert(sessions).values(
            token_sha256=_digest(token),
            challenge=challenge,
            fingerprint=holder.fingerprint,
            certificate=holder.certificate,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return Opened(token, expires_at)


def find(connection: Connection, token: str, now: datetime) -> tuple[Holder, datetime] | None:
    """The session's holder and end; None when the token opens nothing (any more)."""
    row = connection.execute(
        select(sessions.c.certificate, sessions.c.expires_at).where(
            sessions.c.token_sha256 == _digest(token), _current(now), _unrevoked()
        )
    ).first()
    return None if row is None else (Holder.of(row.certificate, now), row.expires_at)


def revoke(connection: Connection, token: str, now: datetime) -> None:
    """End one session."""
    connection.execute(update(sessions).where(sessions.c.token_sha256 == _digest(token)).values(revoked_at=now))


def revoke_certificate(connection: Connection, fingerprint: bytes, now: datetime) -> int:
    """End every session of a certificate. Returns how many ended."""
    return _revoke(connection, now, sessions.c.fingerprint == fingerprint)


def revoke_all(connection: Connection, now: datetime) -> int:
    """End every session. Returns how many ended."""
    return _revoke(connection, now)


def purge(connection: Connection, now: datetime) -> None:
    """Delete what opens nothing any more."""
    connection.execute(delete(sessions).where((sessions.c.expires_at <= now) | sessions.c.revoked_at.is_not(None)))


def _revoke(connection: Connection, now: datetime, *which: ColumnElement[bool]) -> int:
    statement = update(sessions).where(_current(now), _unrevoked(), *which).values(revoked_at=now)
    return int(connection.execute(statement).rowcount)


def _current(now: datetime) -> ColumnElement[bool]:
    return sessions.c.expires_at > now


def _unrevoked() -> ColumnElement[bool]:
    return sessions.c.revoked_at.is_(None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

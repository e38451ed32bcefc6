"""Challenges: a nonce of 256 bits, for one purpose, for 120 seconds, for one answer."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, update

from xieka.contract.auth import CHALLENGE_SECONDS, Purpose
from xieka_service.auth.tables import challenges


def issue(connection: Connection, purpose: Purpose, now: datetime) -> str:
    """A new nonce (43 characters of base64url); kept by its digest only."""
    nonce = secrets.token_urlsafe(32)
    connection.execute(
        insert(challenges).values(
            nonce_sha256=digest(nonce), purpose=purpose, expires_at=now + timedelta(seconds=CHALLENGE_SECONDS)
        )
    )
    return nonce


def consume(connection: Connection, nonce: str, purpose: Purpose, now: datetime) -> bool:
    """Use a challenge up, in one statement: of any number that try at once, one gets True.

    False: unknown, expired, for another purpose or used before.
    """
    statement = update(challenges).where(
        challenges.c.nonce_sha256 == digest(nonce), _unused(), _current(now), _meant_for(purpose)
    )
    return connection.execute(statement.values(used_at=now)).rowcount == 1


def purge(connection: Connection, now: datetime) -> None:
    """Delete what can no longer be answered."""
    connection.execute(delete(challenges).where(challenges.c.expires_at <= now))


def digest(nonce: str) -> bytes:
    """What a nonce is kept as."""
    return hashlib.sha256(nonce.encode()).digest()


def _unused() -> ColumnElement[bool]:
    return challenges.c.used_at.is_(None)


def _current(now: datetime) -> ColumnElement[bool]:
    return challenges.c.expires_at > now


def _meant_for(purpose: Purpose) -> ColumnElement[bool]:
    return challenges.c.purpose == purpose

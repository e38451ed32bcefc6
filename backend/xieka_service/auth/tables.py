"""Challenges and sessions. Both are kept by digest: who reads the database can answer none and use none."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from xieka_service.db.schema import METADATA, Moment

challenges = Table(
    "challenges",
    METADATA,
    Column("nonce_sha256", LargeBinary, primary_key=True),
    Column("purpose", String(20), nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
)

sessions = Table(
    "sessions",
    METADATA,
    Column("token_sha256", LargeBinary, primary_key=True),
    # The challenge it answered: shows afterwards that none was answered twice.
    Column("challenge", LargeBinary, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False, index=True),
    Column("certificate", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("revoked_at", Moment),
)

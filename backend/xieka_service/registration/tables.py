"""Visits of the page, what was told there (sealed), its keys, and what was consented to."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, LargeBinary, String, Table

from xieka_service.db.schema import METADATA, Moment

visits = Table(
    "visits",
    METADATA,
    # Code and cookie are kept by digest, like sessions.
    Column("code_sha256", LargeBinary, primary_key=True),
    # Empty until the code has been exchanged.
    Column("token_sha256", LargeBinary, unique=True),
    Column("fingerprint", LargeBinary, nullable=False, index=True),
    Column("subject", String, nullable=False),
    # For what may be submitted: the certificate's end and some days.
    Column("keep_until", Moment, nullable=False),
    # The code's end, then the visit's.
    Column("expires_at", Moment, nullable=False, index=True),
    # The key of what was submitted.
    Column("submission", String(36)),
)

registrations = Table(
    "registrations",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False, index=True),
    Column("submission", String(36), nullable=False, unique=True),
    # See `sealing`.
    Column("sealed", LargeBinary, nullable=False),
    Column("notice", String(20), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("corrected_at", Moment),
    Column("keep_until", Moment, nullable=False, index=True),
)

keys = Table(
    "registration_keys",
    METADATA,
    # No foreign key: its locks and those of `erasing`, which writes this table anew, could wait for each other.
    Column("registration", String(36), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

consents = Table(
    "registration_consents",
    METADATA,
    # Only ever added to: triggers refuse UPDATE and DELETE. Stays when the record goes, and names nobody.
    Column("registration", String(36), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("purpose", String(20), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("notice", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint("number > 0", name="number"),
)

erasures = Table(
    "registration_erasures",
    METADATA,
    # One row for each data key that was destroyed and may still lie in a file of the database.
    Column("id", String(36), primary_key=True),
)

"""Rate limits that hold across processes."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Table

from xieka_service.db.schema import METADATA, Moment

buckets = Table(
    "buckets",
    METADATA,
    # HMAC of what is limited: neither an address nor a certificate can be read from it.
    Column("key", LargeBinary, primary_key=True),
    Column("full_at", Moment, nullable=False, index=True),
)

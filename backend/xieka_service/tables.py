"""The worker's table: which job is due, and who has it."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from xieka_service.db.schema import METADATA, Moment

jobs = Table(
    "jobs",
    METADATA,
    Column("name", String(60), primary_key=True),
    Column("due_at", Moment, nullable=False),
    # Empty, or whoever runs it now and may until `leased_until`.
    Column("owner", String(40), nullable=False),
    Column("leased_until", Moment, nullable=False),
)

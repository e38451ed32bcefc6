"""What the worker does for registrations (see xieka_service.worker)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from xieka_service.context import Context
from xieka_service.registration import records, visits
from xieka_service.registration.erasing import erase
from xieka_service.worker import Job, in_database


def jobs(parts: Context) -> Iterator[Job]:
    """Visits and records end in time; what was deleted leaves the files."""

    def erasing(_now: datetime) -> None:
        # Held up by readers it leaves its marks, and is done again a minute later.
        erase(parts.database)

    yield Job("purge visits", timedelta(minutes=5), in_database(parts, visits.purge))
    yield Job("purge registrations", timedelta(hours=1), in_database(parts, records.purge))
    yield Job("erase registration keys", timedelta(minutes=1), erasing)

"""What the worker does for the content (see xieka_service.worker)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from xieka_service.content.publish import resign
from xieka_service.context import Context
from xieka_service.worker import Job


def jobs(parts: Context) -> Iterator[Job]:
    """Timestamp and snapshot are signed anew before they expire."""

    def run(now: datetime) -> None:
        resign(parts.config.data, now)

    yield Job("sign content anew", timedelta(minutes=15), run)

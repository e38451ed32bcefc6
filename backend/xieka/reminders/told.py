"""What was told about which certificate, in one small file; what cannot be written holds for the run."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xieka.core.files import write_whole
from xieka.reminders.steps import Due

if TYPE_CHECKING:
    # Only for the types: not for the start path.
    from xieka.reminders.records import Record

log = logging.getLogger(__name__)

_CLOCK_TOLERANCE = timedelta(days=1)
"""A record from further in the future was made while a clock was wrong, and says nothing."""


class Told:
    """Records by certificate. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._loaded: dict[str, Record] | None = None

    def untold(self, certificates: Iterable[Due], now: datetime) -> list[Due]:
        """Those whose step, or a later one, has not been told yet."""
        return [one for one in certificates if (record := self._get(one, now)) is None or one.step < record.told]

    def unread(self, certificates: Iterable[Due], now: datetime) -> list[Due]:
        """Those whose step, or a later one, the user has not dismissed."""
        return [
            one
            for one in certificates
            if (record := self._get(one, now)) is None or record.dismissed is None or one.step < record.dismissed
        ]

    def tell(self, certificates: Iterable[Due], now: datetime) -> None:
        """Keep that these were told at their step."""
        self._put({one.key: self._next(one, now) for one in certificates})

    def dismiss(self, certificates: Iterable[Due], now: datetime) -> None:
        """Keep that the user has read these at their step."""
        self._put({one.key: self._next(one, now).model_copy(update={"dismissed": one.step}) for one in certificates})

    def _next(self, one: Due, now: datetime) -> Record:
        from xieka.reminders.records import Record

        record = self._get(one, now)
        return Record(told=one.step, at=now, dismissed=record.dismissed if record else None)

    def _get(self, one: Due, now: datetime) -> Record | None:
        with self._lock:
            record = self._known().get(one.key)
        return None if record is None or record.at > now + _CLOCK_TOLERANCE else record

    def _put(self, records: dict[str, Record]) -> None:
        if not records:
            return
        from xieka.reminders.records import LIMIT, RecordsFile

        with self._lock:
            merged = {**self._known(), **records}
            kept = sorted(merged.items(), key=lambda pair: pair[1].at)[-LIMIT:]
            self._loaded = dict(kept)
            whole = RecordsFile(records=self._loaded).model_dump_json(indent=1).encode()
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_whole(whole, self._path, mode=0o600)
            except OSError as error:
                log.warning("what was reminded of is not kept: %s", type(error).__name__)

    def _known(self) -> dict[str, Record]:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> dict[str, Record]:
        from pydantic import ValidationError

        from xieka.reminders.records import RecordsFile

        try:
            return dict(RecordsFile.model_validate_json(self._path.read_bytes()).records)
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            # Lost is only what was told: it is told once more.
            log.warning("the file of reminders is broken (%s), begun anew", type(error).__name__)
            return {}

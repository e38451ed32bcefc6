"""Which announcements have been read. Worth keeping, not worth an error: a broken file is begun anew."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from xieka.contract.content import Announcement
from xieka.core.files import write_whole

log = logging.getLogger(__name__)

NEWS_DAYS = 30
"""What is older than this at the first start counts as read."""
KEPT = 500


class _Marks(BaseModel):
    model_config = ConfigDict(frozen=True)

    since: AwareDatetime
    ids: list[str] = Field(default_factory=list, max_length=KEPT)


class ReadMarks:
    """Kept in one JSON file."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._marks = self._load() or self._begin(now)

    def unread(self, announcement: Announcement) -> bool:
        """True until its id is marked, unless it was old at the first start."""
        return announcement.date_published >= self._marks.since and announcement.id not in self._marks.ids

    def mark(self, ids: Iterable[str]) -> None:
        """From now on read. The newest KEPT marks stay."""
        with self._lock:
            known = list(dict.fromkeys([*self._marks.ids, *ids]))[-KEPT:]
            self._save(_Marks(since=self._marks.since, ids=known))

    def _begin(self, now: datetime) -> _Marks:
        marks = _Marks(since=now - timedelta(days=NEWS_DAYS))
        self._save(marks)
        return marks

    def _load(self) -> _Marks | None:
        try:
            return _Marks.model_validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return None

    def _save(self, marks: _Marks) -> None:
        self._marks = marks
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(marks.model_dump_json().encode(), self._path)
        except OSError as error:
            log.warning("read marks not saved: %s", error.strerror)

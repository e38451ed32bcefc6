"""The book of what was registered. It is for people: what is ours in the system's lists proves itself (models.mark)."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.osstore.models import Entry

log = logging.getLogger(__name__)


class Book(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: tuple[Entry, ...] = ()
    """By Ukey, in the order of their first registration."""
    places: tuple[str, ...] = ()
    """Where something of ours may stand; noted before it is written."""

    def with_entry(self, entry: Entry) -> Book:
        """With the entry; an earlier one of the same Ukey goes, unless it is about the same thing: then it stays."""
        for old in self.entries:
            if (old.token, old.sha256, old.module) == (entry.token, entry.sha256, entry.module):
                return self
        kept = tuple(old for old in self.entries if old.token != entry.token)
        return self.model_copy(update={"entries": (*kept, entry)})

    def with_places(self, places: list[str]) -> Book:
        """With these places, too."""
        return self.model_copy(update={"places": tuple(dict.fromkeys((*self.places, *places)))})


def load(path: Path) -> Book:
    """What was kept; a broken file is set aside and costs only the dates."""
    try:
        return Book.model_validate_json(path.read_bytes())
    except (FileNotFoundError, OSError):
        return Book()
    except ValidationError:
        log.warning("the book of registered certificates is broken; it is kept beside the new one")
        with suppress(OSError):
            path.replace(path.with_suffix(".broken"))
        return Book()


def save(book: Book, path: Path) -> None:
    """Raises XiekaError E-OSS-03."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(book.model_dump_json(indent=1).encode(), path, 0o600)
    except OSError as error:
        raise XiekaError("E-OSS-03", path=str(path)) from error

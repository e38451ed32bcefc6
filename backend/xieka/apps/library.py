"""Keeps 我的应用 in one file, on disk before in memory."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from xieka.apps.entries import (
    LIMIT,
    UPGRADE,
    BuiltinEntry,
    Entry,
    FirstFile,
    LibraryFile,
    LinkEntry,
    ProgramEntry,
    SavedLink,
    program_entry,
)
from xieka.apps.installed import Installed
from xieka.apps.native.models import NativeProgram
from xieka.content.kind import LinkKind
from xieka.contract.content import Link
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.files import write_whole

log = logging.getLogger(__name__)

Entries = tuple[Entry, ...]


class Library:
    """The entries in the user's order. Thread-safe. Publishes topic `apps` after every change.

    Every change raises XiekaError E-SAV-01 when it cannot be kept, E-SAV-05 while the file cannot be read; nothing
    changes then.
    """

    def __init__(self, path: Path, bus: EventBus) -> None:
        self._path = path
        self._bus = bus
        self._lock = threading.Lock()
        self._removed: tuple[str, int, Entry] | None = None
        self.problem: XiekaError | None = None
        """E-SAV-02: the file was broken and had to be set aside; E-SAV-05: it cannot be read, and is tried again."""
        self._unread = False
        self._entries = self._load()

    def entries(self) -> Entries:
        """All of them: the pinned first, else in the user's order."""
        with self._lock:
            self._again()
            return tuple(sorted(self._entries, key=lambda entry: not entry.pinned))

    def get(self, id_: str) -> Entry:
        """One of them. Raises XiekaError E-SAV-04."""
        for entry in self._entries:
            if entry.id == id_:
                return entry
        raise XiekaError("E-SAV-04")

    def link_ids(self) -> frozenset[str]:
        """Ids of the links, as the content names them."""
        return frozenset(entry.link.id for entry in self._entries if isinstance(entry, LinkEntry))

    def address(self, link: str) -> str | None:
        """Where a link leads; for Links, not for the page."""
        found = (entry.link for entry in self._entries if isinstance(entry, LinkEntry))
        return next((one.url for one in found if one.id == link), None)

    def add_link(self, link: Link, source: LinkKind) -> None:
        """Add it once; a second time changes nothing. Raises XiekaError E-SAV-03 (full)."""
        saved = SavedLink(
            id=link.id,
            name=link.short or link.name,
            url=link.url,
            icon=link.icon,
            tone=link.tone,
            source=source,
        )
        self._add(LinkEntry(link=saved))

    def add_program(self, program: Installed | NativeProgram) -> None:
        """Add it, or put its new face in the place of the old. Raises XiekaError E-SAV-03 (full)."""
        name, face = program.full_name, program.face
        self._add(ProgramEntry(name=name, title=face.title, icon=face.icon, tone=face.tone))

    def check_room(self, program: str) -> None:
        """Whether the program PUBLISHER/ID has its tile, or would find room for one. Raises XiekaError E-SAV-03."""
        with self._lock:
            self._again()
            if all(one.id != program_entry(program) for one in self._entries):
                self._check_room()

    def add_builtin(self, page: str) -> None:
        """Show a builtin again. Raises XiekaError E-SAV-03 (full)."""
        self._add(BuiltinEntry(page=page))

    def pin(self, id_: str, pinned: bool) -> None:
        """Put it among the first, or back. Raises XiekaError E-SAV-04."""

        def change(entries: Entries) -> Entries:
            entry = self.get(id_).model_copy(update={"pinned": pinned})
            return tuple(entry if one.id == id_ else one for one in entries)

        self._change(change)

    def move(self, id_: str, before: str | None) -> None:
        """Put it before another one, or (None) last. Raises XiekaError E-SAV-04."""

        def change(entries: Entries) -> Entries:
            entry = self.get(id_)
            rest = [one for one in entries if one.id != id_]
            place = len(rest) if before is None else rest.index(self.get(before)) if before != id_ else None
            if place is None:
                return entries
            return (*rest[:place], entry, *rest[place:])

        self._change(change)

    def remove(self, id_: str) -> str:
        """Take it out; gives the word for `restore`. Raises XiekaError E-SAV-04."""
        with self._lock:
            self._readable()
            entry = self.get(id_)
            place = self._entries.index(entry)
            self._save(tuple(one for one in self._entries if one.id != id_))
            word = secrets.token_hex(8)
            self._removed = (word, place, entry)
        self._tell()
        return word

    def restore(self, word: str) -> None:
        """撤销: put the last one that was removed back in its place. Raises XiekaError E-SAV-04 when it is not that."""
        with self._lock:
            self._readable()
            if self._removed is None or self._removed[0] != word:
                raise XiekaError("E-SAV-04")
            _, place, entry = self._removed
            if all(one.id != entry.id for one in self._entries):
                self._check_room()
                self._save((*self._entries[:place], entry, *self._entries[place:]))
            self._removed = None
        self._tell()

    def _add(self, entry: Entry) -> None:
        with self._lock:
            self._readable()
            same = next((one for one in self._entries if one.id == entry.id), None)
            if same is None:
                self._check_room()
                self._save((*self._entries, entry))
            elif isinstance(entry, ProgramEntry):
                fresh = entry.model_copy(update={"pinned": same.pinned})
                if fresh == same:
                    return
                self._save(tuple(fresh if one.id == entry.id else one for one in self._entries))
            else:
                return
        self._tell()

    def _change(self, change: Callable[[Entries], Entries]) -> None:
        with self._lock:
            self._readable()
            changed = change(self._entries)
            if changed == self._entries:
                return
            self._save(changed)
        self._tell()

    def _check_room(self) -> None:
        if len(self._entries) >= LIMIT:
            raise XiekaError("E-SAV-03", n=LIMIT)

    def _tell(self) -> None:
        self._bus.publish("apps", {"count": len(self._entries)})

    def _save(self, entries: Entries) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            whole = LibraryFile(entries=list(entries)).model_dump_json(indent=1).encode()
            write_whole(whole, self._path, mode=0o600)
        except OSError as error:
            raise XiekaError("E-SAV-01", path=str(self._path)) from error
        self._entries = entries

    def _readable(self) -> None:
        """Before a change: what could not be read must not be written over. Raises XiekaError E-SAV-05."""
        self._again()
        if self._unread:
            raise XiekaError("E-SAV-05", path=str(self._path))

    def _again(self) -> None:
        if self._unread:
            self._unread, self.problem = False, None
            self._entries = self._load()

    def _load(self) -> Entries:
        first: Entries = (BuiltinEntry(page=UPGRADE),)
        try:
            data = self._path.read_bytes()
            if _version(data) == 1:
                links = FirstFile.model_validate_json(data).links
                return (*first, *(LinkEntry(link=link) for link in links))
            return tuple(LibraryFile.model_validate_json(data).entries)
        except FileNotFoundError:
            return first
        except OSError as error:
            # It may be whole: a disk, a right or a descriptor is missing at the moment.
            log.warning("the library cannot be read: %s", type(error).__name__)
            self._unread, self.problem = True, XiekaError("E-SAV-05", path=str(self._path))
            return first
        except ValidationError:
            aside = self._aside()
            log.warning("the library is broken, set aside")
            self.problem = XiekaError("E-SAV-02", path=str(aside))
            return first

    def _aside(self) -> Path:
        """Keep the broken file beside, under a name that is free; where even that fails, where it is."""
        number = 1
        while (aside := self._path.with_name(f"{self._path.stem}.broken-{number}.json")).exists():
            number += 1
        try:
            return self._path.replace(aside)
        except OSError:
            return self._path


def _version(data: bytes) -> object:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value.get("version", 1) if isinstance(value, dict) else None

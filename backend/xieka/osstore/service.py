"""The face of the room: 导入签名证书, its switch and its list."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.lock import FileLock
from xieka.osstore import book as books
from xieka.osstore.choosing import Chosen, choose
from xieka.osstore.models import Entry, LeftOut, Place, Reason, Registered, StoreView
from xieka.osstore.nss import same
from xieka.osstore.store import Store
from xieka.settings.service import SettingsService
from xieka.token.models import Token
from xieka.token.service import TokenService

log = logging.getLogger(__name__)

LOCK_SECONDS: Final = 5.0
"""How long another process of ours may be at it."""


class OsStore:
    """Keeps the system's lists as the user's switch says. Thread-safe, also against other processes of ours.

    Event: `osstore` (the whole StoreView) when what is registered has changed.
    """

    def __init__(
        self, store: Store, tokens: TokenService, settings: SettingsService, data: Path, bus: EventBus, clock: Clock
    ) -> None:
        """`data`: the room's own folder."""
        self._store = store
        self._tokens = tokens
        self._settings = settings
        self._data = data
        self._path = data / "book.json"
        self._bus = bus
        self._clock = clock
        self._lock = threading.Lock()

    def view(self) -> StoreView:
        """The list as it is now: the book, and what the system's lists really hold."""
        book = books.load(self._path)
        places = self._store.places(book.places)
        present = self._tokens.tokens().tokens
        chosen = [(token, self._choose(token)) for token in present]
        here = {(one.entry.token, one.entry.sha256) for _, one in chosen if isinstance(one, Chosen)}
        return StoreView(
            enabled=self._settings.value.import_signing_certificate,
            supported=self._store.supported,
            entries=[
                Registered(
                    **entry.model_dump(),
                    present=(entry.token, entry.sha256) in here,
                    places=[place.path for place in places if _knows(place, entry)],
                )
                for entry in book.entries
            ],
            left_out=[
                LeftOut(token=token.id, label=token.label, reason=one)
                for token, one in chosen
                if not isinstance(one, Chosen)
            ],
            places=places,
        )

    def set(self, enabled: bool) -> StoreView:
        """Switch it. On: register what is plugged in. Off: take away all that we wrote.

        Raises XiekaError E-SET-01 (nothing changed), E-OSS-01 (not on this system; nothing changed), E-OSS-04 (busy)
        and, off, the first place's error: the switch stays off and the rest is taken away when it is next looked.
        """
        if enabled and not self._store.supported:
            raise XiekaError("E-OSS-01")
        self._settings.change(import_signing_certificate=enabled)
        self.sync()
        view = self.view()
        if not enabled:
            for place in view.places:
                if place.state == "broken" and place.path in books.load(self._path).places:
                    raise XiekaError("E-OSS-06", path=place.path)
        return view

    def sync(self) -> None:
        """Make the system's lists as the switch says. Does nothing where nothing is to be done.

        Raises XiekaError E-OSS-03 (the book cannot be written), E-OSS-04 (another process of ours is at it).
        """
        if not self._store.supported:
            return
        before = books.load(self._path)
        with self._alone():
            # A command may have switched it meanwhile.
            if self._settings.reread().import_signing_certificate:
                self._register()
            else:
                self._withdraw()
        if books.load(self._path) != before:
            self._bus.publish("osstore", self.view().model_dump(mode="json"))

    def _register(self) -> None:
        for token in self._tokens.tokens().tokens:
            one = self._choose(token)
            if not isinstance(one, Chosen):
                continue
            book = books.load(self._path)
            open_to = [p for p in self._store.places() if p.state != "broken" and not _knows(p, one.entry)]
            if open_to:
                # Before anything is written: whatever happens now, switching off looks there.
                book = self._keep(book, book.with_places([place.path for place in open_to]))
            former = next((old.sha256 for old in book.entries if old.token == one.entry.token), "")
            item = one.item if former == one.entry.sha256 else replace(one.item, replaces=former)
            places = self._store.register(item)
            for place in places:
                if place.error:
                    log.warning("a signing certificate was not registered with %s: %s", place.kind, place.error.code)
            if any(_knows(place, one.entry) for place in places):
                self._keep(book, book.with_entry(one.entry))

    def _withdraw(self) -> None:
        book = books.load(self._path)
        if not book.places and not book.entries and all(p.state != "registered" for p in self._store.places()):
            return
        broken = [place.path for place in self._store.withdraw(book.places) if place.error]
        left = [path for path in book.places if path in broken]
        self._keep(book, books.Book(places=tuple(left)))

    def _keep(self, old: books.Book, new: books.Book) -> books.Book:
        if new != old:
            books.save(new, self._path)
        return new

    def _choose(self, token: Token) -> Chosen | Reason:
        return choose(token, self._tokens.driver(token.driver), self._store.refuses, self._clock.now())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(self._data / "lock")
        end = self._clock.monotonic() + LOCK_SECONDS
        with self._lock:
            while not lock.acquire():
                if self._clock.monotonic() > end:
                    raise XiekaError("E-OSS-04", path=str(self._data))
                threading.Event().wait(0.05)
            try:
                yield
            finally:
                lock.release()


def _knows(place: Place, entry: Entry) -> bool:
    return entry.sha256 in place.certificates or any(same(library, Path(entry.module)) for library in place.modules)

"""The content of the pages: from the service, from the last time it was reached, or as shipped."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xieka.content import bundled
from xieka.content.bundled import Bundle
from xieka.content.models import ContentState, ContentView, PictureView
from xieka.content.read_marks import ReadMarks
from xieka.content.reading import SHOWN_PICTURES
from xieka.content.view import picture_id, view
from xieka.contract.content import Picture
from xieka.contract.links import domain
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.http import Http

if TYPE_CHECKING:
    from xieka.content.fetcher import Progress
    from xieka.content.trust import Trust, Version


class ContentService:
    """Everything is kept in `folder`. `base_url` None: no service, what is there already is shown.

    `root`: the root metadata that the program was shipped with; the trust in all else comes from it.
    """

    def __init__(
        self,
        base_url: str | None,
        root: bytes | None,
        folder: Path,
        http: Http,
        bus: EventBus,
        clock: Clock,
        *,
        bundle: Path = bundled.FOLDER,
    ) -> None:
        self._base_url = base_url
        self._root = root
        self._folder = folder
        self._http = http
        self._bus = bus
        self._clock = clock
        self._bundle = Bundle(bundle)
        self._loading = threading.Lock()
        self._refreshing = threading.Lock()
        self._trust: Trust | None = None
        self._held: tuple[ContentState, Version | None] | None = None
        self._marks: ReadMarks | None = None

    def state(self) -> ContentState:
        """What is known; never asks the network. The first call reads and verifies the kept files.

        Raises XiekaError E-CNT-08 or OSError only in a damaged installation.
        """
        return self._known()[0]

    def refresh(self, on_progress: Progress | None = None, cancel: threading.Event | None = None) -> ContentState:
        """Fetch and verify the newest version; publishes topic `content`. What was there stays when that fails.

        Raises XiekaError E-CNT-01 … E-CNT-11, E-NET-01 … E-NET-16.
        """
        trust = self._trusted()
        if self._base_url is None or trust is None:
            raise XiekaError("E-CNT-11")
        with self._refreshing:
            url = f"{self._base_url.rstrip('/')}/content"
            version = trust.refresh(url, self._http, self._clock.now(), on_progress, cancel)
            with self._loading:
                self._held = (ContentState("service", version.confirmed_at, False, version.content), version)
        self._publish()
        return self.state()

    def view(self, saved: Collection[str] = ()) -> ContentView:
        """The pages' part of it; `saved`: ids of links in 我的应用."""
        now = self._clock.now()
        shown = [
            PictureView(id=picture_id(one), alt=one.alt, domain=domain(one.url), bundled=own)
            for one, own in self.pictures()
        ]
        return view(self.state(), shown, now, saved, self._read_marks().unread)

    def pictures(self) -> list[tuple[Picture, bool]]:
        """Exactly two image links (D-34); True: the program's own fills the place."""
        state, version = self._known()
        found = [(one, version is None) for one in state.content.pictures.pictures]
        if len(found) < SHOWN_PICTURES:
            taken = {picture_id(one) for one, _ in found}
            spare = self._bundle.content().pictures.pictures
            found += [(one, True) for one in spare if picture_id(one) not in taken]
        return found[:SHOWN_PICTURES]

    def image(self, name: str) -> bytes:
        """PNG of one of the two pictures, by id. Raises XiekaError E-LNK-01 for any other."""
        version = self._known()[1]
        for picture, own in self.pictures():
            if picture_id(picture) == name:
                if own or version is None:
                    return self._bundle.image(picture.image)
                return version.pictures[picture.image]
        raise XiekaError("E-LNK-01")

    def mark_read(self, ids: Iterable[str]) -> None:
        """These announcements have been read; ids that are none are ignored. Publishes topic `content`."""
        known = {one.id for one in self.state().content.announcements.items}
        self._read_marks().mark(one for one in ids if one in known)
        self._publish()

    def _publish(self) -> None:
        state = self.state()
        self._bus.publish("content", {"source": state.source, "updated_at": state.updated_at.isoformat()})

    def _known(self) -> tuple[ContentState, Version | None]:
        with self._loading:
            if self._held is None:
                self._held = self._load()
            state, version = self._held
        expired = version is not None and self._clock.now() >= version.stored.expires
        return replace(state, expired=expired), version

    def _load(self) -> tuple[ContentState, Version | None]:
        trust = self._trusted()
        version = trust.kept() if trust else None
        if version is None:
            return ContentState("bundled", self._bundle.made_at(), False, self._bundle.content()), None
        return ContentState("cache", version.confirmed_at, False, version.content), version

    def _trusted(self) -> Trust | None:
        if self._trust is None and self._root is not None:
            # Imported here: python-tuf takes 0.15 s, which the start of the program does without.
            from xieka.content.trust import Trust

            self._trust = Trust(self._root, self._folder)
        return self._trust

    def _read_marks(self) -> ReadMarks:
        with self._loading:
            if self._marks is None:
                self._marks = ReadMarks(self._folder / "read.json", self._clock.now())
            return self._marks

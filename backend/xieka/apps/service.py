"""Keeps 我的应用 in one file, on disk before in memory."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from pydantic import ValidationError

from xieka.apps.models import LIMIT, AppsView, SavedFile, SavedLink, SavedLinkView
from xieka.content.kind import LinkKind
from xieka.contract.content import Link
from xieka.contract.links import domain
from xieka.core.clock import Clock
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.files import write_whole

log = logging.getLogger(__name__)


class SavedLinks:
    """The links of 我的应用, in the order of adding. Publishes topic `apps` after every change."""

    def __init__(self, path: Path, bus: EventBus, clock: Clock) -> None:
        self._path = path
        self._bus = bus
        self._clock = clock
        self._lock = threading.Lock()
        self.problem: XiekaError | None = None
        """E-SAV-02 when the file was broken and had to be set aside."""
        self._links = self._load()

    def links(self) -> tuple[SavedLink, ...]:
        """All of them."""
        return self._links

    def ids(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(link.id for link in self._links)

    def address(self, id_: str) -> str | None:
        """Where an entry leads; for Links, not for the page."""
        return next((link.url for link in self._links if link.id == id_), None)

    def view(self) -> AppsView:
        """What the page shows."""
        return AppsView(
            items=[
                SavedLinkView(
                    id=one.id,
                    name=one.name,
                    domain=domain(one.url),
                    icon=one.icon,
                    tone=one.tone,
                    added_at=one.added_at,
                )
                for one in self._links
            ],
            problem=ErrorView(**self.problem.body()) if self.problem else None,
        )

    def add(self, link: Link, source: LinkKind) -> None:
        """Add it once; a second time changes nothing. Raises XiekaError E-SAV-01, E-SAV-03; the list stays then."""
        with self._lock:
            if any(one.id == link.id for one in self._links):
                return
            if len(self._links) >= LIMIT:
                raise XiekaError("E-SAV-03", n=LIMIT)
            saved = SavedLink(
                id=link.id,
                name=link.short or link.name,
                url=link.url,
                icon=link.icon,
                tone=link.tone,
                source=source,
                added_at=self._clock.now(),
            )
            self._save((*self._links, saved))
        self._bus.publish("apps", {"count": len(self._links)})

    def remove(self, id_: str) -> None:
        """Take it out; one that is not there changes nothing. Raises XiekaError E-SAV-01; the list stays then."""
        with self._lock:
            left = tuple(one for one in self._links if one.id != id_)
            if len(left) == len(self._links):
                return
            self._save(left)
        self._bus.publish("apps", {"count": len(self._links)})

    def _save(self, links: tuple[SavedLink, ...]) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(SavedFile(links=list(links)).model_dump_json(indent=1).encode(), self._path, mode=0o600)
        except OSError as error:
            raise XiekaError("E-SAV-01", path=str(self._path)) from error
        self._links = links

    def _load(self) -> tuple[SavedLink, ...]:
        try:
            return tuple(SavedFile.model_validate_json(self._path.read_bytes()).links)
        except FileNotFoundError:
            return ()
        except (OSError, ValidationError) as error:
            aside = self._aside()
            log.warning("the saved links are broken (%s), set aside", type(error).__name__)
            self.problem = XiekaError("E-SAV-02", path=str(aside))
            return ()

    def _aside(self) -> Path:
        """Keep the broken file beside, under a name that is free; where even that fails, where it is."""
        number = 1
        while (aside := self._path.with_name(f"{self._path.stem}.broken-{number}.json")).exists():
            number += 1
        try:
            return self._path.replace(aside)
        except OSError:
            return self._path

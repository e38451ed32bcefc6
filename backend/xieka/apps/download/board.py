"""The list of downloads under one lock, and what is told about it: in order, and outside of the lock."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from xieka.apps.download.models import DownloadView, State, Wanted
from xieka.apps.download.pace import Pace
from xieka.apps.download.part import Note
from xieka.apps.telling import Telling
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus


@dataclass(slots=True, eq=False)
class Item:
    """One download from `add` or `resume` to its end; going on after a pause is another item's matter."""

    wanted: Wanted
    note: Note
    state: State
    bytes: int = 0
    pace: Pace | None = None
    problem: XiekaError | None = None
    told: DownloadView | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    """Set for good once it is not to go on: what its run still does changes nothing that is shown."""

    def view(self) -> DownloadView:
        """How it is shown."""
        pace = self.pace if self.state == "downloading" else None
        return DownloadView(
            id=self.wanted.id,
            sha256=self.wanted.sha256,
            state=self.state,
            bytes=self.bytes,
            length=self.wanted.length,
            speed=pace.speed if pace else None,
            remaining=pace.remaining(self.wanted.length - self.bytes) if pace else None,
            problem=ErrorView(**self.problem.body()) if self.problem else None,
        )


class Board:
    """`items` by program, in the order of their turns. Hold `changed` to read or change anything but by `tell`."""

    def __init__(self, bus: EventBus) -> None:
        self.changed = threading.Condition()
        self.items: dict[str, Item] = {}
        self.running: Item | None = None
        """Whose run is not over: it may have left the list."""
        self._bus = bus
        self._untold: deque[DownloadView] = deque()
        self.tell = Telling(self._tell)
        """Publish what was said, in that order whichever thread comes first. Not to be called under the lock."""

    def set(self, item: Item, state: State, problem: XiekaError | None = None) -> None:
        """Change its state."""
        item.state, item.problem = state, problem
        self.say(item)
        self.changed.notify_all()

    def say(self, item: Item) -> None:
        """Have it told as it is now, if that is news."""
        view = item.view()
        if view != item.told:
            item.told = view
            self._untold.append(view)

    def _tell(self) -> None:
        while self._untold:
            self._bus.publish("downloads", self._untold.popleft().model_dump(mode="json"))

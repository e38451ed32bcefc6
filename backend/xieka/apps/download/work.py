"""One run of one item: from what is on the disk to the verified package, shown on the way."""

from __future__ import annotations

from pathlib import Path

from xieka.apps.download.board import Board, Item
from xieka.apps.download.fetch import Fetch, Way
from xieka.apps.download.models import State
from xieka.apps.download.pace import Pace
from xieka.apps.download.part import Part, finished
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError


class Work:
    """`run` in the downloads' thread. Once the item is stopped, nothing more is shown or given its name."""

    def __init__(self, item: Item, folder: Path, way: Way, board: Board, clock: Clock) -> None:
        self._item = item
        self._folder = folder
        self._way = way
        self._board = board
        self._clock = clock

    def run(self) -> None:
        """Return when the item is done or stopped. Raises XiekaError, see Fetch.run."""
        item = self._item
        if (self._folder / item.wanted.sha256).exists():
            self._step("verifying")
            if finished(self._folder, item.wanted, item.stop):
                with self._board.changed:
                    if not item.stop.is_set():
                        item.note.remove()
                        item.bytes = item.wanted.length
                        self._board.set(item, "done")
                return
            self._step("downloading")
        part = Part(self._folder, item.note, item.stop)
        try:
            self._trouble(part, None)
            Fetch(
                self._way, item.wanted, part, item.stop, lambda: self._look(part), lambda why: self._trouble(part, why)
            ).run()
            self._step("verifying", part)
            part.sync()
            with self._board.changed:
                if not item.stop.is_set():
                    part.finish()
                    self._board.set(item, "done")
        finally:
            with self._board.changed:
                item.bytes = part.have
                if self._board.items.get(item.wanted.id) is item:
                    self._board.say(item)
            part.close()

    def _step(self, state: State, part: Part | None = None) -> None:
        with self._board.changed:
            if not self._item.stop.is_set():
                if part is not None:
                    self._item.bytes = part.have
                self._board.set(self._item, state)
        self._board.tell()

    def _look(self, part: Part) -> None:
        pace = self._item.pace
        if pace is not None and pace.look(part.received):
            self._show(part)

    def _trouble(self, part: Part, why: XiekaError | None) -> None:
        """Nothing comes for this reason; None: it is being fetched (again)."""
        with self._board.changed:
            self._item.problem = why
            self._item.pace = None if why else Pace(self._clock.monotonic, part.received)
        self._show(part)

    def _show(self, part: Part) -> None:
        with self._board.changed:
            if not self._item.stop.is_set():
                self._item.bytes = part.have
                self._board.say(self._item)
        self._board.tell()

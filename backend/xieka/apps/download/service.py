"""The queue of downloads: one at a time, resumable over pauses, lost networks, restarts and kills.

A package is usable when it has its name, DATA/apps/downloads/SHA256: only then its length and hash were right.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from xieka.apps.download.board import Board, Item
from xieka.apps.download.fetch import Way
from xieka.apps.download.folder import Folder
from xieka.apps.download.models import QUEUE_LIMIT, UNDER_WAY, DownloadView, NoteFile, State, Wanted
from xieka.apps.download.part import Note, disk_error
from xieka.apps.download.work import Work
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.log import report

log = logging.getLogger(__name__)

CLOSE_SECONDS = 1.0


class Downloads:
    """Any thread may call anything. Publishes topic `downloads` (a DownloadView) at every change of a state, and five
    times a second at most while bytes come.
    """

    def __init__(self, folder: Path, way: Way, bus: EventBus, clock: Clock) -> None:
        """`folder`: DATA/apps/downloads."""
        self._folder = Folder(folder)
        self._way = way
        self._clock = clock
        self._board = Board(bus)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="downloads", daemon=True)

    def start(self) -> None:
        """Remove what is old, go on with what was not paused. While another process works there, nothing of this."""
        try:
            self._folder.take()
            self._folder.tidy(self._clock.now().timestamp())
            notes = self._folder.notes()
        except (XiekaError, OSError) as error:
            log.warning("unfinished downloads are left alone: %s", type(error).__name__)
            notes = []
        with self._board.changed:
            for note in notes:
                self._put(Note(self._folder.path, note), "paused" if note.paused else "waiting")
            self._thread.start()
        self._board.tell()

    def close(self) -> None:
        """End within a second; everything stays as it is, to be gone on with at the next start."""
        with self._board.changed:
            self._closed = True
            if self._board.running is not None:
                self._board.running.stop.set()
            self._board.changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_SECONDS)

    def views(self) -> list[DownloadView]:
        """All of them in the order of adding; one that was cancelled is in no list."""
        with self._board.changed:
            return [item.view() for item in self._board.items.values()]

    def file(self, id_: str, sha256: str) -> Path | None:
        """This package of a program and no other, when its download is `done`: verified."""
        with self._board.changed:
            item = self._board.items.get(id_)
            if item is None or item.state != "done" or item.wanted.sha256 != sha256:
                return None
            path = self._folder.path / sha256
        return path if path.is_file() else None

    def add(self, wanted: Wanted) -> DownloadView:
        """Put it at the end of the queue, or go on with it; one that is under way or done stays as it is.

        Another version of the same program takes the place of the earlier one. Raises XiekaError E-DWN-01 while another
        process downloads, E-DWN-02 or E-DSK-01 when nothing can be written, E-DWN-03 when the queue is full.
        """
        with self._board.changed:
            item = self._board.items.get(wanted.id)
            if item is not None and item.wanted == wanted and (item.state in UNDER_WAY or self._is_done(item)):
                return item.view()
            self._make_room(item)
            if item is not None and item.wanted.sha256 != wanted.sha256:
                self._drop(item)
                item = None
            before = self._folder.note(wanted.sha256) or NoteFile(wanted=wanted)
            note = item.note if item is not None else Note(self._folder.path, before)
            try:
                note.save(wanted=wanted, paused=False)
            except OSError as error:
                self._board.changed.notify_all()
                raise disk_error(error, self._folder.path, wanted.length) from error
            view = self._put(note, "waiting").view()
        self._board.tell()
        return view

    def pause(self, id_: str) -> None:
        """Stop one that is under way; what came of it stays, also over a restart."""
        with self._board.changed:
            item = self._board.items.get(id_)
            if item is not None and item.state in UNDER_WAY:
                item.stop.set()
                self._keep_paused(item)
                self._board.set(item, "paused")
        self._board.tell()

    def resume(self, id_: str) -> None:
        """Put a paused or failed one at the end of the queue. Raises like `add`."""
        with self._board.changed:
            item = self._board.items.get(id_)
            wanted = item.wanted if item is not None and item.state in ("paused", "failed") else None
        if wanted is not None:
            self.add(wanted)

    def cancel(self, id_: str, sha256: str | None = None) -> None:
        """Take it out of the list and remove what there is of it, a finished package too; `sha256`: only this one."""
        with self._board.changed:
            item = self._board.items.get(id_)
            if item is not None and sha256 in (None, item.wanted.sha256):
                self._drop(item)
        self._board.tell()

    # --- under the lock ------------------------------------------------------------------------------------------

    def _make_room(self, item: Item | None) -> None:
        """Raises XiekaError E-DWN-03 when there is none for this one, and what Folder.take raises."""
        if self._closed:
            raise XiekaError("E-NET-13")
        others = sum(one.state in UNDER_WAY for one in self._board.items.values() if one is not item)
        if others >= QUEUE_LIMIT:
            raise XiekaError("E-DWN-03", n=QUEUE_LIMIT)
        self._folder.take()

    def _put(self, note: Note, state: State) -> Item:
        """At the end of the list, instead of what there is of this program."""
        wanted = note.value.wanted
        if (earlier := self._board.items.pop(wanted.id, None)) is not None:
            earlier.stop.set()
        item = self._board.items[wanted.id] = Item(wanted, note, state, self._folder.size(wanted.sha256))
        self._board.set(item, state)
        return item

    def _drop(self, item: Item) -> None:
        del self._board.items[item.wanted.id]
        item.stop.set()
        self._board.set(item, "cancelled")
        self._erase(item.wanted.sha256)

    def _erase(self, sha256: str) -> None:
        """Remove a package that no item wants any more; while one is at work on it, this waits for its end."""
        wanting = {
            item.wanted.sha256 for item in (*self._board.items.values(), self._board.running) if item is not None
        }
        if sha256 not in wanting:
            try:
                self._folder.take()
            except XiekaError:
                return  # The other process's now.
            self._folder.erase(sha256)

    def _fail(self, item: Item, problem: XiekaError) -> None:
        log.warning("a download failed: %s", problem.code)
        item.stop.set()
        if item.bytes:
            self._keep_paused(item)
        else:
            self._folder.erase(item.wanted.sha256)
        self._board.set(item, "failed", problem)

    def _keep_paused(self, item: Item) -> None:
        try:
            item.note.save(paused=True)
        except OSError as error:
            log.warning("a download will go on after a restart: %s", type(error).__name__)

    def _is_done(self, item: Item) -> bool:
        if item.state != "done":
            return False
        try:
            os.utime(self._folder.path / item.wanted.sha256)  # Asked for again: it is kept another week.
        except OSError:
            return False
        return True

    # --- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (item := self._next()) is not None:
            problem = None
            try:
                Work(item, self._folder.path, self._way, self._board, self._clock).run()
            except XiekaError as error:
                problem = error
            except Exception as error:  # noqa: BLE001 - a fault here must not end the thread: the others go on
                problem = XiekaError("E-INT-01", ref=report(error, "a download"))
            with self._board.changed:
                self._board.running = None
                if problem is not None and not item.stop.is_set():
                    self._fail(item, problem)
                self._erase(item.wanted.sha256)
            self._board.tell()

    def _next(self) -> Item | None:
        with self._board.changed:
            while not self._closed:
                item = next((one for one in self._board.items.values() if one.state == "waiting"), None)
                if item is not None:
                    self._board.running = item
                    self._board.set(item, "downloading")
                    break
                self._folder.give_back()
                self._board.changed.wait()
            else:
                self._folder.give_back()
                return None
        self._board.tell()
        return item

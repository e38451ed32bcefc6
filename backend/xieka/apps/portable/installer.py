"""Installs, updates and removes portable programs: whole, or not at all.

One operation at a time, over all processes. What each step does to the disk, and in which order: switch.py.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from xieka.apps import places, running
from xieka.apps.archive.models import Cancel, Progress, Unpacked
from xieka.apps.archive.unpack import failed, unpack
from xieka.apps.folder_lock import folder_lock
from xieka.apps.installed import Done, Face, Installed, Ledger, Operation, Report, State
from xieka.apps.portable.integrity import Integrity
from xieka.apps.portable.journal import Journal
from xieka.apps.portable.ledger import UNREADABLE, Ledgers
from xieka.apps.portable.removal import Removal
from xieka.apps.portable.switch import Switch
from xieka.contract.apps import Archive, Package, Program
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError

log = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.1
"""How soon a cancel is seen by what waits for another operation."""


class Installer:
    """Keeps its books in `folder` (DATA/apps). `own`: folders of 协卡助手 itself, where nothing may be installed."""

    def __init__(self, folder: Path, own: Iterable[Path], clock: Clock) -> None:
        self._folder = folder
        self._own = (folder, *own)
        self._clock = clock
        self._journal = Journal(folder / "journal.json")
        self._ledgers = Ledgers(folder / "installed")
        self._switch = Switch(self._journal, self._ledgers)
        self._removal = Removal(self._journal, self._ledgers)
        self._integrity = Integrity()
        self._turn = threading.Lock()
        self._broken: tuple[XiekaError, ...] = ()
        """Ledgers that had to be set aside and are not told yet."""

    def installed(self) -> tuple[Installed, ...]:
        """All programs, by id. One whose ledger is broken is none any more, one whose ledger cannot be read is none
        now; `recover` tells both (E-INS-20, E-INS-24).
        """
        return tuple(ledger.program for ledger in self._all()[0] if not ledger.removed)

    def check(self, id_: str) -> State:
        """Whether what is run of a program is there, by sizes. Raises XiekaError E-INS-16, E-INS-20, E-INS-24."""
        return self._integrity.state(self._ledger(id_), content=False)

    def verify(self, id_: str) -> State:
        """The same by content, before it is started; what is large is read once and when it has changed since."""
        return self._integrity.state(self._ledger(id_), content=True)

    def install(
        self,
        program: Program,
        package: Package,
        archive: Path,
        folder: Path,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Installed:
        """Install or update; `archive` is the package's file, its length and hash verified by the caller.

        `folder` is new or empty, or the program's own: then the user's files in it stay, `Installed.kept` says which
        of them have another name now. Raises XiekaError E-PKG-10 … 23, E-DSK-01, E-INS-10 … 15, E-INS-17 … 20,
        E-INS-23, E-INS-24 and E-INS-33, and nothing has changed then; E-INS-21: see Switch.finish. ValueError when it
        is none to unpack.
        """
        recipe = package.install
        if not isinstance(recipe, Archive):
            raise ValueError("not an archive")
        with self._alone(cancel):
            self._recover(program.id)
            folder = places.resolved(folder)
            former = self._allowed(program, recipe.unpacked, folder)
            operation = self._begin(program, folder)
            try:
                files = self._prepare(operation, recipe, archive, progress, cancel)
                ledger = Ledger(program=self._entry(program, recipe, folder, files), files=files)
                self._ledgers.write(ledger, self._ledgers.pending(operation))
                if former is not None:
                    self._ledgers.write(former, self._ledgers.former(operation))
                _not_running(program.name, folder)
                self._journal.put(operation.model_copy(update={"phase": "switch"}))
            except OSError as error:
                self._take_back(operation)
                raise failed(error, places.existing(folder.parent), recipe.unpacked) from error
            except BaseException:
                self._take_back(operation)
                raise
            try:
                done = self._switch.finish(operation)
            except OSError as error:
                self._take_back(operation)
                raise failed(error, places.existing(folder.parent), recipe.unpacked) from error
            return ledger.program.model_copy(update={"kept": done.kept})

    def check_folder(self, program: Program, size: int, folder: Path) -> Path:
        """The folder as it would be used, links resolved; nothing is written. Raises XiekaError as `install` would."""
        folder = places.resolved(folder)
        self._allowed(program, size, folder)
        return folder

    def uninstall(self, id_: str, *, keep_user_data: bool) -> Done:
        """Remove exactly what we wrote; with `keep_user_data` False everything in the program's folder.

        Where what is started is gone, somebody else has been at the folder, and only what we wrote is removed: see
        `Done.left`. Going on with a removal that was interrupted, the user's files go only when both calls said so.
        Raises XiekaError E-INS-10, E-INS-12, E-INS-15, E-INS-16, E-INS-20, E-INS-23, E-INS-24: nothing has changed
        then; E-INS-21, E-INS-22: some of it could not be removed, the next start or call goes on.
        """
        with self._alone():
            begun = next((one for one in self._journal.operations() if (one.id, one.kind) == (id_, "uninstall")), None)
            if begun is not None:
                return self._removal.finish(self._kinder(begun, keep_user_data=keep_user_data))
            self._recover(id_)
            ledger = self._ledger(id_)
            program = ledger.program
            folder = Path(program.folder)
            _not_running(program.name, folder)
            if folder.exists() and not os.access(folder.parent, os.W_OK | os.X_OK):
                raise XiekaError("E-INS-12", path=str(folder.parent))
            operation = Operation(
                id=id_,
                name=program.name,
                kind="uninstall",
                phase="switch",
                folder=program.folder,
                token=secrets.token_hex(8),
                delete_user_data=not keep_user_data and self.check(id_) != "missing",
            )
            try:
                self._journal.put(operation)
            except OSError as error:
                raise failed(error, folder, 0) from error
            return self._removal.finish(operation)

    def _kinder(self, begun: Operation, *, keep_user_data: bool) -> Operation:
        if not (begun.delete_user_data and keep_user_data):
            return begun
        kinder = begun.model_copy(update={"delete_user_data": False})
        try:
            # Before a file is touched: the next start goes by the journal.
            self._journal.put(kinder)
        except OSError as error:
            raise failed(error, begun.target, 0) from error
        return kinder

    def recover(self) -> Report:
        """Finish or take back what a kill or a power cut interrupted; to be called at every start.

        A second call finds nothing more to do. One program that cannot be put right holds up no other. While another
        process is at work there is nothing to recover.
        """
        try:
            with self._alone():
                with contextlib.suppress(OSError):
                    self._ledgers.sweep()
                report = self._recover()
                unreadable = self._all()[1]
                problems, self._broken = (*report.problems, *unreadable, *self._broken), ()
                return Report(report.done, problems)
        except XiekaError as error:
            return Report() if error.code == "E-INS-10" else Report(problems=(error,))

    def _recover(self, only: str | None = None) -> Report:
        """`only`: the program that is about to be changed; what is wrong with it is raised."""
        done: list[Done] = []
        problems: list[XiekaError] = []
        for operation in self._journal.operations():
            if only not in (None, operation.id):
                continue
            try:
                if only is None:
                    _reachable(operation)
                done.append(self._resume(operation))
            except XiekaError as error:
                problems.append(error)
            except OSError as error:
                log.warning("%s of %s cannot be ended: %s", operation.kind, operation.id, type(error).__name__)
                detail = errno.errorcode.get(error.errno or 0, "OSError")
                problems.append(XiekaError("E-INS-21", path=operation.folder, detail=detail))
        if only is not None and problems:
            raise problems[0]
        return Report(tuple(done), tuple(problems))

    def _resume(self, operation: Operation) -> Done:
        if operation.kind == "uninstall":
            return self._removal.finish(operation)
        if operation.phase == "prepare":
            return self._switch.take_back(operation)
        try:
            return self._switch.finish(operation)
        except OSError:
            return self._switch.take_back(operation)

    def _take_back(self, operation: Operation) -> None:
        """After an error that is told already: what stays behind is told at the next start."""
        try:
            self._switch.take_back(operation)
        except (XiekaError, OSError) as error:
            log.warning("the installation of %s is not taken back yet: %s", operation.id, type(error).__name__)

    @contextlib.contextmanager
    def _alone(self, cancel: Cancel | None = None) -> Iterator[None]:
        """Within this process one waits for the other; another process is told."""
        while not self._turn.acquire(timeout=_LOOK_SECONDS):
            if cancel is not None and cancel.is_set():
                raise XiekaError("E-INS-18")
        try:
            with folder_lock(self._folder):
                yield
        finally:
            self._turn.release()

    def _all(self) -> tuple[tuple[Ledger, ...], tuple[XiekaError, ...]]:
        """What can be read, and why the rest cannot be now."""
        found, problems = self._ledgers.all()
        self._broken += tuple(one for one in problems if one.code != UNREADABLE)
        return found, tuple(one for one in problems if one.code == UNREADABLE)

    def _ledger(self, id_: str) -> Ledger:
        ledger = self._ledgers.get(id_)
        if ledger is None or ledger.removed:
            raise XiekaError("E-INS-16")
        return ledger

    def _allowed(self, program: Program, size: int, folder: Path) -> Ledger | None:
        """The ledger of what is there already; None: nothing of ours."""
        ledgers, unreadable = self._all()
        if unreadable:
            # It may be this program's, or that of another one in this folder.
            raise unreadable[0]
        former = next((one for one in ledgers if one.program.id == program.id), None)
        if former is not None:
            same, here = former.program.publisher == program.publisher, Path(former.program.folder) == folder
            if not former.removed and not same:
                raise XiekaError("E-INS-33", name=former.program.name)
            if not former.removed and not here:
                raise XiekaError("E-INS-17", path=former.program.folder)
            if not (same and here):
                former = None
        others = [Path(one.program.folder) for one in ledgers if one.program.id != program.id and not one.removed]
        places.check(folder, size, self._own, others)
        if folder.exists():
            if former is None and any(folder.iterdir()):
                raise XiekaError("E-INS-11", path=str(folder))
            _not_running(program.name, folder)
        return former

    def _begin(self, program: Program, folder: Path) -> Operation:
        operation = Operation(
            id=program.id,
            name=program.name,
            kind="install",
            phase="prepare",
            folder=str(folder),
            token=secrets.token_hex(8),
            made=tuple(str(one) for one in places.missing(folder.parent)),
        )
        try:
            self._journal.put(operation)
        except OSError as error:
            raise failed(error, self._folder, 0) from error
        return operation

    def _prepare(
        self, operation: Operation, recipe: Archive, archive: Path, progress: Progress | None, cancel: Cancel | None
    ) -> tuple[Unpacked, ...]:
        for one in operation.made:
            Path(one).mkdir()
        operation.staging.mkdir()
        files = unpack(archive, recipe, operation.staging, progress, cancel)
        places.check_lengths(operation.target, (one.path for one in files))
        return files

    def _entry(self, program: Program, recipe: Archive, folder: Path, files: tuple[Unpacked, ...]) -> Installed:
        return Installed(
            id=program.id,
            publisher=program.publisher,
            name=program.name,
            version=program.version,
            folder=str(folder),
            entry=recipe.entry,
            arguments=recipe.arguments,
            installed_at=self._clock.now(),
            size=sum(one.size for one in files),
            shown=Face(title=program.short or program.name, icon=program.icon, tone=program.tone),
        )


def _reachable(operation: Operation) -> None:
    """A disk that is not plugged in is waited for: what a switch put aside on it must not be forgotten.

    Only at a start: somebody who asks for the program itself is not made to wait for a disk that may never come back.
    """
    if operation.phase == "switch" and not operation.target.parent.exists():
        raise XiekaError("E-INS-21", path=operation.folder, detail="ENOENT")


def _not_running(name: str, folder: Path) -> None:
    users = running.users(folder)
    if users:
        raise XiekaError("E-INS-15", name=name, processes="、".join(users))

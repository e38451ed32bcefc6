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
from pathlib import Path, PurePosixPath
from typing import Final

from xieka.apps import places, running
from xieka.apps.archive.models import Cancel, Progress, Unpacked
from xieka.apps.archive.unpack import failed, unpack
from xieka.apps.installed import Done, Installed, Ledger, Operation, Report, State
from xieka.apps.journal import Journal
from xieka.apps.ledger import Ledgers
from xieka.apps.removal import Removal
from xieka.apps.sweep import ours
from xieka.apps.switch import Switch
from xieka.apps.tree import Tree, is_file
from xieka.contract.apps import Archive, Package, Program
from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.lock import FileLock

log = logging.getLogger(__name__)

_CODE: Final = frozenset((".bat", ".cmd", ".dll", ".exe", ".htm", ".html", ".jar", ".js", ".ps1", ".py", ".sh", ".so"))
"""Files that are run although they need no executable bit."""


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
        self._turn = threading.Lock()
        self._broken: tuple[XiekaError, ...] = ()
        """Ledgers that had to be set aside and are not told yet."""

    def installed(self) -> tuple[Installed, ...]:
        """All programs, by id. One whose ledger is broken is none any more; `recover` tells it (E-INS-20)."""
        return tuple(ledger.program for ledger in self._all() if not ledger.removed)

    def check(self, id_: str) -> State:
        """Whether the program's files are there, by their sizes. Raises XiekaError E-INS-16, E-INS-20."""
        return self._state(id_, content=False)

    def verify(self, id_: str) -> State:
        """The same by their content: reads all of it. Raises XiekaError E-INS-16, E-INS-20."""
        return self._state(id_, content=True)

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
        of them have another name now. Raises XiekaError E-PKG-10 … 23, E-DSK-01, E-INS-10 … 15, E-INS-17 … 20 and
        E-INS-23, and nothing has changed then; E-INS-21: see Switch.finish. ValueError when it is none to unpack.
        """
        recipe = package.install
        if not isinstance(recipe, Archive):
            raise ValueError("not an archive")
        with self._alone():
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
        `Done.left`. Raises XiekaError E-INS-10, E-INS-12, E-INS-15, E-INS-16, E-INS-20, E-INS-23: nothing has changed
        then; E-INS-21, E-INS-22: some of it could not be removed, the next start or call goes on.
        """
        with self._alone():
            begun = next((one for one in self._journal.operations() if (one.id, one.kind) == (id_, "uninstall")), None)
            if begun is not None:
                return self._removal.finish(begun)
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
                self._all()
                problems, self._broken = (*report.problems, *self._broken), ()
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
    def _alone(self) -> Iterator[None]:
        """Within this process one waits for the other; another process is told."""
        with self._turn:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                lock = FileLock(self._folder / "lock")
                free = lock.acquire()
            except OSError as error:
                raise XiekaError("E-INS-12", path=str(self._folder)) from error
            if not free:
                raise XiekaError("E-INS-10")
            try:
                yield
            except OSError as error:
                # A folder that cannot even be looked at; where something was begun, it is told more exactly.
                raise XiekaError("E-INS-12", path=str(error.filename or self._folder)) from error
            finally:
                lock.release()

    def _all(self) -> tuple[Ledger, ...]:
        found, problems = self._ledgers.all()
        self._broken += problems
        return found

    def _ledger(self, id_: str) -> Ledger:
        ledger = self._ledgers.get(id_)
        if ledger is None or ledger.removed:
            raise XiekaError("E-INS-16")
        return ledger

    def _allowed(self, program: Program, size: int, folder: Path) -> Ledger | None:
        """The ledger of what is there already; None: nothing of ours."""
        ledgers = self._all()
        former = next((one for one in ledgers if one.program.id == program.id), None)
        if former is not None and Path(former.program.folder) != folder:
            if not former.removed:
                raise XiekaError("E-INS-17", path=former.program.folder)
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
        )

    def _state(self, id_: str, *, content: bool) -> State:
        ledger = self._ledger(id_)
        entry = tuple(ledger.program.entry.split("/"))
        try:
            with Tree(Path(ledger.program.folder)) as tree:
                found = tree.look(entry)
                if found is None or not is_file(found):
                    return "missing"
                for one in ledger.files:
                    found = tree.look(tuple(one.path.split("/")))
                    if found is None or not is_file(found):
                        return "changed"
                    # A program may write into its own data, its settings say; what is run stays as it was signed.
                    if not (one.path == ledger.program.entry or _is_run(one)):
                        continue
                    if found.st_size != one.size or (content and not ours(tree, one)):
                        return "changed"
        except OSError:
            return "missing"
        return "ok"


def _is_run(one: Unpacked) -> bool:
    return one.executable or PurePosixPath(one.path).suffix.lower() in _CODE


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

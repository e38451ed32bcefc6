"""Has the platform install, update and remove programs, and knows which of them are ours to remove.

The platform's installer is the one that writes and the one that knows. A kill of this program does not stop it: what
came of it is asked again whenever somebody looks.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xieka.apps import running
from xieka.apps.archive.unpack import failed
from xieka.apps.folder_lock import folder_lock
from xieka.apps.installed import Face, State
from xieka.apps.native.books import Books
from xieka.apps.native.models import NativeProgram, Progress, System
from xieka.apps.native.paths import entry_of
from xieka.contract.apps import Native, Package, Program
from xieka.core.errors import XiekaError

_PATIENCE: Final = 2.0
"""Seconds that one operation waits for another of this process."""

log = logging.getLogger(__name__)


class NativeInstaller:
    """Keeps its books in `folder` (DATA/apps/native). One operation at a time, over all processes; none waits."""

    def __init__(self, folder: Path, system: System) -> None:
        self._folder = folder
        self._system = system
        self._books = Books(folder)
        self._turn = threading.Lock()

    def supports(self, recipe: Native) -> bool:
        """Whether this computer can install it."""
        return self._system.supports(recipe.format)

    def installed(self) -> tuple[NativeProgram, ...]:
        """All programs that came to pass, by id; during an update as they were before it."""
        return tuple(program for one in self._books.all() if (program := _standing_one(one)) is not None)

    def check(self, id_: str) -> State:
        """Whether the platform still has it. Raises XiekaError E-INS-16, E-INS-24, E-INS-25."""
        program = self._program(id_)
        entry = entry_of(program.install)
        if entry is not None and not entry.is_file():
            return "missing"
        try:
            standing = self._system.standing(program.install)
        except XiekaError:
            # No answer is none against it.
            return "ok"
        return "ok" if standing is not None and standing.whole else "missing"

    def install(
        self, program: Program, package: Package, archive: Path, sha256: str, progress: Progress
    ) -> NativeProgram:
        """Install or update; `archive` is the package's file, to be proven once more by `sha256`.

        `progress`: its first call tells that permission was given. Raises XiekaError E-INS-10, E-INS-12, E-INS-15,
        E-INS-24, E-INS-25, E-INS-33, E-INS-40 … 44, E-INS-49, E-INS-50. ValueError when it is no native package.
        """
        recipe = package.install
        if not isinstance(recipe, Native):
            raise ValueError("not a native package")
        with self._alone():
            known = self._books.get(program.id)
            if known is not None and known.full_name != program.full_name:
                raise XiekaError("E-INS-33", name=known.name)
            former = _standing_one(known) if known is not None else None
            if former is not None:
                _not_running(former.name, former.install)
            standing = self._system.standing(recipe)
            there = standing.version if standing is not None else None
            begun = NativeProgram(
                id=program.id,
                publisher=program.publisher,
                name=program.name,
                version=program.version,
                install=recipe,
                shown=Face(title=program.short or program.name, icon=program.icon, tone=program.tone),
                phase="installing",
                # Whose it is was settled at its first time, however often it was tried since.
                before=known.before if known is not None else there,
                replaced=there if standing is not None and standing.whole else None,
                former=former.model_copy(update={"former": None}) if former is not None else None,
            )
            try:
                self._books.put(begun)
            except OSError as error:
                raise failed(error, self._folder, 0) from error
            try:
                self._system.install(recipe, archive, sha256, progress)
                standing = self._system.standing(recipe)
                if standing is None or not standing.whole:
                    raise XiekaError("E-INS-42", detail="not there")
            except BaseException:
                self._settle(begun, ended=True)
                raise
            done = begun.model_copy(update={"phase": "installed", "former": None})
            try:
                self._books.put(done)
            except OSError as error:
                # It is there all the same, and the next look puts the books right.
                log.warning("the book of %s cannot be written: %s", program.id, type(error).__name__)
            return done

    def uninstall(self, id_: str, *, purge: bool) -> bool:
        """Have the platform remove it, `purge`: with its settings. False: it was there before us and stays.

        Raises XiekaError E-INS-10, E-INS-15, E-INS-16, E-INS-24, E-INS-25, E-INS-40, E-INS-45, E-INS-49: it is still
        there then; E-INS-48, E-INS-51: a part of it may be, and the next call goes on.
        """
        with self._alone():
            program = self._program(id_)
            # Half of one counts: it is not gone before the platform has nothing of it.
            if program.ours and self._system.standing(program.install) is not None:
                _not_running(program.name, program.install)
                self._system.remove(program.install, purge=purge)
            self._books.drop(id_)
            return program.ours

    def recover(self) -> tuple[XiekaError, ...]:
        """Ask the platform what came of installations whose end we did not see, and tell which books are broken.

        To be called at every start and look: the platform may be at it still.
        """
        try:
            with self._alone(patience=0):
                self._books.sweep()
                for one in self._books.all():
                    if one.phase == "installing":
                        self._settle(one, ended=False)
                return self._books.problems()
        except XiekaError as error:
            return () if error.code == "E-INS-10" else (error,)

    def _settle(self, begun: NativeProgram, *, ended: bool) -> None:
        """The platform's word decides what the books say; where it has none yet, they stay as they are.

        `ended`: the platform's installer is known to have ended, and it was not good.
        """
        with contextlib.suppress(XiekaError, OSError):
            standing = self._system.standing(begun.install)
            if standing is not None and standing.whole and standing.version != begun.replaced:
                self._books.put(begun.model_copy(update={"phase": "installed", "former": None}))
            elif ended and begun.former is not None and (standing is None or standing.whole):
                self._books.put(begun.former)
            elif ended and (standing is None or (standing.whole and begun.before is not None)):
                # Not there, or there without us.
                self._books.drop(begun.id)

    def _program(self, id_: str) -> NativeProgram:
        book = self._books.get(id_)
        program = _standing_one(book) if book is not None else None
        if program is None:
            raise XiekaError("E-INS-16")
        return program

    @contextlib.contextmanager
    def _alone(self, patience: float = _PATIENCE) -> Iterator[None]:
        # A look is over soon. The system's question is not waited for: its user may be out for lunch.
        if not self._turn.acquire(timeout=patience):
            raise XiekaError("E-INS-10")
        try:
            with folder_lock(self._folder):
                yield
        finally:
            self._turn.release()


def _standing_one(book: NativeProgram) -> NativeProgram | None:
    """What of a program has come to pass."""
    return book if book.phase == "installed" else book.former


def _not_running(name: str, recipe: Native) -> None:
    entry = entry_of(recipe)
    users = running.users(entry) if entry is not None else ()
    if users:
        raise XiekaError("E-INS-15", name=name, processes="、".join(users))

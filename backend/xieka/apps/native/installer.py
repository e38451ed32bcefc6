"""Has the platform install, update and remove programs, and knows which of them are ours to remove.

The platform's installer is the one that writes and the one that knows. A kill of this program does not stop it: what
came of it is asked at the next start.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from xieka.apps import running
from xieka.apps.archive.unpack import failed
from xieka.apps.installed import Face, State
from xieka.apps.native.books import Books
from xieka.apps.native.models import NativeProgram, Progress, System
from xieka.apps.native.paths import entry_of
from xieka.contract.apps import Native, Package, Program
from xieka.core.errors import XiekaError
from xieka.core.lock import FileLock


class NativeInstaller:
    """Keeps its books in `folder` (DATA/apps/native). One operation at a time, over all processes."""

    def __init__(self, folder: Path, system: System) -> None:
        self._folder = folder
        self._system = system
        self._books = Books(folder)
        self._turn = threading.Lock()

    def supports(self, recipe: Native) -> bool:
        """Whether this computer can install it."""
        return self._system.supports(recipe.format)

    def installed(self) -> tuple[NativeProgram, ...]:
        """All programs that came to pass, by id."""
        return tuple(one for one in self._books.all()[0] if one.phase == "installed")

    def check(self, id_: str) -> State:
        """Whether the platform still has it. Raises XiekaError E-INS-16, E-INS-20."""
        program = self._program(id_)
        entry = entry_of(program.install)
        if self._system.standing(program.install) is None or (entry is not None and not entry.is_file()):
            return "missing"
        return "ok"

    def install(
        self, program: Program, package: Package, archive: Path, sha256: str, progress: Progress
    ) -> NativeProgram:
        """Install or update; `archive` is the package's file, to be proven once more by `sha256`.

        `progress`: its first call tells that permission was given. Raises XiekaError E-INS-10, E-INS-12, E-INS-15,
        E-INS-20, E-INS-40 … 44. ValueError when it is no native package.
        """
        recipe = package.install
        if not isinstance(recipe, Native):
            raise ValueError("not a native package")
        with self._alone():
            known = self._books.get(program.id)
            _not_running(program.name, recipe)
            standing = self._system.standing(recipe)
            begun = NativeProgram(
                id=program.id,
                publisher=program.publisher,
                name=program.name,
                version=program.version,
                install=recipe,
                shown=Face(title=program.short or program.name, icon=program.icon, tone=program.tone),
                phase="installing",
                before=known.before if known is not None and known.install.package == recipe.package else standing,
                replaced=standing,
                former=known.version if known is not None and standing is not None else None,
            )
            try:
                self._books.put(begun)
            except OSError as error:
                raise failed(error, self._folder, 0) from error
            try:
                self._system.install(recipe, archive, sha256, progress)
            except BaseException:
                self._settle(begun)
                raise
            if self._system.standing(recipe) is None:
                self._settle(begun)
                raise XiekaError("E-INS-42", detail="not there")
            done = begun.model_copy(update={"phase": "installed"})
            self._books.put(done)
            return done

    def uninstall(self, id_: str, *, purge: bool) -> bool:
        """Have the platform remove it, `purge`: with its settings. False: it was there before us and stays.

        Raises XiekaError E-INS-10, E-INS-15, E-INS-16, E-INS-20, E-INS-40, E-INS-44, E-INS-45; it is still there then.
        """
        with self._alone():
            program = self._program(id_)
            if program.ours and self._system.standing(program.install) is not None:
                _not_running(program.name, program.install)
                self._system.remove(program.install, purge=purge)
            self._books.drop(id_)
            return program.ours

    def recover(self) -> tuple[XiekaError, ...]:
        """Ask the platform what came of an installation whose end we did not see; to be called at every start."""
        try:
            with self._alone():
                found, problems = self._books.all()
                for one in found:
                    if one.phase == "installing":
                        self._settle(one)
                return problems
        except XiekaError as error:
            return () if error.code == "E-INS-10" else (error,)

    def _settle(self, begun: NativeProgram) -> None:
        """After an end that was not good, or not seen: the platform's word decides what the books say."""
        standing = self._system.standing(begun.install)
        if standing is not None and standing != begun.replaced:
            self._books.put(begun.model_copy(update={"phase": "installed"}))
        elif standing is not None and begun.former is not None:
            self._books.put(begun.model_copy(update={"phase": "installed", "version": begun.former}))
        else:
            # Not there, or there without us.
            self._books.drop(begun.id)

    def _program(self, id_: str) -> NativeProgram:
        program = self._books.get(id_)
        if program is None or program.phase != "installed":
            raise XiekaError("E-INS-16")
        return program

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self._turn:
            lock = FileLock(self._folder / "lock")
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                free = lock.acquire()
            except OSError as error:
                raise XiekaError("E-INS-12", path=str(self._folder)) from error
            if not free:
                raise XiekaError("E-INS-10")
            try:
                yield
            except OSError as error:
                raise XiekaError("E-INS-12", path=str(error.filename or self._folder)) from error
            finally:
                lock.release()


def _not_running(name: str, recipe: Native) -> None:
    entry = entry_of(recipe)
    users = running.users(entry) if entry is not None else ()
    if users:
        raise XiekaError("E-INS-15", name=name, processes="、".join(users))

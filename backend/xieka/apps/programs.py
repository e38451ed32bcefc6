"""The programs on this computer: those that we unpacked and those that the platform installed, by one face."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xieka.apps.installed import Done, Installed, Report, State
from xieka.apps.native.installer import NativeInstaller
from xieka.apps.native.models import NativeProgram
from xieka.apps.native.paths import entry_of
from xieka.apps.platforms import package_for
from xieka.apps.portable.installer import Installer
from xieka.contract.apps import Package, Program
from xieka.core.errors import XiekaError

Here = Installed | NativeProgram
"""A program on this computer."""


@dataclass(frozen=True, slots=True)
class Command:
    """What starts a program: `entry` below `folder`."""

    folder: Path
    entry: str
    arguments: tuple[str, ...] = ()


class Programs:
    """Ids are unique over both kinds: Installs sees to it."""

    def __init__(self, portable: Installer, native: NativeInstaller) -> None:
        self.portable = portable
        self.native = native

    def package_for(self, program: Program) -> Package | None:
        """The package for this computer; None: there is none."""
        return package_for(program, self.native.supports)

    def installed(self) -> tuple[Here, ...]:
        """All of them."""
        return (*self.portable.installed(), *self.native.installed())

    def check(self, id_: str) -> State:
        """Whether what is started is there. Raises XiekaError E-INS-16, E-INS-20, E-INS-24."""
        return self.native.check(id_) if self._native(id_) else self.portable.check(id_)

    def command(self, program: Here) -> Command:
        """What starts it. Raises XiekaError E-INS-16, E-INS-20, E-RUN-04 (changed), E-INS-46 (there is nothing)."""
        if isinstance(program, NativeProgram):
            entry = entry_of(program.install)
            if entry is None:
                raise XiekaError("E-INS-46", name=program.name)
            return Command(entry.parent, entry.name)
        if self.portable.verify(program.id) == "changed":
            raise XiekaError("E-RUN-04", name=program.name)
        return Command(Path(program.folder), program.entry, program.arguments)

    def uninstall(self, id_: str, *, keep_user_data: bool) -> Done:
        """Remove what came through us; `unchanged`: it was there before us, and stays.

        Raises XiekaError E-INS-10, E-INS-12, E-INS-15, E-INS-16, E-INS-20 … 24, E-INS-40, E-INS-45, E-INS-51.
        """
        program = self._native(id_)
        if program is None:
            return self.portable.uninstall(id_, keep_user_data=keep_user_data)
        gone = self.native.uninstall(id_, purge=not keep_user_data)
        return Done(id_, program.name, "uninstalled" if gone else "unchanged")

    def recover(self) -> Report:
        """Finish or take back what was interrupted; to be called at every start."""
        found, problems = self.portable.recover(), self.native.recover()
        return Report(found.done, (*found.problems, *problems))

    def _native(self, id_: str) -> NativeProgram | None:
        return next((one for one in self.native.installed() if one.id == id_), None)

"""MSI packages and setup programs, run with Windows' own question (UAC). Not run: no Windows machine was at hand."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from xieka.apps.native.models import Progress
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError

CANCELLED: Final = frozenset({1223, 1602})
"""ERROR_CANCELLED: UAC was refused; ERROR_INSTALL_USEREXIT."""
_DONE: Final = frozenset({0, 1641, 3010})
"""Done; done, and Windows will be, or wants to be, restarted."""
_CHUNK: Final = 1 << 20


class Uninstall(NamedTuple):
    """An entry of Windows' list of programs."""

    version: str
    command: str
    """What removes it; empty: it says nothing."""
    machine: bool
    """It is in the list for all users, which only administrators can write."""


class Windows:
    """See System. `look`, `run`, `split`, `hold`: the four calls that only Windows has."""

    def __init__(
        self,
        look: Callable[[str], Uninstall | None],
        run: Callable[[str, Sequence[str], bool], int],
        split: Callable[[str], list[str]],
        hold: Callable[[Path], AbstractContextManager[BinaryIO]],
    ) -> None:
        """`look`: the entry of a key. `run`: a program with arguments, elevated or not; its exit code or Windows'
        error. `split`: a command line into words. `hold`: a file that nobody can change meanwhile."""
        self._look, self._run, self._split, self._hold = look, run, split, hold

    def supports(self, format_: str) -> bool:
        """See System."""
        return format_ in ("msi", "exe")

    def standing(self, native: Native) -> str | None:
        """See System."""
        entry = self._look(native.package)
        return None if entry is None else entry.version or "?"

    def install(self, native: Native, archive: Path, sha256: str, progress: Progress) -> None:
        """See System. The file is held against change from before its hash is taken until the installer has ended."""
        try:
            with self._hold(archive) as file:
                digest = hashlib.sha256()
                while piece := file.read(_CHUNK):
                    digest.update(piece)
                if digest.hexdigest() != sha256:
                    raise XiekaError("E-INS-41")
                progress(0)
                if native.format == "msi":
                    code = self._run(
                        _msiexec(), ["/i", str(archive), "/passive", "/norestart", *native.arguments], True
                    )
                else:
                    code = self._run(str(archive), native.arguments, True)
        except OSError as error:
            raise XiekaError("E-INS-41") from error
        _judge(code, "E-INS-42")

    def remove(self, native: Native, *, purge: bool) -> None:
        """See System; Windows' installers know no `purge`. What a user can write into the list is never elevated."""
        entry = self._look(native.package)
        if native.format == "msi":
            _judge(self._run(_msiexec(), ["/x", native.package, "/passive", "/norestart"], True), "E-INS-45")
            return
        words = self._split(entry.command) if entry is not None and entry.command else []
        if entry is None or not words:
            raise XiekaError("E-INS-45", detail="UninstallString")
        _judge(self._run(words[0], words[1:], entry.machine), "E-INS-45")


def _msiexec() -> str:
    # Its whole path: the search path is the user's.
    return str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "msiexec.exe")


def _judge(code: int, otherwise: str) -> None:
    if code in CANCELLED:
        raise XiekaError("E-INS-40")
    if code not in _DONE:
        raise XiekaError(otherwise, detail=str(code))

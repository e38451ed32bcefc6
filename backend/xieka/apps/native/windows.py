"""MSI packages, run with Windows' own question (UAC). Not run: no Windows machine was at hand.

Setup programs (.exe) are not supported before somebody has run them on Windows: what such a program does with a folder
that the user can write, and what it leaves after a failure, nobody knows from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final

from xieka.apps.native.models import Progress, Standing
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError

CANCELLED: Final = frozenset({1223, 1602})
"""ERROR_CANCELLED: UAC was refused; ERROR_INSTALL_USEREXIT."""
_DONE: Final = frozenset({0, 1641, 3010})
"""Done; done, and Windows will be, or wants to be, restarted."""
_CHUNK: Final = 1 << 20


class Windows:
    """See System. `msiexec`: its whole path, from Windows itself. `look`, `run`, `hold`: what only Windows has."""

    def __init__(
        self,
        msiexec: str,
        look: Callable[[str], str | None],
        run: Callable[[str, Sequence[str]], int],
        hold: Callable[[Path], AbstractContextManager[BinaryIO]],
    ) -> None:
        """`look`: the version in Windows' list of programs by key. `run`: a program with arguments, elevated; its exit
        code or Windows' error. `hold`: a file that nobody can change meanwhile."""
        self._msiexec, self._look, self._run, self._hold = msiexec, look, run, hold

    def supports(self, format_: str) -> bool:
        """See System."""
        return format_ == "msi"

    def standing(self, native: Native) -> Standing | None:
        """See System."""
        version = self._look(native.package)
        return None if version is None else Standing(version or "?", True)

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
                code = self._run(self._msiexec, ["/i", str(archive), "/passive", "/norestart", *native.arguments])
        except OSError as error:
            raise XiekaError("E-INS-41") from error
        _judge(code, "E-INS-42")

    def remove(self, native: Native, *, purge: bool) -> None:
        """See System; Windows Installer knows no `purge`."""
        _judge(self._run(self._msiexec, ["/x", native.package, "/passive", "/norestart"]), "E-INS-45")


def _judge(code: int, otherwise: str) -> None:
    if code in CANCELLED:
        raise XiekaError("E-INS-40")
    if code not in _DONE:
        raise XiekaError(otherwise, detail=str(code))

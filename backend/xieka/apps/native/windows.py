"""Installers of Windows (.msi, .exe), run with Windows' own question (UAC). Run under wine, where UAC is never seen.

An MSI is Windows Installer's work: what fails is taken back. A setup program (.exe) is its maker's: whether it has come
to pass, Windows' list of programs says and nothing else; what a failed one leaves behind, nobody knows.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from xieka.apps.native.models import Progress, Standing
from xieka.apps.native.own_folder import own_copy
from xieka.apps.native.uninstall_command import split
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError

CANCELLED: Final = frozenset({1223, 1602})
"""ERROR_CANCELLED: UAC was refused; ERROR_INSTALL_USEREXIT."""
_DONE: Final = frozenset({0, 1641, 3010})
"""Done; done, and Windows will be, or wants to be, restarted."""
_CHUNK: Final = 1 << 20
_PATIENCE: Final = 60.0
"""Seconds from an uninstaller's end until the list must have the program no more. Many copy themselves elsewhere, for
nobody can delete his own file, and are at once done; the copy goes on."""
_WITH_QUESTIONS: Final = 5
"""Times as long, where the copy may ask its user."""
_PAUSE: Final = 0.25
_PRODUCT: Final = re.compile(r"\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")
"""A product code: what Windows Installer lists its programs by."""
_INSTALLER: Final = re.compile(r"msiexec(?:\.exe)?\s", re.IGNORECASE)


class Listed(NamedTuple):
    """A program in Windows' list for all users, which administrators alone can write."""

    version: str
    """DisplayVersion; empty: it names none."""
    quiet: str
    """QuietUninstallString."""
    uninstall: str
    """UninstallString."""


class Windows:
    """See System. `msiexec`: its whole path, from Windows itself. `look`, `run`, `hold`: what only Windows has."""

    def __init__(
        self,
        msiexec: str,
        look: Callable[[str], Listed | None],
        run: Callable[[str, str], int],
        hold: Callable[[Path], AbstractContextManager[BinaryIO]],
        patience: float = _PATIENCE,
    ) -> None:
        """`look`: what Windows' list of programs has by this key. `run`: a program with parameters, elevated; its exit
        code or Windows' error. `hold`: a file that nobody can change meanwhile."""
        self._msiexec, self._look, self._run, self._hold = msiexec, look, run, hold
        self._patience = patience

    def supports(self, format_: str) -> bool:
        """See System."""
        return format_ in ("msi", "exe")

    def standing(self, native: Native) -> Standing | None:
        """See System."""
        listed = self._look(native.package)
        return None if listed is None else Standing(listed.version or "?", True)

    def install(self, native: Native, archive: Path, sha256: str, progress: Progress) -> None:
        """See System. The file is held against change from before its hash is taken until the installer has ended.

        Raises E-INS-50 for a setup program that did not do it.
        """
        with own_copy(archive, f"setup.{native.format}") as path:
            code = self._installed(native, path, sha256, progress)
        if native.format == "msi":
            _judge(code, "E-INS-42")
            return
        _judge(code, "E-INS-50")
        if self._look(native.package) is None:
            raise XiekaError("E-INS-50", detail="not listed")

    def remove(self, native: Native, *, purge: bool) -> None:
        """See System; neither kind knows `purge`. Raises E-INS-51 for an uninstaller that did not do it."""
        if native.format == "msi":
            _judge(self._run(self._msiexec, _words("/x", native.package, "/passive", "/norestart")), "E-INS-45")
            return
        listed = self._look(native.package)
        if listed is None:
            return
        found = self._uninstaller(native.package, listed)
        if found is None:
            raise XiekaError("E-INS-51", detail="no uninstaller")
        code = self._run(*found)
        patience = self._patience * (1 if listed.quiet else _WITH_QUESTIONS)
        end = time.monotonic() + (patience if code in _DONE else 0)
        while self._look(native.package) is not None:
            if time.monotonic() >= end:
                _judge(code, "E-INS-51")
                raise XiekaError("E-INS-51", detail="still listed")
            time.sleep(_PAUSE)

    def _uninstaller(self, key: str, listed: Listed) -> tuple[str, str] | None:
        line = listed.quiet or listed.uninstall
        if _PRODUCT.fullmatch(key) and _INSTALLER.match(line):
            # A package in a setup program's wrapping. The line itself may open a window that asks what to do.
            return self._msiexec, _words("/x", key, "/passive", "/norestart")
        return split(line)

    def _installed(self, native: Native, path: Path, sha256: str, progress: Progress) -> int:
        """The installer's exit code."""
        try:
            with self._hold(path) as file:
                digest = hashlib.sha256()
                while piece := file.read(_CHUNK):
                    digest.update(piece)
                if digest.hexdigest() != sha256:
                    raise XiekaError("E-INS-41")
                progress(0)
                if native.format == "exe":
                    return self._run(str(path), _words(*native.arguments))
                return self._run(self._msiexec, _words("/i", str(path), "/passive", "/norestart", *native.arguments))
        except OSError as error:
            raise XiekaError("E-INS-41") from error


def _words(*words: str) -> str:
    """One line that is taken apart into these words again (CommandLineToArgvW)."""
    return subprocess.list2cmdline(words)


def _judge(code: int, otherwise: str) -> None:
    if code in CANCELLED:
        raise XiekaError("E-INS-40")
    if code not in _DONE:
        raise XiekaError(otherwise, detail=str(code))

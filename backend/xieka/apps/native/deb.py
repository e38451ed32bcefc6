"""Debian packages: what the computer has of them (dpkg), installing and removing them (xieka-deb, apt)."""

from __future__ import annotations

import logging
import platform
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final, Protocol

from xieka.apps.native import elevation
from xieka.apps.native.models import Progress, Standing
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError

log = logging.getLogger(__name__)

SCRIPT: Final = Path(__file__).with_name("xieka-deb")
"""All that ever runs as root."""
_NEEDED: Final = ("dpkg-query", "dpkg-deb", "apt-get")
_ENVIRONMENT: Final = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
_PATIENCE: Final = 60.0
"""Seconds for a question to dpkg; a package of 4 GB is read to its end for none of them."""
_STATUS: Final = Path("/var/lib/dpkg/status")
"""Changes with every package; as long as it has not, what was asked holds."""
_TROUBLE: Final = 2
"""dpkg-query(1): not "no such package", which is 1."""
_PERCENT: Final = re.compile(r"pmstatus:[^:]*:([0-9.]+):")
_CODES: Final = {65: "E-INS-41", 66: "E-INS-41", 67: "E-INS-43", 69: "E-INS-44", 70: "E-INS-45", 71: "E-INS-48"}
"""The script's exit codes; every other one: the system has refused it, and is as it was."""
_ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64", "loongarch64": "loong64", "mips64": "mips64el"}


class Run(Protocol):
    """See elevation.run."""

    def __call__(self, command: Sequence[str], said: Callable[[str], object], stdin: IO[bytes] | None = None) -> int:
        """Runs it."""


class Debian:
    """See System."""

    def __init__(self, run: Run = elevation.run) -> None:
        self._run = run
        self._known: tuple[object, dict[str, Standing | None]] = (None, {})

    def supports(self, format_: str) -> bool:
        """See System."""
        there = all(shutil.which(name, path=_ENVIRONMENT["PATH"]) for name in _NEEDED)
        return format_ == "deb" and there and elevation.possible()

    def standing(self, native: Native) -> Standing | None:
        """See System."""
        moment = _moment()
        if moment is None or self._known[0] != moment:
            self._known = (moment, {})
        known = self._known[1]
        if native.package not in known:
            known[native.package] = _standing(native.package)
        return known[native.package]

    def install(self, native: Native, archive: Path, sha256: str, progress: Progress) -> None:
        """See System. Nobody is asked about a file that would be refused."""
        told = _ask("dpkg-deb", "--show", "--showformat", "${Package} ${Architecture}", str(archive))
        name, _, architecture = (told or "").partition(" ")
        if name != native.package:
            raise XiekaError("E-INS-41")
        if architecture not in ("all", _ARCHITECTURES.get(platform.machine())):
            raise XiekaError("E-INS-42", detail=architecture)
        try:
            with archive.open("rb") as stdin:
                self._do(["install", sha256, name], lambda line: _report(line, progress), stdin)
        except OSError as error:
            raise XiekaError("E-INS-41") from error

    def remove(self, native: Native, *, purge: bool) -> None:
        """See System."""
        self._do(["purge" if purge else "remove", native.package], lambda _: None)

    def _do(self, command: Sequence[str], said: Callable[[str], object], stdin: IO[bytes] | None = None) -> None:
        code = self._run([str(SCRIPT), *command], said, stdin)
        if code:
            raise XiekaError(_CODES.get(code, "E-INS-42"), detail=f"xieka-deb {code}")


def _standing(name: str) -> Standing | None:
    told = _ask("dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}", name)
    state, _, version = (told or "").partition(" ")
    if state in ("", "not-installed", "config-files"):
        return None
    return Standing(version, state == "installed")


def _moment() -> object:
    try:
        found = _STATUS.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _report(line: str, progress: Progress) -> None:
    if line == "started":
        progress(0)
    elif match := _PERCENT.match(line):
        progress(min(100, int(float(match[1]))))


def _ask(*command: str) -> str | None:
    """What a program of dpkg says; None: it knows nothing of it. Raises XiekaError E-INS-49: it gave no answer."""
    try:
        told = subprocess.run(command, env=_ENVIRONMENT, capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("%s gave no answer: %s", command[0], type(error).__name__)
        raise XiekaError("E-INS-49", detail=f"{command[0]} {type(error).__name__}") from error
    if told.returncode == _TROUBLE and command[0] == "dpkg-query":
        raise XiekaError("E-INS-49", detail=f"{command[0]} {told.returncode}")
    return told.stdout.decode(errors="replace").strip() if told.returncode == 0 else None

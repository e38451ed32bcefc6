"""Where a program may be installed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from xieka.apps.archive.names import PART_BYTES
from xieka.apps.archive.unpack import no_space
from xieka.apps.portable.tree import is_folder
from xieka.core.errors import XiekaError
from xieka.core.text import plain

SPARE: Final = 64 << 20
"""Bytes that stay free beside the program's."""

_SYSTEM: Final = (
    (os.environ.get("SYSTEMROOT", r"C:\Windows"),)
    if sys.platform == "win32"
    else ("/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr", "/var")
)
_LONGEST: Final = 259 if sys.platform == "win32" else 4_095
"""Characters of a path on Windows (MAX_PATH less its end), bytes elsewhere (PATH_MAX)."""
_OURS: Final = len("..xieka-new-") + 16
"""Bytes that the name of the staging folder is longer."""


def resolved(folder: Path) -> Path:
    """The folder with all links above it resolved; it may not be one itself. Raises XiekaError E-INS-13, E-INS-14."""
    if not folder.is_absolute() or plain(str(folder)) != str(folder) or ".." in folder.parts or not folder.name:
        raise XiekaError("E-INS-13", path=plain(str(folder)), detail="name")
    if len(os.fsencode(folder.name)) + _OURS > PART_BYTES or _length(folder) + _OURS > _LONGEST:
        raise XiekaError("E-INS-14", path=str(folder))
    try:
        folder = folder.parent.resolve() / folder.name
        link = folder.is_symlink()
    except (OSError, RuntimeError) as error:
        raise XiekaError("E-INS-12", path=str(folder)) from error
    if link:
        raise XiekaError("E-INS-13", path=str(folder), detail="link")
    return folder


def check(folder: Path, size: int, forbidden: Iterable[Path], others: Iterable[Path]) -> None:
    """Whether a program of `size` bytes may be put into `folder` (resolved).

    `forbidden`: our own folders; `others`: those of other programs. Whether it is empty is asked elsewhere.
    Raises XiekaError E-INS-12, E-INS-13, E-DSK-01.
    """
    system = [Path(one) for one in _SYSTEM]
    for detail, places in (("own", forbidden), ("system", system), ("program", others)):
        for place in places:
            real = place.resolve()
            if folder.is_relative_to(real) or real.is_relative_to(folder):
                raise XiekaError("E-INS-13", path=str(folder), detail=detail)
    above = existing(folder.parent)
    for place in {above, folder if folder.exists() else above}:
        if not is_folder(place.lstat()) or not os.access(place, os.W_OK | os.X_OK):
            raise XiekaError("E-INS-12", path=str(place))
    if shutil.disk_usage(above).free < size + SPARE:
        raise no_space(above, size + SPARE)


def check_lengths(folder: Path, paths: Iterable[str]) -> None:
    """Whether every file can be reached by its whole path. Raises XiekaError E-INS-14."""
    room = _LONGEST - _length(folder) - 1
    if any(_length(Path(path)) > room for path in paths):
        raise XiekaError("E-INS-14", path=str(folder))


def existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    while not folder.exists():
        folder = folder.parent
    return folder


def missing(folder: Path) -> tuple[Path, ...]:
    """The folders that have to be made for it to exist, the outermost first."""
    found = []
    while not folder.exists():
        found.append(folder)
        folder = folder.parent
    return tuple(reversed(found))


def _length(path: Path) -> int:
    return len(str(path)) if sys.platform == "win32" else len(os.fsencode(path))

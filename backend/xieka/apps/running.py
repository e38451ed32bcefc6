"""Which processes use a program's folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

_MOST = 5
"""Names that are told."""


def users(folder: Path) -> tuple[str, ...]:
    """Names of processes whose program, working folder or an argument lies in `folder`; those we may not see, not.

    At most five, each once.
    """
    import psutil

    # Where capitals do not count (Windows), a program may have been started by any of its names.
    inside = os.path.normcase(folder)
    below = inside + os.sep
    found: dict[str, None] = {}
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        for place in _places(process):
            named = os.path.normcase(place)
            if named == inside or named.startswith(below):
                try:
                    found[process.name()] = None
                except (psutil.Error, OSError):
                    # It ended meanwhile, or will not say: where it is, is known.
                    if process.is_running():
                        found[Path(place).name] = None
                break
    return tuple(found)[:_MOST]


def _places(process: psutil.Process) -> list[str]:
    import psutil

    places: list[str] = []
    for ask in (process.exe, process.cwd):
        try:
            places.append(ask())
        except (psutil.Error, OSError):
            continue
    try:
        places += process.cmdline()
    except (psutil.Error, OSError):
        pass
    return places

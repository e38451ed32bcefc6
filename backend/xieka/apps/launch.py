"""Starts installed programs: detached, with a clean environment, never through a shell."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from xieka.core.errors import XiekaError
from xieka.core.programs import hand_over, open_with_system

CLI: Final = "XIEKA_CLI"
"""Tells a program which command it may ask about the Ukeys (`$XIEKA_CLI token list --json`)."""
_OURS: Final = ("QT_", "QTWEBENGINE_", "PYTHON", "PYWEBVIEW_", "XIEKA_TEST", "VIRTUAL_ENV", "LD_PRELOAD", "LD_LIBRARY")
"""Beginnings of names that are this program's own business."""
_PAGES: Final = (".html", ".htm")


def start(folder: Path, entry: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Start `entry` in the program's folder; a page is opened in the browser. Returns at once when it runs.

    `environment`: what this program was started with. Raises XiekaError E-RUN-01 (not there, or may not be started),
    E-RUN-02 (it ended at once with an error).
    """
    program = folder / entry
    if not program.is_file():
        raise XiekaError("E-RUN-01", path=str(program))
    try:
        if program.suffix.lower() in _PAGES:
            code = open_with_system(str(program), _clean(environment))
        else:
            code = hand_over([str(program), *arguments], _clean(environment), folder)
    except OSError as error:
        raise XiekaError("E-RUN-01", path=str(program)) from error
    if code:
        raise XiekaError("E-RUN-02", status=code)


def own_command() -> Path | None:
    """The command `xieka` of this installation, for programs that ask about the Ukeys; None when there is none."""
    name = "xieka.exe" if sys.platform == "win32" else "xieka"
    path = Path(sys.executable).with_name(name)
    return path if path.is_file() else None


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if not name.startswith(_OURS)}
    if (command := own_command()) is not None:
        # A virtual environment's own folder in PATH would be in the way of the system's programs.
        path = kept.get("PATH", os.defpath).split(os.pathsep)
        kept["PATH"] = os.pathsep.join(part for part in path if Path(part) != command.parent) or os.defpath
        kept[CLI] = str(command)
    return kept

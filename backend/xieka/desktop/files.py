"""The file manager, the program for a file, and the user's Documents folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from xieka.core.errors import XiekaError
from xieka.core.programs import hand_over, open_with_system


def reveal(path: Path, environment: Mapping[str, str]) -> None:
    """Show the file's folder (Windows and macOS: with the file selected) in the system's file manager.

    `environment`: as `hand_over`. Raises XiekaError E-OPN-01. The Windows and macOS lines are not tested.
    """
    if sys.platform == "win32":
        command = ["explorer", f"/select,{path}"]
    elif sys.platform == "darwin":
        command = ["open", "-R", str(path)]
    else:
        command = ["xdg-open", str(path if path.is_dir() else path.parent)]
    try:
        code = hand_over(command, environment)
    except OSError as error:
        raise XiekaError("E-OPN-01", path=str(path)) from error
    # explorer.exe gives 1 even when all is well.
    if code and sys.platform != "win32":
        raise XiekaError("E-OPN-01", path=str(path))


def open_file(path: Path, environment: Mapping[str, str]) -> None:
    """Open the file with the system's program for it.

    `environment`: as `hand_over`. Raises XiekaError E-OPN-03, and E-FIL-01 when it is not there any more.
    """
    if not path.is_file():
        raise XiekaError("E-FIL-01", path=str(path))
    try:
        code = open_with_system(str(path), environment)
    except OSError as error:
        raise XiekaError("E-OPN-03", path=str(path)) from error
    if code:
        raise XiekaError("E-OPN-03", path=str(path))


def documents() -> Path:
    """The user's Documents folder, or the home folder where there is none."""
    home = Path.home()
    candidates = [home / "Documents"]
    if sys.platform == "linux":
        candidates.insert(0, _xdg_documents(home))
    return next((folder for folder in candidates if folder.is_dir() and os.access(folder, os.W_OK)), home)


def _xdg_documents(home: Path) -> Path:
    """XDG_DOCUMENTS_DIR of user-dirs.dirs: Documents may be called 文档 (xdg-user-dirs)."""
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    try:
        lines = (config / "user-dirs.dirs").read_text(encoding="utf-8").splitlines()
    except OSError:
        return home / "Documents"
    for line in lines:
        name, _, value = line.partition("=")
        if name.strip() == "XDG_DOCUMENTS_DIR":
            return Path(value.strip().strip('"').replace("$HOME", str(home)))
    return home / "Documents"

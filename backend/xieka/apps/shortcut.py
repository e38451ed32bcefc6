"""添加到桌面: an icon on the desktop that opens an entry through the command `xieka`. On freedesktop.org desktops."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

from xieka.apps.launch import own_command
from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole

_RESERVED: Final = re.compile(r'["`$\\]')
_ID: Final = re.compile(r"(link|program):[a-z0-9-]+(/[a-z0-9-]+)?")


def add_to_desktop(id_: str, title: str, icon: Path) -> Path:
    """Put it there, in place of an earlier one of the same entry. Returns the file, named by the entry's kind and id.

    Raises XiekaError E-RUN-03: no desktop folder, it cannot be written, or this system's way is not built yet;
    E-SAV-04: an id that no entry has.
    """
    if not _ID.fullmatch(id_):
        raise XiekaError("E-SAV-04")
    command = own_command()
    folder = _desktop()
    if command is None or folder is None or sys.platform != "linux":
        raise XiekaError("E-RUN-03")
    # No id has a `_`: two entries never have one file.
    path = folder / f"xieka-{re.sub('[:/]', '_', id_)}.desktop"
    try:
        write_whole(_entry(command, id_, title, icon).encode(), path, mode=0o755)
    except OSError as error:
        raise XiekaError("E-RUN-03") from error
    return path


def _entry(command: Path, id_: str, title: str, icon: Path) -> str:
    """A desktop entry (Desktop Entry Specification 1.5): values escaped as its §4 and §7 say."""
    words = " ".join(_quoted(word) for word in (str(command), "apps", "open", id_))
    fields = {"Type": "Application", "Version": "1.5", "Name": title, "Exec": words, "Icon": str(icon)}
    lines = [f"{name}={_escaped(value)}" for name, value in fields.items()]
    return "\n".join(["[Desktop Entry]", *lines, "Terminal=false", ""])


def _quoted(word: str) -> str:
    inside = _RESERVED.sub(lambda found: "\\" + found[0], word).replace("%", "%%")
    return f'"{inside}"'


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _desktop() -> Path | None:
    """XDG_DESKTOP_DIR of user-dirs.dirs: the desktop may be called 桌面 (xdg-user-dirs)."""
    home = Path.home()
    candidates = [home / "Desktop", home / messages.text("desktop_folder")]
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    try:
        for line in (config / "user-dirs.dirs").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            if name.strip() == "XDG_DESKTOP_DIR":
                candidates.insert(0, Path(value.strip().strip('"').replace("$HOME", str(home))))
    except OSError:
        pass
    # What points at the home folder itself means that there is no desktop folder.
    return next((folder for folder in candidates if folder.is_dir() and folder != home), None)

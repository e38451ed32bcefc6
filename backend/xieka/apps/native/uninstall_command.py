"""Which program a line of Windows' list starts (UninstallString), and with what behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Final

_ENDS: Final = re.compile(r"\.exe(?=\s|$)", re.IGNORECASE)
_DRIVE: Final = re.compile(r"[A-Za-z]:")


def split(command: str, is_file: Callable[[str], bool] = lambda path: Path(path).is_file()) -> tuple[str, str] | None:
    """The program's path and its parameters as they stand; None: it is no .exe that is there by its whole path.

    The first word ends as CommandLineToArgvW has it: quoted, at the next quote; else at a blank. Makers forget to quote
    `C:\\Program Files\\…`: then it is the first `….exe` that is a file, and never `C:\\Program`, as CreateProcess would
    have it. The parameters are not taken apart: some programs want them as they were written.
    """
    text = command.strip()
    if text.startswith('"'):
        program, _, rest = text[1:].partition('"')
        candidates = [(program, rest)]
    else:
        candidates = [(text[: end.end()], text[end.end() :]) for end in _ENDS.finditer(text)]
    for program, rest in candidates:
        path = PureWindowsPath(program)
        if _DRIVE.fullmatch(path.drive) and path.root and path.suffix.lower() == ".exe" and is_file(program):
            return program, rest.strip()
    return None

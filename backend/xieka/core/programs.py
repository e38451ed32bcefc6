"""Hands something to one of the system's own programs: no shell, an argument list, nothing of ours inherited."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_FAILS_WITHIN = 1.5
"""Seconds in which xdg-open says that it has no program for it; a file manager or browser runs for longer."""


def hand_over(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> int | None:
    """Start it in a session of its own, so that it does not end with us; its exit code, None while it runs on.

    It runs in `folder`, or where we do. `environment` is the one this program was started with, so that our engine
    settings do not reach strangers. Raises OSError when it cannot be started.
    """
    process = subprocess.Popen(
        list(command),
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(_FAILS_WITHIN)
    except subprocess.TimeoutExpired:
        # Waited for, so that no dead entry stays in the process table.
        threading.Thread(target=process.wait, name=command[0], daemon=True).start()
        return None


def open_with_system(what: str, environment: Mapping[str, str]) -> int | None:
    """Open a file, or an address that its caller has checked, with the system's program for it.

    Answers and raises as `hand_over`. The line of Windows runs in tests/windows; the one of macOS was not run.
    """
    if sys.platform == "win32":
        os.startfile(what)  # noqa: S606 - ShellExecute: one argument, no shell
        return None
    return hand_over(["open" if sys.platform == "darwin" else "xdg-open", what], environment)

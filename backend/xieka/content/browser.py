"""Opens an address in the system's browser. No shell, one argument, no scheme but https."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping

_FAILS_WITHIN = 1.5
"""Seconds in which xdg-open says that it has no browser."""


def open_in_browser(url: str, environment: Mapping[str, str]) -> bool:
    """True unless the system says that it cannot. `url` has been checked by the caller (links.py).

    `environment` is the one this program was started with, so that our engine settings do not reach strangers.
    The Windows and macOS lines are not tested.
    """
    if sys.platform == "win32":
        try:
            os.startfile(url)  # noqa: S606 — ShellExecute with a checked https address, no shell
        except OSError:
            return False
        return True
    command = ["open" if sys.platform == "darwin" else "xdg-open", url]
    try:
        # A session of its own: the browser must not end with us.
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return process.wait(_FAILS_WITHIN) == 0
    except subprocess.TimeoutExpired:
        # Waited for, so that no dead entry stays in the process table.
        threading.Thread(target=process.wait, name="browser", daemon=True).start()
        return True

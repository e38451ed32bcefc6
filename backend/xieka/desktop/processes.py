"""Identity and end of another process of the same user."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def identity(pid: int) -> str | None:
    """What tells this process from a later one with the same number: its start time. None when it is gone."""
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        # proc(5): field 22 counts from after the command name, which may itself contain blanks and brackets.
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in ("Z", "X") else fields[19]
    import psutil

    try:
        return repr(psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def end_tree(pid: int, expected: str, grace: float) -> bool:
    """End a process and its children, politely for `grace` seconds, then by force. True when it is gone.

    Nothing is done unless `expected` is the process's identity and it belongs to this user.
    """
    # Needed in this rare case only, and slow to import.
    import psutil

    try:
        process = psutil.Process(pid)
        if identity(pid) != expected:
            return True
        if process.username() != psutil.Process().username() or pid == os.getpid():
            return False
        children = process.children(recursive=True)
        if process.status() == psutil.STATUS_STOPPED:
            process.kill()
        else:
            process.terminate()
            if not _gone(pid, expected, grace):
                process.kill()
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False
    for child in children:
        try:
            child.kill()
        except psutil.Error:
            continue
    return _gone(pid, expected, 3.0)


def _gone(pid: int, expected: str, timeout: float) -> bool:
    """Whether it ends in that time. Not psutil's wait: for it a dead process lives until its parent collects it."""
    deadline = time.monotonic() + timeout
    while identity(pid) == expected:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True

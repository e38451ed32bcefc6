"""What the operating system is called here, and what it is told about this process."""

from __future__ import annotations

import sys
from typing import Final

PLATFORM: Final = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
"""`linux`, `windows` or `macos`, as in driver manifests."""


def no_core_files() -> None:
    """No core file of this process or its children: a 口令 could stand in it (setrlimit(2), core(5)).

    The hard limit stays, so that a program we start for the user can raise it again. Windows writes no core files by
    itself.
    """
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))

"""The installer of the platform this program runs on."""

from __future__ import annotations

import sys

from xieka.apps.native.deb import Debian
from xieka.apps.native.models import System


def this_system() -> System:
    """Chosen once, at the start; which formats it can install, it says itself."""
    if sys.platform == "win32":
        from xieka.apps.native import win32_calls, windows

        return windows.Windows(win32_calls.msiexec(), win32_calls.look, win32_calls.run, win32_calls.hold)
    return Debian()

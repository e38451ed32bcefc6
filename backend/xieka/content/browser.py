"""Opens an address in the system's browser. No shell, one argument, no scheme but https."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from xieka.core.programs import hand_over


def open_in_browser(url: str, environment: Mapping[str, str]) -> bool:
    """True unless the system says that it cannot. `url` has been checked by the caller (links.py).

    `environment`: as `hand_over`. The Windows and macOS lines are not tested.
    """
    if sys.platform == "win32":
        try:
            os.startfile(url)  # noqa: S606 — ShellExecute with a checked https address, no shell
        except OSError:
            return False
        return True
    try:
        return not hand_over(["open" if sys.platform == "darwin" else "xdg-open", url], environment)
    except OSError:
        return False

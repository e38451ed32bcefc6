"""Opens an address in the system's browser. No shell, one argument, no scheme but https."""

from __future__ import annotations

from collections.abc import Mapping

from xieka.core.programs import open_with_system


def open_in_browser(url: str, environment: Mapping[str, str]) -> bool:
    """True unless the system says that it cannot. `url` has been checked by the caller (links.py).

    `environment`: as `hand_over`.
    """
    try:
        return not open_with_system(url, environment)
    except OSError:
        return False

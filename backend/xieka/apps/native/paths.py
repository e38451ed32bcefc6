"""Where a program is that the platform installed."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from xieka.contract.apps import Native

_VARIABLE: Final = re.compile(r"^%([A-Za-z()0-9]+)%")


def entry_of(native: Native) -> Path | None:
    """What is started, with the names of Windows' own folders filled in; None: nothing is."""
    if not native.entry:
        return None
    return Path(_VARIABLE.sub(lambda match: os.environ.get(match[1].upper(), match[0]), native.entry))

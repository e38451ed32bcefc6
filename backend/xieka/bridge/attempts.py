"""No presentation of a 口令 is made twice for one confirmation by a person."""

from __future__ import annotations

import threading
from typing import Final

from xieka.core.errors import XiekaError

LIMIT: Final = 1000
"""How many are remembered; a repetition comes within seconds."""


class Attempts:
    """Which presentations of a 口令 have been asked for, so that none is made twice.

    A browser sends a POST again by itself when a kept connection breaks before the answer (Chromium does, RFC 9110
    §9.2.2 allows it only for methods known to be idempotent).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, None] = {}

    def begin(self, attempt: str) -> None:
        """Remember this one. Raises XiekaError E-RPC-04 when it is known already; nothing may be done then."""
        with self._lock:
            if attempt in self._seen:
                raise XiekaError("E-RPC-04")
            self._seen[attempt] = None
            if len(self._seen) > LIMIT:
                del self._seen[next(iter(self._seen))]

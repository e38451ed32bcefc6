"""How fast a download goes, looked at no more than five times a second."""

from __future__ import annotations

import math
from collections.abc import Callable

TELL_SECONDS = 0.2
SMOOTH_SECONDS = 3.0
"""After this long without a byte the speed shown has sunk to a third."""
_LONGEST = 100 * 3600


class Pace:
    """Speed since it was made, when `received` bytes had come. `now` gives seconds that never go back."""

    def __init__(self, now: Callable[[], float], received: int = 0) -> None:
        self._now = now
        self._at = now()
        self._received = received
        self._speed: float | None = None

    def look(self, received: int) -> bool:
        """Take note of the bytes that have come; False when it is too early to look again."""
        now = self._now()
        took = now - self._at
        if took < TELL_SECONDS:
            return False
        rate = (received - self._received) / took
        weight = 1 - math.exp(-took / SMOOTH_SECONDS)
        self._speed = rate if self._speed is None else self._speed + weight * (rate - self._speed)
        self._at, self._received = now, received
        return True

    @property
    def speed(self) -> int | None:
        """Bytes a second; None: not known yet, or nothing comes."""
        return round(self._speed) or None if self._speed is not None else None

    def remaining(self, left: int) -> int | None:
        """Seconds for so many bytes; None: not known, or longer than anybody waits."""
        speed = self.speed
        return math.ceil(left / speed) if speed and left / speed < _LONGEST else None

"""One run of one download: asked for until all of it is there and right, however often the network goes away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from xieka.apps.download.models import Wanted
from xieka.apps.download.part import Part
from xieka.core.errors import XiekaError
from xieka.core.http import STALL_SECONDS, Http
from xieka.core.http_errors import RefusedError

log = logging.getLogger(__name__)

PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0)
"""Seconds before the next try; after so many tries in a row that brought nothing, it is given up until told again."""
LONGEST_PAUSE: Final = 300.0
"""Seconds that a server may ask to be left alone."""

_PASSING = frozenset({"E-NET-01", "E-NET-02", "E-NET-03", "E-NET-04", "E-NET-05", "E-NET-08", "E-NET-12"})
"""What goes away by itself, or while the user does something about the network."""
_WRONG = frozenset({"E-PKG-01", "E-NET-16"})
_NO_PART = (206, 416)


@dataclass(frozen=True, slots=True)
class Way:
    """How packages are fetched. `online`: does the rest of the program find the network there?"""

    http: Http
    online: Callable[[], bool]
    pauses: tuple[float, ...] = PAUSES
    stall: float = STALL_SECONDS


class Fetch:
    """Fills a part. `watch` is called often while it works, `trouble` with what it waits for, None: no longer."""

    def __init__(
        self,
        way: Way,
        wanted: Wanted,
        part: Part,
        stop: threading.Event,
        watch: Callable[[], None],
        trouble: Callable[[XiekaError | None], None],
    ) -> None:
        self._way = way
        self._wanted = wanted
        self._part = part
        self._stop = stop
        self._watch = watch
        self._trouble = trouble

    def run(self) -> None:
        """Return when the part is complete and right.

        Raises XiekaError: E-PKG-01 when the server has something else, the part is empty then; E-NET-13 when stopped;
        E-DWN-05 or why the server refuses, the part stays; what Part raises.
        """
        clean = False
        while True:
            try:
                self._fill()
                if self._part.right:
                    return
            except XiekaError as error:
                if not (error.code in _WRONG or (isinstance(error, RefusedError) and error.status in _NO_PART)):
                    raise
            again = self._part.pieced and not clean
            log.warning("a download is not what was signed, %s", "once more from its beginning" if again else "gone")
            self._part.empty()
            if not again:
                raise XiekaError("E-PKG-01")
            clean = True

    def _fill(self) -> None:
        part, tries, short = self._part, 0, False
        while not part.complete:
            part.check_space()
            received = part.received
            try:
                self._ask()
                if part.complete:
                    return
                # The server says that this is all but did not say how long it would be: cut off, or really shorter.
                if short:
                    raise XiekaError("E-PKG-01")
                short = True
                raise XiekaError("E-NET-05")
            except XiekaError as error:
                if error.code not in _PASSING:
                    raise
                tries = 1 if part.received > received else tries + 1
                if tries > len(self._way.pauses):
                    raise XiekaError("E-DWN-05", done=part.have // 1_000_000) from error
                log.info("a download was interrupted: %s, try %d", error.code, tries)
                self._trouble(XiekaError("E-DWN-04", done=part.have // 1_000_000))
                asked = error.retry_after if isinstance(error, RefusedError) else None
                if self._rest(max(self._way.pauses[tries - 1], min(asked or 0, LONGEST_PAUSE))):
                    tries = 0
                self._trouble(None)

    def _ask(self) -> None:
        part = self._part
        part.pieced = part.have > 0
        self._way.http.stream(
            self._wanted.url,
            part,
            start=part.have,
            validator=part.validator,
            limit=self._wanted.length,
            stall=self._way.stall,
            cancel=self._stop,
            watch=self._watch,
        )

    def _rest(self, seconds: float) -> bool:
        """Wait so long, and then until the network is there. True when it was away."""
        away = False
        while True:
            if self._stop.wait(seconds):
                raise XiekaError("E-NET-13")
            if self._way.online():
                return away
            away, seconds = True, min(1.0, self._way.pauses[0])

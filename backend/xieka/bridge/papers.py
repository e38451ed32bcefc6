"""Documents for the browser host to print: each at an address that nobody can guess, for a while."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

PREFIX = "/paper/"
SECONDS = 600.0
"""How long one is kept: long enough to look at it, to print it twice and to reload it."""
_MOST = 8


@dataclass(frozen=True, slots=True)
class Paper:
    """One self-contained HTML document and the Content-Security-Policy that it is served with."""

    html: str
    policy: str
    until: float


class Papers:
    """A few documents in memory. A tab of its own shows one, so it cannot send the page's access token."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._papers: OrderedDict[str, Paper] = OrderedDict()

    def add(self, html: str, policy: str) -> str:
        """Keep a document; its path on this server."""
        path = PREFIX + secrets.token_urlsafe(32)
        with self._lock:
            self._papers[path] = Paper(html, policy, self._now() + SECONDS)
            while len(self._papers) > _MOST:
                self._papers.popitem(last=False)
        return path

    def find(self, path: str) -> Paper | None:
        """The document at this path while it is kept."""
        with self._lock:
            for old in [one for one, paper in self._papers.items() if paper.until < self._now()]:
                del self._papers[old]
            return self._papers.get(path)

"""Which addresses a remote window may load. Pure, and strict in the letter: what is not plainly inside is outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
# Percent-encoded dots and slashes: a server may take them for the characters they stand for.
_DISGUISED = re.compile(r"%(2e|2f|5c|25)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fence:
    """One origin (`https://host[:port]`, lower case, no slash at its end) and the folder of its pages, `/…/`."""

    origin: str
    folder: str

    def __post_init__(self) -> None:
        """Raises ValueError for anything else than an origin and a folder."""
        if not _ORIGIN.fullmatch(self.origin) or not re.fullmatch(r"/([a-z0-9-]+/)+", self.folder):
            raise ValueError("not an origin and a folder")

    def contains(self, url: str) -> bool:
        """Whether an absolute address, as the engine writes it, lies inside."""
        if not url.startswith(self.origin + self.folder):
            return False
        path = urlsplit(url).path
        inside = path.startswith(self.folder) and not _DISGUISED.search(path) and "\\" not in path and "//" not in path
        return inside and not {".", ".."} & set(path.split("/"))

    @property
    def domain(self) -> str:
        """The host as people are shown it, with the port where that is not the usual one."""
        return urlsplit(self.origin).netloc

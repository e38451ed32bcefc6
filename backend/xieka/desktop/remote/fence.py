"""The one origin a remote window may load from. Pure, and strict in the letter."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
_USUAL_PORTS = {"http": ":80", "https": ":443"}


class Fence:
    """An origin (RFC 6454 §4), written as the engine writes it: ASCII, lower case, without the scheme's usual port."""

    def __init__(self, origin: str) -> None:
        """Raises ValueError for anything else than an http or https origin."""
        origin = origin.lower()
        if not _ORIGIN.fullmatch(origin):
            raise ValueError("not an origin")
        self.origin = origin.removesuffix(_USUAL_PORTS[origin.partition(":")[0]])

    def contains(self, url: str) -> bool:
        """Whether an absolute address, as the engine writes it, lies inside."""
        # The slash ends the host: neither `http://host@evil`, `http://host.evil` nor `http://host:1` begins with it.
        return url.startswith(f"{self.origin}/")

    @property
    def host(self) -> str:
        """The host as people are shown it, with the port where that is not the usual one."""
        return urlsplit(self.origin).netloc

    @property
    def encrypted(self) -> bool:
        """Whether its pages come over TLS."""
        return self.origin.startswith("https:")


def origin_only(url: str) -> str:
    """What may be logged of an address: its scheme and host, nothing that a person may have typed."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

"""Addresses that lead out of the program: which ones are acceptable at all."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints

MAX_URL = 2000
"""Longest accepted address in characters."""
_MENDED = frozenset('\\<>"{}|^`\x7f')


def check_https(url: str) -> str:
    """The address itself if it is a plain https one, else ValueError.

    Refused: other schemes, a user name or password, an address literal or single label instead of a domain name,
    other than ASCII (a look-alike name must be seen in its xn-- form), blanks and backslashes, which browsers mend.
    """
    if not url.isascii() or any(character <= " " or character in _MENDED for character in url):
        raise ValueError("not an https address: characters")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        raise ValueError("not an https address: scheme")
    if "@" in parts.netloc:
        raise ValueError("not an https address: user")
    if parts.port not in (None, 443):
        raise ValueError("not an https address: port")
    labels = host.split(".")
    # A last label that begins with a digit makes browsers read the host as an IPv4 address (127.1, 127.0x1).
    if len(labels) < 2 or labels[-1][:1].isdigit() or not all(_label(label) for label in labels):
        raise ValueError("not an https address: host")
    return url


def domain(url: str) -> str:
    """The host name people are shown before they follow a checked address."""
    return urlsplit(url).hostname or ""


def _label(label: str) -> bool:
    return 0 < len(label) <= 63 and label[0] != "-" and label[-1] != "-" and all(c.isalnum() or c == "-" for c in label)


HttpsUrl = Annotated[str, StringConstraints(max_length=MAX_URL), AfterValidator(check_https)]
"""An address that may be opened in the system's browser."""
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() -]{3,24}$")]
"""A telephone number as people write it."""

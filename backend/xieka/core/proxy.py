"""Which proxy a request goes through: the system's, one the user named, or none."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from xieka.core.errors import XiekaError
from xieka.core.route import is_loopback

Mode = Literal["system", "manual", "none"]

MAX_EXCEPTIONS = 100
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """What the user chose. `url` counts in mode `manual` only; `exceptions` are reached directly in every mode."""

    mode: Mode = "system"
    url: str | None = None
    exceptions: tuple[str, ...] = ()

    def checked(self) -> ProxySettings:
        """The same, in normal form. Raises XiekaError V-PRX-01 … V-PRX-04."""
        url = normal_url(self.url) if self.url else None
        if self.mode == "manual" and url is None:
            raise XiekaError("V-PRX-02")
        if len(self.exceptions) > MAX_EXCEPTIONS:
            raise XiekaError("V-PRX-04", n=MAX_EXCEPTIONS)
        return ProxySettings(self.mode, url, tuple(dict.fromkeys(normal_exception(one) for one in self.exceptions)))


def normal_url(text: str) -> str:
    """`http://host:port` from what a person typed.

    Raises XiekaError V-PRX-01 for an address with user name or password (the settings file would keep it readable)
    and V-PRX-02 for everything else that is no HTTP proxy's address.
    """
    text = text.strip()
    if "@" in text:
        raise XiekaError("V-PRX-01")
    try:
        parts = urlsplit(text.lower() if "://" in text else f"http://{text.lower()}")
        port = parts.port
    except ValueError as wrong:
        raise XiekaError("V-PRX-02") from wrong
    host = parts.hostname or ""
    beyond = parts.path not in ("", "/") or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or beyond or not port or not (_NAME.fullmatch(host) or _network(host)):
        raise XiekaError("V-PRX-02")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def normal_exception(text: str) -> str:
    """A domain (its subdomains are meant too), an address or a network. Raises XiekaError V-PRX-03."""
    entry = text.strip().lower().removeprefix("*").removeprefix(".")
    if not (_NAME.fullmatch(entry) or _network(entry)):
        raise XiekaError("V-PRX-03", entry=text.strip()[:80])
    return entry


def excepted(host: str, exceptions: tuple[str, ...]) -> bool:
    """True when one of the normal entries is the host, a domain above it or a network around it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return any(host == entry or host.endswith(f".{entry}") for entry in exceptions)
    return any((network := _network(entry)) is not None and address in network for entry in exceptions)


def direct(host: str, settings: ProxySettings) -> bool:
    """True when the settings alone say that no proxy is asked: always for this computer itself."""
    return settings.mode == "none" or is_loopback(host) or excepted(host, settings.exceptions)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None

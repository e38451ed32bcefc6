"""Addresses that a stranger's document may have us ask: public ones, never this computer's or its network's own.

A certificate names the servers that answer for it. Whoever writes one must not reach what only this computer can
(server-side request forgery, CWE-918).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import TypeAlias

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"
Place = tuple[socket.AddressFamily, str, int]
"""What a socket connects to: family, address in digits, port."""

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
# RFC 6052, 2.1: an IPv4 address in its last 32 bits.
_OWN_NAMES = ("local", "localhost", "internal", "lan", "home", "corp", "intranet", "private", "test", "invalid")
_OWN_DOMAINS = ("home.arpa",)


class NotPublicError(OSError):
    """A name that leads, or may lead, to this computer or its own network."""


def is_public(address: Address) -> bool:
    """True for an address of the internet, whatever it is wrapped in (RFC 6890)."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _TRANSLATED:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(one is not None and not is_public(one) for one in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast


def may_be_public(host: str) -> bool:
    """False for what can be told without asking for a name: digits, single words, an office's own endings."""
    try:
        return is_public(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    name = host.rstrip(".").lower()
    last = name.rpartition(".")[2]
    # A last label that is no word is how numbers are disguised: 127.1, 0x7f.1, 2130706433.
    word = last.isalpha() or last.startswith("xn--")
    return "." in name and word and last not in _OWN_NAMES and not name.endswith(_OWN_DOMAINS)


def places(host: str, port: int) -> Iterator[Place]:
    """Where `host` is, public addresses only. Raises OSError, NotPublicError when there is none."""
    found = False
    for family, _, _, _, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        digits = str(where[0]).partition("%")[0]
        if is_public(ipaddress.ip_address(digits)):
            found = True
            yield family, digits, port
    if not found:
        raise NotPublicError("no public address")

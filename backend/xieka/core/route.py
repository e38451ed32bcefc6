"""Is the computer on a network at all? Asks the routing table only; no packet leaves."""

from __future__ import annotations

import ipaddress
import socket

# Documentation addresses (RFC 5737, RFC 3849): connecting a datagram socket only consults the routes.
_TARGETS = ((socket.AF_INET, ("192.0.2.1", 9)), (socket.AF_INET6, ("2001:db8::1", 9)))


def has_route() -> bool:
    """True when the system has a route beyond this computer, over IPv4 or IPv6."""
    for family, address in _TARGETS:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect(address)
        except OSError:
            continue
        return True
    return False


def is_loopback(host: str) -> bool:
    """True for a name or address of this computer itself (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

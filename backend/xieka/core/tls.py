"""A TLS handshake with a host, directly or through a proxy, without any request: to look and to test."""

from __future__ import annotations

import contextlib
import http.client
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

CONNECT_SECONDS = 3.0


@contextlib.contextmanager
def handshake(url: str, proxy: str | None, context: ssl.SSLContext) -> Iterator[http.client.HTTPSConnection]:
    """The connection after the handshake. Raises OSError (ssl.SSLError among them).

    A proxy that itself speaks TLS is not supported here; a password in the proxy's address is not sent.
    """
    target = urlsplit(url)
    host, port = target.hostname or "", target.port or 443
    through = urlsplit(proxy) if proxy else None
    connection = http.client.HTTPSConnection(
        (through.hostname or "") if through else host,
        (through.port or 80) if through else port,
        timeout=CONNECT_SECONDS,
        context=context,
    )
    if through:
        connection.set_tunnel(host, port)
    try:
        connection.connect()
        yield connection
    finally:
        connection.close()

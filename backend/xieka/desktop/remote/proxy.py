"""The program's proxy setting for the engine: set at the beginning of each visit.

Qt WebEngine knows one proxy for all of its profiles, and asks `QNetworkProxy` before each connection. The main page is
on this computer itself, which the engine reaches directly whatever is set; so the one proxy is the visit's.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from PySide6.QtNetwork import QNetworkProxy

log = logging.getLogger(__name__)


def use_proxy(address: str | None) -> None:
    """From now on the engine goes through this proxy (`http://host:port`), None: directly."""
    if address is None:
        QNetworkProxy.setApplicationProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        return
    parts = urlsplit(address)
    if parts.scheme != "http":
        # Qt has no word for a proxy that is itself spoken to over TLS; the connection then fails, and says so.
        log.warning("the engine cannot use a proxy over %s", parts.scheme)
    QNetworkProxy.setApplicationProxy(
        QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, parts.hostname or "", parts.port or 80)
    )

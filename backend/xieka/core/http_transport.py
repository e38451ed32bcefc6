"""requests, set up the way the client wants it: the system's trust store, no cookies, no surprises.

Loaded at the first request only: requests and truststore take 0.1 s to import.
"""

from __future__ import annotations

import ssl
import threading
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

import xieka
from xieka.core.http_transfer import Transfer


def _note(connection: HTTPConnection) -> None:
    """Tell the transfer which connection it uses, so that another thread can cut it."""
    transfer = threading.current_thread()
    if isinstance(transfer, Transfer):
        transfer.connection = connection


class _Plain(HTTPConnection):
    def connect(self) -> None:
        _note(self)
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        _note(self)
        super().request(*args, **kwargs)


class _Tls(HTTPSConnection):
    def connect(self) -> None:
        _note(self)
        super().connect()

    def request(self, *args: Any, **kwargs: Any) -> None:
        _note(self)
        super().request(*args, **kwargs)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


_POOLS = {"http": _PlainPool, "https": _TlsPool}


class _Adapter(HTTPAdapter):
    """Connections verified by the system's trust store alone (not by the list that requests brings)."""

    def __init__(self) -> None:
        self._context = trust_context()
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        context = self._context
        manager = super().proxy_manager_for(proxy, ssl_context=context, proxy_ssl_context=context, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:
        """Nothing to add: the context verifies. The inherited method would load a second list of authorities."""


def trust_context() -> truststore.SSLContext:
    """A TLS client context that trusts what the operating system trusts, an office's own authority included."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def new_session() -> requests.Session:
    """A session without cookies, .netrc, environment or defaults of its own."""
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    # identity: a length limit must count what is really received, and nothing is ever unpacked.
    session.headers.update({"User-Agent": f"xieka/{xieka.__version__}", "Accept-Encoding": "identity"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in _POOLS:
        session.mount(f"{scheme}://", _Adapter())
    return session

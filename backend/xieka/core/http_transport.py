"""requests, set up the way the client wants it: the system's trust store, no cookies, no surprises.

Loaded at the first request only: requests and truststore take 0.1 s to import.
"""

from __future__ import annotations

import socket
import ssl
import threading
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

import xieka
from xieka.core import public
from xieka.core.http_transfer import CONNECT_SECONDS, Transfer


def _note(connection: HTTPConnection) -> None:
    """Tell the transfer which connection it uses, so that another thread can cut it."""
    transfer = threading.current_thread()
    if isinstance(transfer, Transfer):
        transfer.connection = connection


def _guarded(connection: HTTPConnection) -> socket.socket | None:
    """A connection to a public address, for a transfer that wants one; None for the others.

    The address is looked at and then used: a name that leads elsewhere a moment later changes nothing.
    """
    transfer = threading.current_thread()
    if not isinstance(transfer, Transfer) or not transfer.public:
        return None
    failed: OSError | None = None
    for family, digits, port in public.places(connection.host, connection.port):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(CONNECT_SECONDS)
            sock.connect((digits, port))
        except OSError as error:
            sock.close()
            failed = error
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
    raise failed or OSError("no address")


class _Plain(HTTPConnection):
    def connect(self) -> None:
        _note(self)
        super().connect()

    def _new_conn(self) -> socket.socket:
        try:
            return _guarded(self) or super()._new_conn()
        except OSError as error:
            raise NewConnectionError(self, "no connection") from error

    def request(self, *args: Any, **kwargs: Any) -> None:
        _note(self)
        super().request(*args, **kwargs)


class _Tls(HTTPSConnection):
    def connect(self) -> None:
        _note(self)
        super().connect()

    def _new_conn(self) -> socket.socket:
        try:
            return _guarded(self) or super()._new_conn()
        except OSError as error:
            raise NewConnectionError(self, "no connection") from error

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

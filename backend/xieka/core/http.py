"""The one HTTP fetcher of the client: bounded in time and size, verified by the system's trust store, no cookies.

Every failure is a XiekaError that says what failed (http_errors.py).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from xieka.core.errors import XiekaError
from xieka.core.proxy import ProxySettings, direct
from xieka.core.route import is_loopback
from xieka.core.system_proxy import SystemProxies

if TYPE_CHECKING:
    import requests

    from xieka.core.http_reply import Reply
    from xieka.core.http_transfer import Progress

TOTAL_SECONDS = 30.0
_LOOK_SECONDS = 0.05


class Http:
    """Fetches over https only; over http from this computer itself when `allow_loopback_http` says so (practice)."""

    def __init__(
        self,
        proxy: Callable[[], ProxySettings] = ProxySettings,
        *,
        allow_loopback_http: bool = False,
        system: SystemProxies | None = None,
    ) -> None:
        self._settings = proxy
        self._loopback = allow_loopback_http
        self.system = system or SystemProxies()
        self._lock = threading.Lock()
        self._session: requests.Session | None = None

    def get(self, url: str, **how: Any) -> Reply:
        """See `send`."""
        return self.send("GET", url, **how)

    def send(
        self,
        method: str,
        url: str,
        *,
        limit: int,
        body: object = None,
        bearer: str | None = None,
        total: float = TOTAL_SECONDS,
        cancel: threading.Event | None = None,
        progress: Progress | None = None,
    ) -> Reply:
        """The answer to one request, at most `limit` bytes long and after at most `total` seconds.

        `body` is sent as JSON. Nothing is tried twice. Redirects of a GET are followed within the same scheme, host
        and port. Raises XiekaError E-NET-01 … E-NET-16: its subclass `RefusedError` for an error status, E-NET-13 soon
        after `cancel` is set, wherever the transfer hangs.
        """
        from xieka.core.http_transfer import Request, Transfer

        self._check(url)
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        request = Request(method, url, self.proxy_for(url), headers, data, limit, progress)
        transfer = Transfer(self._ready_session(), request)
        transfer.start()
        deadline = time.monotonic() + total
        while not transfer.done.wait(_LOOK_SECONDS if cancel else max(0.0, deadline - time.monotonic())):
            cancelled = cancel is not None and cancel.is_set()
            if cancelled or time.monotonic() >= deadline:
                transfer.abandon()
                raise XiekaError("E-NET-13" if cancelled else "E-NET-03")
        return transfer.result()

    def proxy_for(self, url: str) -> str | None:
        """The proxy a request for this URL goes through, None: directly."""
        settings = self._settings()
        if direct(urlsplit(url).hostname or "", settings):
            return None
        return settings.url if settings.mode == "manual" else self.system.proxy(url)

    def close(self) -> None:
        """Close the kept connections."""
        with self._lock:
            if self._session is not None:
                self._session.close()
                self._session = None

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and self._loopback and is_loopback(parts.hostname or "")
        if not (parts.scheme == "https" or plain) or not parts.hostname or "@" in parts.netloc:
            raise XiekaError("E-NET-15")

    def _ready_session(self) -> requests.Session:
        with self._lock:
            if self._session is None:
                # Imported here: requests takes 0.1 s, which the start of the program does without.
                from xieka.core.http_transport import new_session

                self._session = new_session()
            return self._session

"""The one HTTP fetcher of the client: bounded in time and size, verified by the system's trust store, no cookies.

Every failure is a XiekaError that says what failed (http_errors.py).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from xieka.core.errors import XiekaError
from xieka.core.proxy import ProxySettings, direct
from xieka.core.public import may_be_public
from xieka.core.route import is_loopback
from xieka.core.system_proxy import SystemProxies

if TYPE_CHECKING:
    import requests

    from xieka.core.http_range import Sink
    from xieka.core.http_reply import Reply
    from xieka.core.http_transfer import Progress, Request

TOTAL_SECONDS = 30.0
STALL_SECONDS = 15.0
_LOOK_SECONDS = 0.05


def _nothing() -> None: ...


def _ahead(reply: Reply) -> timedelta | None:
    # RFC 9110, 6.6.1; an answer from a cache has aged meanwhile (RFC 9111, 5.1).
    age = reply.headers.get("Age", "0")
    try:
        told = parsedate_to_datetime(reply.headers.get("Date", ""))
        return told.astimezone(UTC) + timedelta(seconds=int(age[:6])) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


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
        self.ahead: timedelta | None = None
        """By how much the last server that told the time was ahead of this computer's clock; None before one did.

        Servers known by TLS only, or the practice service: over plain http anybody on the way may have written it.
        """

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
        from xieka.core.http_transfer import Request

        self._check(url)
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        request = Request(method, url, self.proxy_for(url), headers, data, limit, progress)
        return self._outcome(request, total, cancel, _nothing)

    def signed(
        self,
        url: str,
        *,
        limit: int,
        body: bytes | None = None,
        media_type: str = "",
        local: Collection[str] = (),
        total: float = TOTAL_SECONDS,
        cancel: threading.Event | None = None,
    ) -> Reply:
        """The answer to a GET, or with `body` to a POST, whose content is signed by itself: a CRL, an OCSP answer.

        The address comes from a certificate. It may be plain http, for nothing in it is secret, but leads to public
        places only (E-NET-15), or to one of `local`: `host:port` on this computer. Raises like `send`.
        """
        from xieka.core.http_transfer import Request

        parts = urlsplit(url)
        host = parts.hostname or ""
        at_home = parts.netloc in local and is_loopback(host)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc or not (at_home or may_be_public(host)):
            raise XiekaError("E-NET-15")
        headers = {} if body is None else {"Content-Type": media_type}
        method = "GET" if body is None else "POST"
        request = Request(method, url, self.proxy_for(url), headers, body, limit, None, public=not at_home)
        return self._outcome(request, total, cancel, _nothing)

    def stream(
        self,
        url: str,
        sink: Sink,
        *,
        limit: int,
        start: int = 0,
        validator: str | None = None,
        stall: float = STALL_SECONDS,
        cancel: threading.Event | None = None,
        watch: Callable[[], None] | None = None,
    ) -> None:
        """Pour the answer to one GET into `sink`, from byte `start` on; `limit` bytes of the whole thing at most.

        It may take as long as it likes, but not more than `stall` seconds without a byte. `validator` is what `sink`
        was told with the bytes before `start`. `watch` is called about 20 times a second meanwhile, in this thread.
        Returns when the server says that this was all. Raises like `send`, E-NET-03 for a stall; RefusedError with
        status 206 or 416 when `start` cannot be continued from; and what `sink` raises.
        """
        from xieka.core.http_range import Pour
        from xieka.core.http_transfer import Request

        self._check(url)
        pour = Pour(sink, start, validator, stall)
        request = Request("GET", url, self.proxy_for(url), pour.headers(), None, limit, None, pour)
        self._outcome(request, stall, cancel, watch or _nothing)

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

    def _outcome(
        self, request: Request, seconds: float, cancel: threading.Event | None, watch: Callable[[], None]
    ) -> Reply:
        from xieka.core.http_transfer import Transfer

        transfer = Transfer(self._ready_session(), request)
        transfer.start()
        looks = cancel is not None or request.pour is not None
        try:
            while not transfer.done.wait(
                _LOOK_SECONDS if looks else max(0.0, transfer.since + seconds - time.monotonic())
            ):
                if cancel is not None and cancel.is_set():
                    raise XiekaError("E-NET-13")
                if time.monotonic() >= transfer.since + seconds:
                    raise XiekaError("E-NET-03")
                watch()
        finally:
            if not transfer.done.is_set():
                transfer.abandon()
        reply = transfer.result()
        if self._known(request.url) and (ahead := _ahead(reply)) is not None:
            self.ahead = ahead
        return reply

    def _known(self, url: str) -> bool:
        """Whether nobody on the way can have written what the answer says. A redirect stays at the same place."""
        parts = urlsplit(url)
        return parts.scheme == "https" or self._at_home(parts.scheme, parts.hostname)

    def _at_home(self, scheme: str, host: str | None) -> bool:
        return scheme == "http" and self._loopback and is_loopback(host or "")

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if not self._known(url) or not parts.hostname or "@" in parts.netloc:
            raise XiekaError("E-NET-15")

    def _ready_session(self) -> requests.Session:
        with self._lock:
            if self._session is None:
                # Imported here: requests takes 0.1 s, which the start of the program does without.
                from xieka.core.http_transport import new_session

                self._session = new_session()
            return self._session

"""One request in a thread of its own, so that nobody waits longer than he wants to: not even for a name."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from xieka.core.errors import XiekaError
from xieka.core.http_errors import told
from xieka.core.http_range import Pour
from xieka.core.http_reply import Reply, is_page, judged, same_place

if TYPE_CHECKING:
    import requests
    from urllib3.connection import HTTPConnection

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
REDIRECTS = 3

Progress = Callable[[int, int | None], None]
"""Called with (bytes so far, bytes in all or None), in the transfer's thread."""

_CHUNK = 1 << 16
_POURED = 1 << 20
_PAGE = 1 << 16
"""Bytes of an answer that is not the streamed thing: enough to tell what it is."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; `limit` in bytes of the answer."""

    method: str
    url: str
    proxy: str | None
    headers: Mapping[str, str]
    data: bytes | None
    limit: int
    progress: Progress | None
    pour: Pour | None = None
    """Where the answer goes; None: into memory."""
    public: bool = False
    """Connect to public addresses only (public.py), whatever the name leads to in this moment."""


class Transfer(threading.Thread):
    """Started, it ends with `done` set; `result` then gives what came of it."""

    def __init__(self, session: requests.Session, request: Request) -> None:
        super().__init__(name="http", daemon=True)
        self.done = threading.Event()
        self.connection: HTTPConnection | None = None
        """Set by the connection itself as soon as it is used (http_transport.py)."""
        self.since = time.monotonic()
        """What the waiting counts from: the start; with a sink, the last byte, or never while the sink is at work."""
        self._session = session
        self._request = request
        self.public = request.public and request.proxy is None
        """With a proxy it is the proxy that connects."""
        self._gate = threading.Lock()
        self._abandoned = False
        self._outcome: Reply | BaseException = XiekaError("E-NET-13")

    def abandon(self) -> None:
        """Nobody waits any longer: shut the connection down, so that a blocked read ends at once.

        On return the sink is at rest for ever.
        """
        with self._gate:
            self._abandoned = True
        sock = self.connection.sock if self.connection else None
        if sock is not None:
            # Any error means that it is closed already, or closing.
            with contextlib.suppress(OSError, ValueError):
                # Not SSLSocket.shutdown: it takes the TLS state away under the reading thread.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def result(self) -> Reply:
        """The answer. Raises XiekaError."""
        outcome = self._outcome
        if isinstance(outcome, Reply):
            return outcome
        if isinstance(outcome, XiekaError):
            raise outcome
        raise told(outcome, self._request.url, self._request.proxy) from outcome

    def run(self) -> None:
        """The thread."""
        try:
            self._outcome = self._follow()
        except BaseException as error:  # noqa: BLE001 — handed to the waiting thread, or dropped with the transfer
            self._outcome = error
        finally:
            self.done.set()

    def _follow(self) -> Reply:
        request, url = self._request, self._request.url
        read_seconds = request.pour.stall if request.pour else READ_SECONDS
        for _ in range(REDIRECTS + 1):
            with self._session.request(
                request.method,
                url,
                data=request.data,
                headers=request.headers,
                proxies={"http": request.proxy, "https": request.proxy} if request.proxy else {},
                timeout=(CONNECT_SECONDS, read_seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                if not 300 <= response.status_code < 400:
                    return self._read(response)
                url = same_place(url, response.headers.get("Location", ""))
                if request.method != "GET":
                    return self._read(response)
        raise XiekaError("E-NET-03")

    def _read(self, response: requests.Response) -> Reply:
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        pour, limit = self._request.pour, self._request.limit
        if pour is not None:
            if response.status_code in (200, 206) and not is_page(media_type, b""):
                return self._pour(response, pour, media_type)
            limit = _PAGE
        length = response.headers.get("Content-Length", "")
        expected = int(length) if length.isdecimal() else None
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK):
            body += chunk
            if len(body) > limit:
                if pour is not None:
                    break
                raise XiekaError("E-NET-16")
            if self._abandoned:
                raise XiekaError("E-NET-13")
            if self._request.progress:
                self._request.progress(len(body), expected)
        reply = judged(Reply(response.status_code, media_type, response.headers, bytes(body)), self._request.proxy)
        if pour is not None:
            raise XiekaError("E-NET-03")
        return reply

    def _pour(self, response: requests.Response, pour: Pour, media_type: str) -> Reply:
        start, total, validator = pour.beginning(response.status_code, response.headers)
        if total is not None and total > self._request.limit:
            raise XiekaError("E-NET-16")
        chunk = response.raw.read1(_POURED)
        if response.status_code == 200 and is_page(media_type, chunk):
            raise XiekaError("E-NET-02")
        self._hand(partial(pour.sink.begin, start, total, validator))
        at = start
        while chunk:
            at += len(chunk)
            if at > self._request.limit:
                raise XiekaError("E-NET-16")
            self._hand(partial(pour.sink.write, chunk))
            chunk = response.raw.read1(_POURED)
        return Reply(response.status_code, media_type, response.headers, b"")

    def _hand(self, over: Callable[[], None]) -> None:
        """Let the sink do something, unless the transfer is abandoned; the time it takes is not the network's."""
        with self._gate:
            if self._abandoned:
                raise XiekaError("E-NET-13")
            self.since = math.inf
            over()
            self.since = time.monotonic()

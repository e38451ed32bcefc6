"""One connection's requests: static page, POST /rpc, GET /events. Everything is checked before it is read."""

from __future__ import annotations

import http.server
import json
import logging
import queue
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from xieka.bridge.connections import Worth
from xieka.bridge.papers import PREFIX
from xieka.bridge.static import HEADERS
from xieka.core.events import Event

if TYPE_CHECKING:
    from xieka.bridge.server import Server

log = logging.getLogger(__name__)

BODY_LIMIT = 1 << 20
"""Longest accepted request body, in bytes; the longest real one is a PIN change."""
PING_SECONDS = 20.0
"""Silence after which a comment line goes down an event stream, so that a dead peer is noticed."""
PAGE_TOPICS = frozenset(
    (
        "ukeys",
        "ukey.inserted",
        "ukey.removed",
        "network",
        "osstore",
        "appearance",
        "driver",
        "show",
        "first_hide",
        "content",
        "apps",
        "registration",
        "reminders",
        "installs",
        "certificate.trust",
    )
)
"""What the page is told (`Topics` in frontend/types/rpc.d.ts); the other topics are the program's own."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one peer; `server.bridge` says with what."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Seconds a kept connection may rest, and a peer may take to read an answer.
    timeout = 60
    server: Server

    def handle_one_request(self) -> None:
        """One request, counting its time from the first byte on."""
        try:
            first: bytes = self.rfile.peek(1)  # type: ignore[attr-defined]
        except OSError:
            first = b""
        if not first:
            self.close_connection = True
            return
        self.server.connections.begins(self.connection)
        super().handle_one_request()

    def parse_request(self) -> bool:
        """The head, whatever the method: ours in Host and Origin, or nothing further is looked at."""
        if not (super().parse_request() and self._host_is_ours() and self._origin_is_ours()):
            return False
        if self.command not in ("GET", "POST"):
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED, "other method")
            return False
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the standard library finds wrong is answered like everything else we refuse."""
        # Else whoever gave no version would get no headers.
        self.request_version = self.protocol_version
        self._refuse(HTTPStatus(code), "not HTTP as we know it")

    def do_GET(self) -> None:
        """The page's own files for everyone with our Host, the events for the holder of the access token.

        And documents to print, for whoever knows their address.
        """
        if self.path == "/events":
            if self._bearer_is_right():
                self._events()
            return
        self.server.connections.has_spoken(self.connection)
        if self.path.startswith(PREFIX) and (paper := self.server.bridge.paper(self.path)) is not None:
            self._answer(HTTPStatus.OK, paper.html.encode(), "text/html; charset=utf-8", paper.policy)
            return
        found = self.server.bridge.files.find(self.path)
        if found is None:
            self._answer(HTTPStatus.NOT_FOUND)
            return
        self._answer(HTTPStatus.OK, *found)

    def do_POST(self) -> None:
        """One call, for the holder of the access token."""
        if not self._bearer_is_right():
            return
        if self.path != "/rpc":
            self._refuse(HTTPStatus.NOT_FOUND, "unknown path")
            return
        if self.headers.get_content_type() != "application/json":
            # A simple cross-site form post cannot carry this type.
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not JSON")
            return
        body = self._body()
        if body is None:
            return
        self.server.connections.has_spoken(self.connection, Worth.PAGE)
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            self._refuse(HTTPStatus.BAD_REQUEST, "broken JSON")
            return
        finally:
            # A PIN may stand in it.
            body[:] = bytes(len(body))
        # In ASCII: half a character (a lone surrogate) in a name or in the call's id cannot be encoded otherwise.
        reply = json.dumps(self.server.bridge.dispatch(request)).encode()
        self._answer(HTTPStatus.OK, reply, "application/json; charset=utf-8")

    def _body(self) -> bytearray | None:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "no length")
            return None
        # The digits first: counting with a million of them takes long.
        if len(length) > len(str(BODY_LIMIT)) or int(length) > BODY_LIMIT:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body too long")
            return None
        return bytearray(self.rfile.read(int(length)))

    def _events(self) -> None:
        bridge = self.server.bridge
        last = self.headers.get("Last-Event-ID", "")
        subscriber = bridge.bus.subscribe(int(last)) if last.isascii() and last.isdigit() and len(last) < 19 else None
        if subscriber is None:
            # The page is from another run or too far behind: it must start from a snapshot.
            self._answer(HTTPStatus.CONFLICT)
            return
        self.close_connection = True
        self.server.connections.has_spoken(self.connection, Worth.STREAM)
        try:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/event-stream; charset=utf-8")
            for name, value in HEADERS:
                self.send_header(name, value)
            self.end_headers()
            self._write(f"event: hello\ndata: {json.dumps({'boot': bridge.bus.boot})}\n\n")
            self._pump(subscriber)
        except OSError:
            return
        finally:
            bridge.bus.unsubscribe(subscriber)

    def _pump(self, subscriber: queue.SimpleQueue[Event | None]) -> None:
        while True:
            try:
                event = subscriber.get(timeout=PING_SECONDS)
            except queue.Empty:
                self._write(": ping\n\n")
                continue
            if event is None:
                return
            if event.topic in PAGE_TOPICS:
                data = json.dumps({"topic": event.topic, "data": event.data})
                self._write(f"id: {event.id}\ndata: {data}\n\n")

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def _host_is_ours(self) -> bool:
        # A rebound DNS name reaches the port but not with our Host.
        if self.headers.get("Host") == self.server.bridge.netloc:
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "foreign Host")
        return False

    def _origin_is_ours(self) -> bool:
        if self.headers.get("Origin") in (None, self.server.bridge.origin):
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "foreign Origin")
        return False

    def _bearer_is_right(self) -> bool:
        given = self.headers.get("Authorization", "")
        if secrets.compare_digest(given.encode("latin-1", "replace"), f"Bearer {self.server.bridge.token}".encode()):
            return True
        self._refuse(HTTPStatus.UNAUTHORIZED, "no or wrong token")
        return False

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        # Path and method may hold anything a stranger sent; a fixed reason is all the log needs.
        log.warning("refused: %s", why)
        # An unread body must not be taken for the next request.
        self.close_connection = True
        self._answer(status)

    def _answer(
        self,
        status: HTTPStatus,
        body: bytes = b"",
        content_type: str = "text/plain; charset=utf-8",
        policy: str | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, POST")
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in HEADERS:
            self.send_header(name, policy if policy is not None and name == "Content-Security-Policy" else value)
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """The Server header: no versions for strangers."""
        return "xieka"

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: their targets may carry what a stranger sent."""

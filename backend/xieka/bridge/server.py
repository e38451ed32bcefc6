"""The loopback HTTP server: static page, POST /rpc, GET /events. Everything is checked before it is read."""

from __future__ import annotations

import http.server
import json
import logging
import queue
import secrets
import socket
import sys
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

from xieka.bridge.connections import Connections, Worth
from xieka.bridge.rpc import Rpc
from xieka.bridge.static import HEADERS, StaticFiles
from xieka.core.errors import XiekaError
from xieka.core.events import Event, EventBus
from xieka.core.log import report

log = logging.getLogger(__name__)

BODY_LIMIT = 1 << 20
"""Longest accepted request body, in bytes; the longest real one is a PIN change."""
READY_SECONDS = 30.0
"""How long a call waits for the services to be built."""
PING_SECONDS = 20.0
"""Silence after which a comment line goes down an event stream, so that a dead peer is noticed."""
BREATH = 0.1
"""Seconds to wait when the system has no descriptor for a caller."""
PAGE_TOPICS = frozenset(
    (
        "ukeys",
        "ukey.inserted",
        "ukey.removed",
        "network",
        "appearance",
        "driver",
        "show",
        "first_hide",
        "content",
        "apps",
    )
)
"""What the page is told (`Topics` in frontend/types/rpc.d.ts); the other topics are the program's own."""


class Bridge:
    """One page's server on 127.0.0.1 and a port of the system's choice.

    `url` carries the 256-bit access token in its fragment, which browsers neither send nor log.
    """

    def __init__(self, root: Path, bus: EventBus, port: int = 0) -> None:
        self.token = secrets.token_urlsafe(32)
        self._server = _Server(("127.0.0.1", port), _Handler)
        self.netloc = f"127.0.0.1:{self._server.server_port}"
        self.origin = f"http://{self.netloc}"
        self.url = f"{self.origin}/#t={self.token}"
        self._server.bridge = self
        self.files = StaticFiles(root)
        self.bus = bus
        self._rpc = Rpc({}, XiekaError("E-APP-02"))
        self._ready = threading.Event()
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            name="bridge",
            daemon=True,
        )

    def start(self) -> None:
        """Serve in a daemon thread: the page's files at once, calls as soon as `attach` has said by whom."""
        self._thread.start()

    def attach(self, rpc: Rpc) -> None:
        """From now on calls are answered by these methods."""
        self._rpc = rpc
        self._ready.set()

    def dispatch(self, request: object) -> dict[str, object]:
        """Answer one decoded request; one that comes while the services are still being built waits for them."""
        self._ready.wait(READY_SECONDS)
        return self._rpc.dispatch(request)

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False
    request_queue_size = 64
    bridge: Bridge

    def __init__(self, *address_and_handler: Any) -> None:
        self.connections = Connections()
        super().__init__(*address_and_handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        try:
            return super().get_request()
        except OSError:
            # Short of descriptors: the caller stays in the queue and would be asked for again at once.
            time.sleep(BREATH)
            raise

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return self.connections.enter(request)

    def shutdown_request(self, request: Any) -> None:
        self.connections.leave(request)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Twice a second and after every caller."""
        self.connections.end_overdue()

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        # A peer that went away is no fault of ours.
        if error is not None and not isinstance(error, OSError):
            report(error, "answering a request")


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Seconds a kept connection may rest, and a peer may take to read an answer.
    timeout = 60
    server: _Server

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
        if self.path == "/events":
            if self._bearer_is_right():
                self._events()
            return
        self.server.connections.has_spoken(self.connection)
        found = self.server.bridge.files.find(self.path)
        if found is None:
            self._answer(HTTPStatus.NOT_FOUND)
            return
        self._answer(HTTPStatus.OK, *found)

    def do_POST(self) -> None:
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

    def _answer(self, status: HTTPStatus, body: bytes = b"", content_type: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, POST")
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in HEADERS:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """The Server header: no versions for strangers."""
        return "xieka"

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not logged: their targets may carry what a stranger sent."""

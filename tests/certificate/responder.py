"""An OCSP responder and a server of lists, real HTTP on the loopback interface, that answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import ocsp

Answer = Callable[[bytes | None], bytes]
"""(nonce of the question, None for a list) → the body."""


class Responder(ThreadingHTTPServer):
    """`answers`: path → what it gives. What was asked is noted in `asked`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.pause = threading.Event()
        """Until it is set, nobody gets an answer; set at first."""
        self.pause.set()
        self.date: str | None = None

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that has gone is no fault of the test's."""

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Responder

    def log_message(self, *_: object) -> None: ...

    def date_time_string(self, timestamp: float | None = None) -> str:
        return self.server.date or super().date_time_string(timestamp)

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/ocsp-request":
            self.send_error(415)
            return
        self._answer(ocsp.OCSPRequest.load(body, strict=True).nonce_value.native)

    def _answer(self, nonce: bytes | None) -> None:
        self.server.asked.append(self.path)
        self.server.pause.wait(20)
        answer = self.server.answers.get(self.path)
        if answer is None:
            self.send_error(404)
            return
        body = answer(nonce)
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def responding() -> Iterator[Responder]:
    server = Responder()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.pause.set()
        server.shutdown()
        server.server_close()
        thread.join()

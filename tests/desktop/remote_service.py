"""A service that has turned bad, and listeners for whatever its page reaches; both live in the test's own process."""

from __future__ import annotations

import json
import queue
import re
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from tests.desktop.conftest import Program

Answer = tuple[int, dict[str, str], bytes]


class Service:
    """An HTTP service on this computer whose pages a test gives; remembers every request."""

    def __init__(self, pages: dict[str, str] | None = None) -> None:
        self.pages = dict(pages or {})
        self.headers: dict[str, str] = {}
        """Sent with every page."""
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        """(method, path with query, headers)"""
        self.dropped: set[str] = set()
        """Paths that get no answer but the connection's end."""
        self.reports: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.service = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.port = self._server.server_port
        self.origin = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, path: str) -> list[str]:
        """Methods by which this path was asked for."""
        return [method for method, whole, _ in list(self.requests) if whole.partition("?")[0] == path]

    def answer(self, path: str, query: str, body: bytes) -> Answer:
        html = {"Content-Type": "text/html; charset=utf-8", **self.headers}
        match path:
            case "/away" | "/away307":
                return (307 if path == "/away307" else 302), {"Location": unquote(query)}, b""
            case "/report":
                self.reports.put(json.loads(body))
                return 204, {}, b""
            case "/file.bin":
                return 200, {"Content-Type": "application/octet-stream"}, b"download"
            case "/attached.html":
                return 200, {"Content-Type": "text/html", "Content-Disposition": "attachment"}, b"download"
            case "/doc.pdf":
                return 200, {"Content-Type": "application/pdf"}, b"%PDF-1.4 "
            case "/locked":
                return 401, {"WWW-Authenticate": "Basic realm=x", "Content-Type": "text/html"}, b"locked"
            case "/never":
                time.sleep(30)
            case "/cookie":
                return 204, {"Set-Cookie": "visit=1; HttpOnly; SameSite=Strict; Path=/register; Max-Age=9999"}, b""
        if path.startswith("/status-"):
            return int(path[-3:]), html, b"<!doctype html><title>x</title><h1>status</h1>"
        if path.endswith(".js") and path in self.pages:
            return 200, {"Content-Type": "text/javascript"}, self.pages[path].encode()
        if path in self.pages:
            return 200, html, f"<!doctype html><meta charset=utf-8>{self.pages[path]}".encode()
        return 404, html, b"nothing"


class _Server(ThreadingHTTPServer):
    service: Service


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.service.requests.append((self.command, self.path, dict(self.headers)))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        # As a proxy it is asked for whole addresses.
        path, _, query = re.sub("^http://[^/]*", "", self.path).partition("?")
        if path in self.server.service.dropped:
            self.connection.close()
            return
        status, headers, content = self.server.service.answer(path, query, body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(content)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


class Listeners:
    """A TCP and a UDP listener per name on the same port; tells who was reached, and by what."""

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self.reached: dict[str, list[str]] = {}
        self._open: list[socket.socket] = []

    def add(self, name: str) -> int:
        tcp = socket.create_server(("127.0.0.1", 0))
        port = int(tcp.getsockname()[1])
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", port))
        self.ports[name] = port
        self.reached[name] = []
        self._open += [tcp, udp]
        threading.Thread(target=self._accept, args=(tcp, name), daemon=True).start()
        threading.Thread(target=self._receive, args=(udp, name), daemon=True).start()
        return port

    def close(self) -> None:
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self, tcp: socket.socket, name: str) -> None:
        with suppress(OSError):
            while True:
                peer, _ = tcp.accept()
                self.reached[name].append("TCP connection")
                peer.settimeout(0.5)
                with suppress(OSError):
                    self.reached[name].append(repr(peer.recv(200)))
                peer.close()

    def _receive(self, udp: socket.socket, name: str) -> None:
        with suppress(OSError):
            while True:
                if data := udp.recv(2000):
                    self.reached[name].append(f"UDP {len(data)}")


PATHS = {
    "submitted": ["/register/sent", "/register/finished"],
    "closing": ["/register/finished", "/register/skipped"],
}


def visit(program: Program, service: Service, path: str = "/register", **more: object) -> None:
    """Open the window on a page of the service, with the paths of the real one."""
    order = {"address": service.origin + path, "origin": service.origin, "paths": PATHS, **more}
    program.order("visit", **order)

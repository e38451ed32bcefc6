"""The loopback HTTP server behind the page: one per run, its port, its access token and its connections."""

from __future__ import annotations

import http.server
import secrets
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from xieka.bridge.connections import Connections
from xieka.bridge.handler import Handler
from xieka.bridge.papers import Paper
from xieka.bridge.rpc import Rpc
from xieka.bridge.static import StaticFiles
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.log import report

READY_SECONDS = 30.0
"""How long a call waits for the services to be built."""
BREATH = 0.1
"""Seconds to wait when the system has no descriptor for a caller."""


class Bridge:
    """One page's server on 127.0.0.1 and a port of the system's choice.

    `url` carries the 256-bit access token in its fragment, which browsers neither send nor log.
    """

    def __init__(self, root: Path, bus: EventBus, port: int = 0) -> None:
        self.token = secrets.token_urlsafe(32)
        self._server = Server(("127.0.0.1", port), Handler)
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

    def paper(self, path: str) -> Paper | None:
        """A document that a method has laid down at this path."""
        return self._rpc.papers.find(path)

    def close(self) -> None:
        """Stop serving and free the port."""
        self._server.shutdown()
        self._server.server_close()


class Server(http.server.ThreadingHTTPServer):
    """The standard library's, with an end to connections and no tracebacks on the terminal."""

    daemon_threads = True
    allow_reuse_address = False
    request_queue_size = 64
    bridge: Bridge

    def __init__(self, *address_and_handler: Any) -> None:
        self.connections = Connections()
        super().__init__(*address_and_handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """The next caller. Raises OSError, not too often, while there is no descriptor for one."""
        try:
            return super().get_request()
        except OSError:
            # The caller stays in the queue and would be asked for again at once.
            time.sleep(BREATH)
            raise

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether there is a place for this connection."""
        return self.connections.enter(request)

    def shutdown_request(self, request: Any) -> None:
        """The end of every connection, whatever came before."""
        self.connections.leave(request)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Twice a second and after every caller: who speaks for too long is hung up on."""
        self.connections.end_overdue()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One line in the log for a fault of ours."""
        error = sys.exception()
        # A peer that went away is no fault of ours.
        if error is not None and not isinstance(error, OSError):
            report(error, "answering a request")

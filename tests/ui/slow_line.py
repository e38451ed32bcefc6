"""A line to the practice service that carries packages slowly, and that can be cut. It counts what it has carried."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.core.net import read_head
from tests.ui.desktop_session import eventually

PACKAGES = b"/content/targets/apps/"
STEPS = 20
"""A second's bytes are passed on in so many parts."""


@dataclass(slots=True)
class Carried:
    """One request for a package's file."""

    path: str
    start: int
    """Where the asked part begins."""
    sent: int = 0
    """Bytes of the file that went through."""


class SlowLine:
    """Passes HTTP on to `target`. `rate`: bytes a second for packages, None: as fast as it goes."""

    def __init__(self, target: str, rate: int | None = None) -> None:
        self.rate = rate
        self.requests: list[Carried] = []
        self._target = (urlsplit(target).hostname, urlsplit(target).port)
        self._cut = False
        self._open: set[socket.socket] = set()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """The network goes away in the middle of whatever is on its way. Returns when nothing is left of that."""
        self._cut = True
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                # No farewell: a reset, as when a cable is pulled on the way.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.shutdown(socket.SHUT_RDWR)
        eventually(lambda: not self._open, 5, "everything on its way is cut off")

    def mend(self) -> None:
        """It is there again."""
        self._cut = False

    def close(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        with contextlib.suppress(OSError), connection:
            if not self._cut and (head := read_head(connection)):
                self._pass_on(connection, head)
        self._open.discard(connection)

    def _pass_on(self, connection: socket.socket, head: bytes) -> None:
        """One request and its answer; then the connection ends, so that nothing has to be understood further."""
        with socket.create_connection(self._target) as service:  # type: ignore[arg-type]
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            service.sendall(re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head)[:-4] + b"\r\nConnection: close\r\n\r\n")
            left = int(length[1]) if length else 0
            while left > 0 and (data := connection.recv(min(left, 65536))):
                service.sendall(data)
                left -= len(data)
            connection.sendall(read_head(service))
            path = head.split(b" ")[1]
            package = path.startswith(PACKAGES) and not path.endswith(b".json")
            carried = Carried(path.decode(), _start(head))
            if package:
                self.requests.append(carried)
            while data := service.recv(max(1, self.rate // STEPS) if package and self.rate else 65536):
                if self._cut:
                    return
                connection.sendall(data)
                carried.sent += len(data)
                if package and self.rate:
                    time.sleep(1 / STEPS)


def _start(head: bytes) -> int:
    asked = re.search(rb"(?i)\r\nrange: *bytes=(\d+)-", head)
    return int(asked[1]) if asked else 0

"""A server of one file, as fast as the kernel sends it. Argument: the file. Prints its port."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from pathlib import Path

from tests.core.net import read_head


def answer(connection: socket.socket, path: Path) -> None:
    with contextlib.suppress(OSError), connection, path.open("rb") as file:
        while read_head(connection):
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: {path.stat().st_size}\r\n\r\n"
            connection.sendall(head.encode())
            file.seek(0)
            connection.sendfile(file)


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection, Path(sys.argv[1])), daemon=True).start()


if __name__ == "__main__":
    main()

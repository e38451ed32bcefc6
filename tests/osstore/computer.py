"""A user's home with real NSS databases, and NSS's own programs that look at them from outside."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.core.net import Authority
from tests.tokens.fill import MODULE

LIBRARY = Path("驱动 一") / "libukey.so"


def tool(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """One of NSS's programs; whether it succeeded is the test's to ask."""
    return subprocess.run(
        command, input="Q\n", capture_output=True, text=True, timeout=30, check=False, env={**os.environ, **env}
    )


def database(folder: Path) -> Path:
    """A new database as NSS makes it, without a password."""
    folder.mkdir(parents=True)
    assert tool("certutil", "-N", "-d", f"sql:{folder}", "--empty-password").returncode == 0
    return folder


def library(root: Path) -> Path:
    """A token library that nothing on this computer knows: SoftHSM's under another name."""
    path = root / LIBRARY
    path.parent.mkdir(parents=True)
    shutil.copy(MODULE, path)
    return path


def certificates(database: Path) -> str:
    """What NSS sees in all its tokens, without any 口令."""
    return tool("certutil", "-L", "-h", "all", "-d", f"sql:{database}").stdout


def handshake(database: Path, nickname: str, password: Path, trusted: Path, folder: Path) -> bytes | None:
    """A TLS server of its own asks for a certificate, NSS's client answers; the certificate (DER) it has proven.

    `trusted`: the authorities' certificates the server goes by. None: there was no handshake.
    """
    context = Authority(folder, "server").context("localhost")
    context.verify_mode = ssl.CERT_REQUIRED
    for one in trusted.glob("*.cer"):
        context.load_verify_locations(cadata=one.read_bytes())
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(20)
    proven: list[bytes | None] = []

    def serve() -> None:
        try:
            with listening.accept()[0] as plain, context.wrap_socket(plain, server_side=True) as connection:
                proven.append(connection.getpeercert(binary_form=True))
        except OSError:
            proven.append(None)

    server = threading.Thread(target=serve)
    server.start()
    address = listening.getsockname()
    # -o: whose server it is, is not the question here.
    options = [
        "-h",
        address[0],
        "-p",
        str(address[1]),
        "-d",
        f"sql:{database}",
        "-o",
        "-n",
        nickname,
        "-W",
        str(password),
    ]
    quiet = subprocess.DEVNULL
    client = subprocess.Popen(["tstclnt", *options], stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
    try:
        soon(lambda: not server.is_alive() or client.poll() is not None)
        if client.poll() is not None and server.is_alive():
            # It may have given up before it connected: the server is not to wait for it.
            socket.create_connection(address).close()
        server.join(20)
    finally:
        # The server has its answer; the client would go on and wait for its own input.
        client.kill()
        client.communicate()
        listening.close()
    return proven[0]


def soon(what: Callable[[], bool], seconds: float = 12) -> bool:
    """Whether it becomes true in this time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return what()

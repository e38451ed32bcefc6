"""Short authenticated messages between two starts of the program, over the loopback interface.

Both sides prove knowledge of the key in the first start's 0600 file (HMAC-SHA-256 over both sides' fresh
nonces and the message); a stranger on the port learns and triggers nothing. The exchange, each step one line:
listener: nonce → caller: nonce, message, proof → listener: reply, proof.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import socket
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

Message = dict[str, object]
LINE_LIMIT = 65536
PATIENCE = 5.0
"""Seconds the listener gives a caller to speak."""


class Listener:
    """Answers authenticated messages, each caller in its own thread, so that a stalled one holds up nobody."""

    def __init__(self, key: bytes, answer: Callable[[Message], Message]) -> None:
        self._key = key
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._callers = threading.BoundedSemaphore(32)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._run, name="instance", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def _run(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            if not self._callers.acquire(blocking=False):
                caller.close()
                continue
            threading.Thread(target=self._serve, args=(caller,), name="instance-call", daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        try:
            with caller:
                caller.settimeout(PATIENCE)
                nonce = os.urandom(32).hex()
                _send(caller, nonce)
                theirs, body, proof = json.loads(_receive(caller))
                if not _proves(self._key, proof, "call", nonce, theirs, body):
                    log.warning("refused a message without the right key")
                    return
                reply = json.dumps(self._answer(json.loads(body)))
                _send(caller, json.dumps([reply, _proof(self._key, "reply", theirs, nonce, reply)]))
        except (OSError, ValueError, TypeError):
            log.info("a caller broke off or spoke nonsense")
        finally:
            self._callers.release()


def ask(port: int, key: bytes, message: Message, timeout: float) -> Message | None:
    """Send a message and return the reply; None when nobody with the key answers within `timeout` seconds."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout) as listener:
            listener.settimeout(timeout)
            theirs = _receive(listener)
            nonce = os.urandom(32).hex()
            body = json.dumps(message)
            _send(listener, json.dumps([nonce, body, _proof(key, "call", theirs, nonce, body)]))
            reply, proof = json.loads(_receive(listener))
            if not _proves(key, proof, "reply", nonce, theirs, reply):
                return None
            answer = json.loads(reply)
            return answer if isinstance(answer, dict) else None
    except (OSError, ValueError, TypeError):
        return None


def _proof(key: bytes, *parts: str) -> str:
    return hmac.digest(key, json.dumps(parts).encode(), "sha256").hex()


def _proves(key: bytes, proof: object, *parts: object) -> bool:
    return (
        isinstance(proof, str)
        and all(isinstance(part, str) for part in parts)
        and hmac.compare_digest(proof.encode(), _proof(key, *(str(part) for part in parts)).encode())
    )


def _send(peer: socket.socket, line: str) -> None:
    peer.sendall(line.encode() + b"\n")


def _receive(peer: socket.socket) -> str:
    data = bytearray()
    while not data.endswith(b"\n"):
        piece = peer.recv(4096)
        if not piece or len(data) > LINE_LIMIT:
            raise ValueError("incomplete line")
        data += piece
    return data[:-1].decode()

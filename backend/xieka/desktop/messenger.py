"""Short authenticated messages between two starts of the program, wherever they meet (meeting.py).

Both sides prove knowledge of the key in the first start's 0600 file (HMAC-SHA-256 over both sides' fresh
nonces and the message); a stranger learns and triggers nothing. The exchange, each step one line:
listener: nonce → caller: nonce, proof, message → listener: proof, reply. What is not proven is not parsed.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable

from xieka.core.log import report
from xieka.desktop.meeting import Meeting

log = logging.getLogger(__name__)

Message = dict[str, object]
LINE_LIMIT = 65536
PATIENCE = 5.0
"""Seconds the listener gives a caller for everything it has to say."""
CALLERS = 32
"""Callers at a time; further ones are sent away at once, before the nonce."""
BREATH = 0.1
"""Seconds to wait when the system has no descriptor for a caller."""


class BusyError(Exception):
    """Somebody is there and hung up before the exchange began: more callers than it serves at a time."""


class Listener:
    """Answers authenticated messages, each caller in its own thread, so that a stalled one holds up nobody."""

    def __init__(self, place: Meeting, key: bytes, answer: Callable[[Message], Message]) -> None:
        self._key = key
        self._answer = answer
        self._place = place
        self._socket, self.number = place.listen()
        self._callers = threading.BoundedSemaphore(CALLERS)
        self._closed = False
        threading.Thread(target=self._run, name="instance", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._closed = True
        self._place.leave()
        with contextlib.suppress(OSError):
            # close() alone would not wake the thread that accepts.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _run(self) -> None:
        while not self._closed:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                # Short of descriptors: who stopped listening now would be taken for hung.
                time.sleep(BREATH)
                continue
            if self._callers.acquire(blocking=False):
                threading.Thread(target=self._serve, args=(caller,), name="instance-call", daemon=True).start()
            else:
                caller.close()

    def _serve(self, caller: socket.socket) -> None:
        try:
            with caller:
                peer = _Peer(caller, PATIENCE)
                nonce = _nonce()
                peer.send(nonce)
                theirs, proof, body = peer.receive().split(" ", 2)
                if not _same(proof, _proof(self._key, "call", nonce, theirs, body)):
                    log.warning("refused a message without the right key")
                    return
                reply = json.dumps(self._answer(json.loads(body)))
                peer.send(f"{_proof(self._key, 'reply', theirs, nonce, reply)} {reply}")
        except (OSError, ValueError):
            log.info("a caller broke off or spoke nonsense")
        except Exception as error:  # noqa: BLE001 - the end of a thread: one line, no traceback
            report(error, "answering another start")
        finally:
            self._callers.release()


def ask(place: Meeting, number: int, key: bytes, message: Message, timeout: float) -> Message | None:
    """Send a message and return the reply; None when nobody with the key answers within `timeout` seconds.

    Raises BusyError when somebody hung up instead of beginning: a program that lives and has no time now.
    """
    try:
        with place.connect(number, timeout) as listener:
            peer = _Peer(listener, timeout)
            theirs = _greeting(peer)
            nonce, body = _nonce(), json.dumps(message)
            peer.send(f"{nonce} {_proof(key, 'call', theirs, nonce, body)} {body}")
            proof, reply = peer.receive().split(" ", 1)
            if not _same(proof, _proof(key, "reply", nonce, theirs, reply)):
                return None
            answer: Message = json.loads(reply)
            return answer
    except (OSError, ValueError):
        return None


class _Peer:
    """Lines to and from the other side, with one deadline for all of them."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._deadline = time.monotonic() + seconds

    def send(self, line: str) -> None:
        self._hurry()
        self._connection.sendall(line.encode() + b"\n")

    def receive(self) -> str:
        data = bytearray()
        while not data.endswith(b"\n"):
            self._hurry()
            piece = self._connection.recv(4096)
            if not piece:
                raise ConnectionError("hung up")
            data += piece
            if len(data) > LINE_LIMIT:
                raise ValueError("endless line")
        return data[:-1].decode()

    def _hurry(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)


def _greeting(peer: _Peer) -> str:
    try:
        return peer.receive()
    except ConnectionError as gone:
        raise BusyError from gone


def _nonce() -> str:
    return os.urandom(32).hex()


def _proof(key: bytes, *parts: str) -> str:
    # No part holds a line break.
    return hmac.digest(key, "\n".join(parts).encode(), "sha256").hex()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())

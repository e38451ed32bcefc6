"""A server that hands out one package with ranges, and does wrong what its steps say."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import time
from dataclasses import dataclass, field

from tests.core.net import Server, read_head, reply

TAG = '"v1"'


@dataclass(frozen=True)
class Step:
    """What happens at one request; nothing given: the right answer."""

    cut: int | None = None
    """The connection is closed after so many bytes of the body …"""
    hang: int | None = None
    """… or says nothing more."""
    answer: bytes | None = None
    """This instead of an answer."""
    whole: bool = False
    """Knows no ranges."""
    unconditional: bool = False
    """Knows no If-Range."""
    said: bool = True
    """Says how long the body is; False: it ends with the connection."""
    pace: float = 0.0
    """Seconds between two pieces of 64 KiB."""


@dataclass(frozen=True)
class Asked:
    """A request, and how many bytes of the body were sent to it."""

    range: str | None
    if_range: str | None
    sent: list[int] = field(default_factory=list)


class PackageServer(Server):
    """`data` and `tag` may be changed at any time; `steps` are used up one by one."""

    def __init__(self, data: bytes, *steps: Step, tag: str | None = TAG, context: ssl.SSLContext | None = None) -> None:
        self.data, self.tag, self.steps = data, tag, list(steps)
        self.asked: list[Asked] = []
        super().__init__({}, context)

    @property
    def sent(self) -> int:
        """Bytes of bodies in all."""
        return sum(sum(one.sent) for one in self.asked)

    def talk(self, connection: socket.socket) -> None:
        while head := read_head(connection):
            self.requests.append(head)
            if not self._answer(connection, head.decode()):
                return

    def _answer(self, connection: socket.socket, head: str) -> bool:
        """False when the connection is over."""
        asked = Asked(_header(head, "range"), _header(head, "if-range"))
        self.asked.append(asked)
        step, data = self.steps.pop(0) if self.steps else Step(), self.data
        if step.answer is not None:
            connection.sendall(step.answer)
            return True
        start = 0
        fresh = asked.if_range in (None, self.tag) or step.unconditional
        if asked.range and not step.whole and fresh:
            start = int(re.fullmatch(r"bytes=(\d+)-", asked.range)[1])  # type: ignore[index]
            if start >= len(data):
                connection.sendall(reply(b"", "416 Range Not Satisfiable", Content_Range=f"bytes */{len(data)}"))
                return True
        lines = ["HTTP/1.1 206 Partial Content" if start else "HTTP/1.1 200 OK", "Content-Type: application/zip"]
        lines += [f"ETag: {self.tag}"] if self.tag else []
        lines += [f"Content-Range: bytes {start}-{len(data) - 1}/{len(data)}"] if start else []
        lines += [f"Content-Length: {len(data) - start}"] if step.said else []
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        end = min(len(data), start + min(len(data) if limit is None else limit for limit in (step.cut, step.hang)))
        with contextlib.suppress(OSError):
            for at in range(start, end, 65536):
                piece = data[at : min(end, at + 65536)]
                # Before: the client may have it before this thread goes on.
                asked.sent.append(len(piece))
                connection.sendall(piece)
                time.sleep(step.pace)
            if step.hang is not None:
                connection.recv(1)  # until the client goes
        return step.said and step.cut is None and step.hang is None


def _header(head: str, name: str) -> str | None:
    found = re.search(rf"^{name}: (.*)\r$", head, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else None

"""Frames between the client and a worker: 4 bytes length (big-endian), then the body.

A message is one JSON frame. Secrets never stand in the JSON: the frame announces how many follow it, each in a
frame of its own whose buffer both sides overwrite after use.
"""

from __future__ import annotations

import json
import os
from typing import Any, Final

LIMIT: Final = 64 * 1024 * 1024
"""Longest frame accepted, bytes; a longer one means the other side has gone mad."""


def encode(message: dict[str, Any]) -> bytearray:
    """The JSON frame of a message."""
    return frame(json.dumps(message, separators=(",", ":")).encode())


def frame(body: bytes | bytearray) -> bytearray:
    """A body with its length in front, in a buffer that can be wiped."""
    buffer = bytearray(len(body).to_bytes(4, "big"))
    buffer += body
    return buffer


def write(fd: int, buffer: bytes | bytearray) -> None:
    """Write everything. Raises OSError (BrokenPipeError when the other side is gone)."""
    with memoryview(buffer) as view:
        done = 0
        while done < len(view):
            done += os.write(fd, view[done:])


def read(fd: int) -> bytearray | None:
    """The next frame's body; None when the other side has closed or sends nonsense."""
    head = _exactly(fd, 4)
    if head is None:
        return None
    length = int.from_bytes(head, "big")
    return _exactly(fd, length) if length <= LIMIT else None


def wipe(buffer: bytearray) -> None:
    """Overwrite with zeros."""
    buffer[:] = bytes(len(buffer))


def _exactly(fd: int, length: int) -> bytearray | None:
    buffer = bytearray()
    while len(buffer) < length:
        try:
            part = os.read(fd, length - len(buffer))
        except OSError:
            return None
        if not part:
            return None
        buffer += part
    return buffer

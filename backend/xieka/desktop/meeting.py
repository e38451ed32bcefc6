"""Where two starts of the program meet: a Unix socket in the user's run folder, on Windows a loopback port."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

BACKLOG = 64


class Meeting(Protocol):
    """One of the two ways to meet; `number` is what the other start must be told besides the folder."""

    def listen(self) -> tuple[socket.socket, int]:
        """A listening socket and its number. Raises OSError."""
        ...

    def connect(self, number: int, timeout: float) -> socket.socket:
        """A connection to the listening start. Raises OSError."""
        ...

    def leave(self) -> None:
        """Take away what `listen` left in the file system."""
        ...


@dataclass(frozen=True, slots=True)
class Loopback:
    """TCP on 127.0.0.1. Every user of the computer can connect: the key in the holder's file tells who may speak."""

    def listen(self) -> tuple[socket.socket, int]:
        """A listening socket and its port. Raises OSError."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        return listener, int(listener.getsockname()[1])

    def connect(self, number: int, timeout: float) -> socket.socket:
        """A connection to that port. Raises OSError."""
        return socket.create_connection(("127.0.0.1", number), timeout)

    def leave(self) -> None:
        """A port leaves nothing."""


@dataclass(frozen=True, slots=True)
class UnixSocket:
    """`instance.sock` in a folder that is the user's alone (0700): nobody else can connect at all (unix(7)).

    Who listens holds the instance lock, so that a socket found there is a dead one's.
    """

    folder: Path

    def listen(self) -> tuple[socket.socket, int]:
        """A listening socket; its number means nothing. Raises OSError."""
        listener = socket.socket(socket.AF_UNIX)
        try:
            self.leave()
            with self._address() as address:
                listener.bind(address)
            # Before listen(2) nobody can connect, so that the umask does not matter either.
            self._path.chmod(0o600)
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
        return listener, 0

    def connect(self, number: int, timeout: float) -> socket.socket:
        """A connection to the folder's listener. Raises OSError."""
        caller = socket.socket(socket.AF_UNIX)
        try:
            caller.settimeout(timeout)
            with self._address() as address:
                caller.connect(address)
        except OSError:
            caller.close()
            raise
        return caller

    def leave(self) -> None:
        """Remove the socket."""
        self._path.unlink(missing_ok=True)

    @property
    def _path(self) -> Path:
        return self.folder / "instance.sock"

    @contextlib.contextmanager
    def _address(self) -> Iterator[str]:
        """What to bind or connect to. sun_path holds 108 bytes (unix(7)), a home folder may be deeper than that:
        Linux knows every open folder by a short name, too. What other systems do is not tested.
        """
        if sys.platform != "linux":
            yield str(self._path)
            return
        folder = os.open(self.folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield f"/proc/self/fd/{folder}/{self._path.name}"
        finally:
            os.close(folder)


def meeting(folder: Path) -> Meeting:
    """The way this system has."""
    return Loopback() if sys.platform == "win32" else UnixSocket(folder)

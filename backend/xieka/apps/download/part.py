"""The file of one download while it grows: SHA256.part, its hash so far, and SHA256.json beside it.

Named by what the whole must be, so that two versions never mix.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

from xieka.apps.download.models import NoteFile, Wanted
from xieka.core.errors import XiekaError
from xieka.core.files import force_names, write_whole

_READ = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT)
_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Note:
    """SHA256.json, changed by the user's thread and by the transfer's."""

    def __init__(self, folder: Path, value: NoteFile) -> None:
        self._path = folder / f"{value.wanted.sha256}.json"
        self._lock = threading.Lock()
        self.value = value

    def save(self, **changes: object) -> None:
        """Change it, on disk first. Raises OSError."""
        with self._lock:
            value = self.value.model_copy(update=changes)
            write_whole(value.model_dump_json().encode(), self._path, 0o600)
            self.value = value

    def remove(self) -> None:
        """Take it away. Raises OSError."""
        self._path.unlink(missing_ok=True)


class Part:
    """A sink (core.http_range.Sink) that continues what is there. Every method may raise XiekaError.

    E-DSK-01: the disk is full; E-DWN-02: the folder does not work; E-NET-13: `stop` was set while reading.
    """

    def __init__(self, folder: Path, note: Note, stop: threading.Event) -> None:
        """Open the part and hash what it holds."""
        self._folder = folder
        self._note = note
        self._wanted = note.value.wanted
        self.path = folder / f"{self._wanted.sha256}.part"
        self.have = 0
        """Bytes that are there."""
        self.received = 0
        """Bytes that came, those included that were thrown away again."""
        self.pieced = False
        """True when what is there came by more than one answer: then a wrong hash does not prove a wrong package."""
        self._hash = hashlib.sha256()
        with self.telling():
            self._file = os.open(self.path, _OPEN, 0o600)
        try:
            with self.telling():
                self.have = _hash(self._file, self._hash, stop)
            self.pieced = self.have > 0
        except BaseException:
            self.close()
            raise

    @property
    def complete(self) -> bool:
        """True when there are as many bytes as were signed."""
        return self.have == self._wanted.length

    @property
    def right(self) -> bool:
        """True when they are the signed ones."""
        return self.complete and self._hash.hexdigest() == self._wanted.sha256

    @property
    def validator(self) -> str | None:
        """The server's for what is there."""
        return self._note.value.validator

    def check_space(self) -> None:
        """Raise E-DSK-01 when the rest has no room."""
        with self.telling():
            if shutil.disk_usage(self._folder).free < self._wanted.length - self.have:
                raise _full(self._folder, self._wanted.length - self.have)

    def begin(self, start: int, total: int | None, validator: str | None) -> None:
        """See Sink. Raises E-PKG-01, nothing changed, when the server's whole is not as long as the signed one."""
        if total not in (None, self._wanted.length):
            raise XiekaError("E-PKG-01")
        with self.telling():
            if start == 0:
                self._truncate()
            # After truncating: a validator must never stand beside bytes that it does not belong to.
            if validator != self.validator:
                self._note.save(validator=validator)

    def write(self, data: bytes) -> None:
        """See Sink."""
        with self.telling():
            left = memoryview(data)
            while left:
                left = left[os.write(self._file, left) :]
        self._hash.update(data)
        self.have += len(data)
        self.received += len(data)

    def empty(self) -> None:
        """Begin anew with nothing."""
        with self.telling():
            self._truncate()

    def sync(self) -> None:
        """Force it to the disk."""
        with self.telling():
            os.fsync(self._file)

    def finish(self) -> None:
        """Give the right and synced part its name. The note goes last: a kill in between costs nothing."""
        self.close()
        with self.telling():
            self.path.replace(self._folder / self._wanted.sha256)
            force_names(self._folder)
            self._note.remove()

    def close(self) -> None:
        """Close the file; what is there stays."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Turn an OSError into what the user is told."""
        try:
            yield
        except OSError as error:
            raise disk_error(error, self._folder, self._wanted.length - self.have) from error

    def _truncate(self) -> None:
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        self._hash = hashlib.sha256()
        self.have = 0
        self.pieced = False


def disk_error(error: OSError, folder: Path, need: int) -> XiekaError:
    """What the user is told of `error`: E-DSK-01 for a full disk that lacks room for `need` bytes, else E-DWN-02."""
    return _full(folder, need) if error.errno in _FULL else XiekaError("E-DWN-02", path=str(folder))


def _full(folder: Path, need: int) -> XiekaError:
    free = 0
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(folder).free
    return XiekaError("E-DSK-01", x=-(-need // 1_000_000), y=free // 1_000_000, path=str(folder))


def finished(folder: Path, wanted: Wanted, stop: threading.Event) -> bool:
    """True when the whole package is there and, read once more, right; a wrong one is removed.

    Raises XiekaError E-NET-13 when `stop` is set meanwhile, E-DWN-02 when it cannot be read.
    """
    path, hashed = folder / wanted.sha256, hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            right = _hash(file.fileno(), hashed, stop) == wanted.length and hashed.hexdigest() == wanted.sha256
        if not right:
            path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise disk_error(error, folder, wanted.length) from error
    return right


def _hash(file: int, hashed: hashlib._Hash, stop: threading.Event) -> int:
    """Hash from here to the end. Returns how many bytes that were."""
    have = 0
    while data := os.read(file, _READ):
        hashed.update(data)
        have += len(data)
        if stop.is_set():
            raise XiekaError("E-NET-13")
    return have

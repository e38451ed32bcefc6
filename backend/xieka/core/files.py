"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path


def write_whole(data: bytes, path: Path, mode: int = 0o666) -> None:
    """Write `data` to `path` through a temporary file beside it, so that no half file is ever seen.

    `mode` is subject to the umask. An existing regular file is replaced; anything else of that name (a folder, a
    pipe, a device) stays, a symbolic link too: whoever made it may have meant its target to be kept. On return content
    and name have reached the disk. Raises OSError and leaves nothing behind.
    """
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(path.lstat().st_mode):
            raise FileExistsError(errno.EEXIST, "not a regular file", str(path))
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    force_names(path.parent)


def force_names(folder: Path) -> None:
    """Force a folder's names to the disk, where the system can: neither Windows nor every file system does."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""Secret keys in files: made once, whichever process comes first."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret(path: Path, size: int = 32) -> bytes:
    """The key in `path` (0600, its folder 0700), made of random bytes when there is none.

    Raises OSError, and ValueError when the file holds something else.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(size))
                file.flush()
                os.fsync(file.fileno())
            # A link, not a rename: it fails where another process was quicker, and that one's key is the key.
            path.hardlink_to(temporary)
        except FileExistsError:
            pass
        finally:
            temporary.unlink(missing_ok=True)
    key = path.read_bytes()
    if len(key) != size:
        raise ValueError(f"{path.name} is not a key of {size} bytes")
    return key

"""What went wrong with signed content, told in the user's language. Each attack has its own message.

E-CNT-03 is what remains: wrong length or hash, unreadable metadata, names missing in it.
"""

from __future__ import annotations

import errno
from pathlib import Path

from tuf.api import exceptions as tuf

from xieka.core.errors import XiekaError

_CODES: tuple[tuple[type[Exception], str], ...] = (
    (tuf.BadVersionNumberError, "E-CNT-01"),
    (tuf.ExpiredMetadataError, "E-CNT-02"),
    (tuf.UnsignedMetadataError, "E-CNT-04"),
    (tuf.DownloadLengthMismatchError, "E-CNT-05"),
    (tuf.DownloadHTTPError, "E-CNT-10"),
)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def told(error: tuf.RepositoryError | tuf.DownloadError | OSError, folder: Path) -> XiekaError:
    """The XiekaError for what python-tuf or the disk below `folder` raised."""
    if isinstance(error, OSError):
        return XiekaError("E-CNT-06") if error.errno in _FULL else XiekaError("E-CNT-07", path=str(folder))
    return XiekaError(next((code for kind, code in _CODES if isinstance(error, kind)), "E-CNT-03"))

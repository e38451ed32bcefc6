"""An installer in a new folder that holds nothing else."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from xieka.core.errors import XiekaError

_PREFIX: Final = "xieka-setup-"
_OLD: Final = 86_400.0
"""Seconds: nobody's installer runs that long. After a kill of this program it may go on for a while."""


@contextmanager
def own_copy(archive: Path, name: str) -> Iterator[Path]:
    """The file under this name, alone in a folder that goes afterwards.

    Windows' loader looks for libraries first in the program's own folder: among downloads, a library that any web page
    has put there would run with the administrator's rights. This does not help against a program that runs as this user
    already and waits for the moment: it may write into every folder of his.

    Raises XiekaError E-INS-41 (the file is gone or cannot be read), E-INS-43 (no room for a copy).
    """
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        try:
            # The very same file where the disk can do that; then it takes no room.
            with suppress(OSError):
                os.link(archive, folder / name)
            if not (folder / name).exists():
                shutil.copyfile(archive, folder / name)
        except OSError as error:
            raise XiekaError("E-INS-43" if error.errno == errno.ENOSPC else "E-INS-41") from error
        yield folder / name
    finally:
        # What an installer has left running may hold it.
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(temporary: Path) -> None:
    """Take away what a kill has left."""
    for folder in temporary.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.lstat().st_mtime > _OLD:
                shutil.rmtree(folder, ignore_errors=True)

"""One operation at a time on a folder of books, over all processes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from xieka.core.errors import XiekaError
from xieka.core.lock import FileLock


@contextlib.contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold `folder`, which is made; never waits. Raises XiekaError E-INS-10 (another process has it), E-INS-12.

    E-INS-12 stands also for an OSError of what is done meanwhile: a folder that cannot even be looked at; where
    something was begun, it is told more exactly.
    """
    lock = FileLock(folder / "lock")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = lock.acquire()
    except OSError as error:
        raise XiekaError("E-INS-12", path=str(folder)) from error
    if not free:
        raise XiekaError("E-INS-10")
    try:
        yield
    except OSError as error:
        raise XiekaError("E-INS-12", path=str(error.filename or folder)) from error
    finally:
        lock.release()

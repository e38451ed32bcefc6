"""An installer in a new folder that holds nothing else."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xieka.core.errors import XiekaError


@contextmanager
def own_copy(archive: Path, name: str) -> Iterator[Path]:
    """The file under this name, alone in a folder that goes afterwards.

    Windows' loader looks for libraries first in the program's own folder: among downloads, a library that any web page
    has put there would run with the administrator's rights. This does not help against a program that runs as this user
    already and waits for the moment: it may write into every folder of his.

    Raises XiekaError E-INS-41 (the file is gone or cannot be read), E-INS-43 (no room for a copy).
    """
    folder = Path(tempfile.mkdtemp(prefix="xieka-"))
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
        # What an installer left running may hold it; Windows clears its temporary files by itself.
        shutil.rmtree(folder, ignore_errors=True)

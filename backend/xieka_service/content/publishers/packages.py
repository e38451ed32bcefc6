"""A publisher's package as the clients will see it: unpacked by their own code, under their own rules."""

from __future__ import annotations

import tempfile
from pathlib import Path

from xieka.apps.archive.unpack import failed, unpack
from xieka.contract.apps import UNPACKED_LIMIT, Archive


def unpacked_size(path: Path, recipe: Archive) -> int:
    """Bytes of all its files; all of it is unpacked into a folder for temporary files and removed again.

    Raises XiekaError E-PKG-10 … E-PKG-23 as every client would, E-DSK-01 and E-INS-19 for this computer's disk.
    """
    recipe = recipe.model_copy(update={"unpacked": UNPACKED_LIMIT})
    try:
        with tempfile.TemporaryDirectory(prefix="xieka-") as folder:
            return sum(one.size for one in unpack(path, recipe, Path(folder)))
    except OSError as error:
        raise failed(error, Path(tempfile.gettempdir()), path.stat().st_size) from error

"""Unpacks a package into a fresh folder, or refuses it with the reason."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from xieka.apps import durable
from xieka.apps.archive import refusal
from xieka.apps.archive.models import Cancel, Progress, Unpacked
from xieka.apps.archive.tar_file import unpack_tar_xz
from xieka.apps.archive.writing import Writer
from xieka.apps.archive.zip_file import unpack_zip
from xieka.apps.portable.tree import Tree
from xieka.contract.apps import Archive
from xieka.core.errors import XiekaError


def unpack(
    archive: Path, recipe: Archive, into: Path, progress: Progress | None = None, cancel: Cancel | None = None
) -> tuple[Unpacked, ...]:
    """Write the package's files below `into`, an empty folder that the caller made and removes when this fails.

    Nothing is ever written elsewhere. A folder without files is not made. On return everything has reached the disk.
    Raises XiekaError E-PKG-10 … E-PKG-23, E-DSK-01, E-INS-18 (within 100 ms of a cancel), E-INS-19.
    """
    try:
        file = archive.open("rb")
    except OSError as error:
        raise refusal.damaged("unreadable") from error
    try:
        with file, Tree(into) as tree:
            writer = Writer(tree, recipe.unpacked, recipe.entry, progress, cancel)
            if recipe.format == "zip":
                unpack_zip(file, writer, recipe.unpacked)
            else:
                unpack_tar_xz(file, writer)
            written = writer.finish()
        if not durable.force_all(into, cancel):
            raise XiekaError("E-INS-18")
    except OSError as error:
        raise failed(error, into, recipe.unpacked) from error
    return written


def failed(error: OSError, folder: Path, needed: int) -> XiekaError:
    """What a failure of the disk means; `needed`: bytes in all."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return no_space(folder, needed)
    return XiekaError("E-INS-19", path=str(folder), detail=errno.errorcode.get(error.errno or 0, "OSError"))


def no_space(folder: Path, needed: int) -> XiekaError:
    """E-DSK-01 with what is missing and what is left, in MB."""
    try:
        left = shutil.disk_usage(folder).free
    except OSError:
        left = 0
    return XiekaError("E-DSK-01", x=-(-needed // 1_000_000), y=left // 1_000_000, path=str(folder))

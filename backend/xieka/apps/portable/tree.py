"""A folder and what lies below it, reached without ever following a symbolic link.

Where the platform can (Linux, macOS) every step goes from the folder's own descriptor, so that a link put in the way
between two calls leads nowhere (openat(2), O_NOFOLLOW). Elsewhere every part is looked at before it is used.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypedDict

Parts = tuple[str, ...]

DESCRIPTORS: Final = {os.open, os.mkdir, os.rename, os.rmdir, os.stat, os.unlink} <= os.supports_dir_fd
_NOFOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NOFOLLOW
_BINARY: Final = getattr(os, "O_BINARY", 0)
_JUNCTION: Final = 0x400
"""FILE_ATTRIBUTE_REPARSE_POINT: what leads elsewhere on Windows."""


class _At(TypedDict, total=False):
    dir_fd: int


def is_folder(found: os.stat_result) -> bool:
    """Whether it is a folder itself, no link or junction to one."""
    return stat.S_ISDIR(found.st_mode) and not getattr(found, "st_file_attributes", 0) & _JUNCTION


def is_file(found: os.stat_result) -> bool:
    """Whether it is a regular file itself."""
    return stat.S_ISREG(found.st_mode) and not getattr(found, "st_file_attributes", 0) & _JUNCTION


class Tree:
    """All methods take parts below the folder and raise OSError; a link in the way is ELOOP or ENOTDIR."""

    def __init__(self, root: Path, *, descriptors: bool = DESCRIPTORS) -> None:
        self.root = root
        self._open: list[tuple[str, int]] = []
        """Folders on the way to the last place, with their descriptors."""
        self._root: int | None = None
        if descriptors:
            self._root = os.open(root, _FOLDER)
        elif not is_folder(root.lstat()):
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(root))
        self.device = root.lstat().st_dev if self._root is None else os.fstat(self._root).st_dev
        """Which file system the folder is on."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._leave(0)
        if self._root is not None:
            os.close(self._root)
            self._root = None

    def create(self, parts: Parts, mode: int) -> int:
        """A new file, open for writing, with the folders it needs; `mode` is subject to the umask."""
        name, at = self._place(parts, make=True)
        return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _BINARY, mode, **at)

    def read(self, parts: Parts) -> int:
        """A regular file, open for reading."""
        name, at = self._place(parts)
        if self._root is None and not is_file(Path(name).lstat()):
            raise OSError(errno.ELOOP, "not a file", name)
        # Not blocking: a pipe in the place of the file must not hold us.
        descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _NOFOLLOW | _BINARY, **at)
        if not is_file(os.fstat(descriptor)):
            os.close(descriptor)
            raise OSError(errno.ELOOP, "not a file", name)
        return descriptor

    def look(self, parts: Parts) -> os.stat_result | None:
        """What is there itself; None: nothing, or something in the way that is no folder."""
        try:
            name, at = self._place(parts)
            return os.lstat(name, **at)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                return None
            raise

    def names(self, parts: Parts = ()) -> list[str]:
        """The names in a folder, sorted."""
        folder = self._checked(parts) if self._root is None else self._enter(self._root, parts, make=False)
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries)

    def unlink(self, parts: Parts) -> None:
        """Remove a file, or a link itself."""
        name, at = self._place(parts)
        os.unlink(name, **at)

    def rmdir(self, parts: Parts) -> None:
        """Remove an empty folder."""
        self._leave(len(parts) - 1)
        name, at = self._place(parts)
        os.rmdir(name, **at)

    def move(self, parts: Parts, other: Tree, to: Parts) -> None:
        """Rename into another Tree on the same file system; the folders it needs are made. Nothing may be there."""
        if other.look(to) is not None:
            raise FileExistsError(errno.EEXIST, "already there", "/".join(to))
        self._leave(len(parts) - 1)
        name, at = self._place(parts)
        target, below = other._place(to, make=True)
        if self._root is None or other._root is None:
            Path(name).rename(target)
        else:
            os.rename(name, target, src_dir_fd=at["dir_fd"], dst_dir_fd=below["dir_fd"])

    def _place(self, parts: Parts, *, make: bool = False) -> tuple[str, _At]:
        if self._root is None:
            return str(self._checked(parts[:-1], make=make) / parts[-1]), {}
        return parts[-1], {"dir_fd": self._enter(self._root, parts[:-1], make=make)}

    def _enter(self, root: int, parts: Parts, *, make: bool) -> int:
        """The descriptor of a folder; those on the way stay open for the next call."""
        same = 0
        while same < min(len(parts), len(self._open)) and self._open[same][0] == parts[same]:
            same += 1
        self._leave(same)
        at = self._open[-1][1] if self._open else root
        for part in parts[same:]:
            try:
                below = os.open(part, _FOLDER, dir_fd=at)
            except FileNotFoundError:
                if not make:
                    raise
                os.mkdir(part, dir_fd=at)
                below = os.open(part, _FOLDER, dir_fd=at)
            self._open.append((part, below))
            at = below
        return at

    def _leave(self, depth: int) -> None:
        while len(self._open) > max(depth, 0):
            os.close(self._open.pop()[1])

    def _checked(self, parts: Parts, *, make: bool = False) -> Path:
        path = self.root
        for part in parts:
            path = path / part
            try:
                found = path.lstat()
            except FileNotFoundError:
                if not make:
                    raise
                path.mkdir()
                continue
            if not is_folder(found):
                raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(path))
        return path

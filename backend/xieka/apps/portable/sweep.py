"""Takes what is ours out of a folder and leaves, or carries over, what is the user's.

Ours is a file that the ledger names and whose content is still what we wrote. All else is the user's: files we do not
know, ours that were changed, links, pipes. It is never opened through a link, never overwritten, never deleted here.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable
from typing import Final

from xieka.apps.archive.models import Unpacked
from xieka.apps.portable.tree import Parts, Tree, is_file, is_folder

_BLOCK: Final = 1 << 18


def ours(tree: Tree, one: Unpacked) -> bool:
    """Whether the file is there with the content that we wrote; one we may not read is not. Raises OSError."""
    parts = tuple(one.path.split("/"))
    found = tree.look(parts)
    if found is None or not is_file(found) or found.st_size != one.size:
        return False
    try:
        descriptor = tree.read(parts)
    except PermissionError:
        return False
    digest = hashlib.sha256()
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest() == one.sha256


def folders(files: Iterable[Unpacked]) -> list[Parts]:
    """The folders that these files needed, the deepest first."""
    found: set[Parts] = set()
    for one in files:
        parts = tuple(one.path.split("/"))[:-1]
        while parts and parts not in found:
            found.add(parts)
            parts = parts[:-1]
    return sorted(found, key=lambda parts: (-len(parts), parts))


def remove(tree: Tree, files: Iterable[Unpacked]) -> list[OSError]:
    """Remove our files and the folders of ours that became empty; gives what did not work, and goes on."""
    failed: list[OSError] = []
    known = list(files)
    for one in known:
        try:
            if ours(tree, one):
                tree.unlink(tuple(one.path.split("/")))
        except OSError as error:
            failed.append(error)
    for parts in folders(known):
        try:
            found = tree.look(parts)
            if found is not None and is_folder(found) and not tree.names(parts):
                tree.rmdir(parts)
        except OSError as error:
            failed.append(error)
    return failed


def remove_all(tree: Tree, parts: Parts = ()) -> list[OSError]:
    """Remove everything below a folder, not the folder; gives what did not work.

    Links go, not what they lead to; another file system that is mounted there stays whole.
    """
    failed: list[OSError] = []
    for name in tree.names(parts):
        below = (*parts, name)
        try:
            found = tree.look(below)
            if found is None:
                continue
            if not is_folder(found):
                tree.unlink(below)
            elif found.st_dev != tree.device:
                raise OSError(errno.EXDEV, "another file system", name)
            else:
                failed += remove_all(tree, below)
                tree.rmdir(below)
        except OSError as error:
            failed.append(error)
    return failed


class Carrier:
    """Empties an old folder: our files are removed, the user's moved into the new one at the same place.

    Stopped anywhere and begun again, it goes on where it was: every file is in one of the two folders.
    """

    def __init__(self, old: Tree, known: Iterable[Unpacked], new: Tree) -> None:
        self._old = old
        self._new = new
        self._known = {tuple(one.path.split("/")): one for one in known}
        self._folders = set(folders(self._known.values()))
        self.kept: list[str] = []
        """Where the user's files are whose place a new file of the program has."""
        self.failed: list[OSError] = []

    def carry(self, source: Parts = (), target: Parts = ()) -> None:
        """Everything below `source` of the old folder to `target` of the new one."""
        for name in self._old.names(source):
            below = (*source, name)
            try:
                self._one(below, (*target, name))
            except OSError as error:
                self.failed.append(error)

    def _one(self, source: Parts, target: Parts) -> None:
        found = self._old.look(source)
        if found is None:
            return
        there = self._new.look(target)
        if is_folder(found):
            if there is not None and not is_folder(there):
                there, target = None, self._free(source, target)
                self.kept.append("/".join(target))
            if there is None and source not in self._folders:
                self._old.move(source, self._new, target)
                return
            self.carry(source, target)
            if not self._old.names(source):
                self._old.rmdir(source)
            return
        known = self._known.get(source)
        if known is not None and ours(self._old, known):
            self._old.unlink(source)
            return
        if there is not None:
            target = self._free(source, target)
            self.kept.append("/".join(target))
        self._old.move(source, self._new, target)

    def _free(self, source: Parts, target: Parts) -> Parts:
        """A name beside it that is free in both folders: `settings.kept-1.ini`."""
        stem, dot, suffix = target[-1].rpartition(".")
        if not stem:
            stem, dot, suffix = target[-1], "", ""
        number = 1
        while True:
            name = f"{stem}.kept-{number}{dot}{suffix}"
            if self._new.look((*target[:-1], name)) is None and self._old.look((*source[:-1], name)) is None:
                return (*target[:-1], name)
            number += 1

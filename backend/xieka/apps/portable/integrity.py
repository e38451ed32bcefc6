"""Whether an installed program is still what its publisher signed."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath
from typing import Final

from xieka.apps.archive.models import Unpacked
from xieka.apps.installed import Ledger, State
from xieka.apps.portable.sweep import ours
from xieka.apps.portable.tree import Tree, is_file

_CODE: Final = frozenset((
    ".bat", ".cmd", ".com", ".dll", ".dylib", ".exe", ".htm", ".html", ".jar", ".js", ".mjs", ".ps1", ".py", ".pyd",
    ".sh", ".so", ".vbs", ".wasm",
))  # fmt: skip
"""Files that are run although they need no executable bit."""
_LARGE: Final = 4 << 20
"""Bytes from which on a file is not read again while it is the same file by what the system says of it."""
_TELLS: Final = sys.platform != "win32"
"""Whether st_ctime tells of every change: on Windows it is the time of creation, and all others can be set."""

_Stamp = tuple[int, int, int, int]


class Integrity:
    """Remembers which large files it has read, for as long as it lives. Thread-safe."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str, str], _Stamp] = {}
        """By folder, path and hash: the file that had this hash."""

    def state(self, ledger: Ledger, *, content: bool) -> State:
        """By the files' sizes, with `content` by all their bytes.

        Only what is run counts: a program may write into its own data, its settings say, and remove them.
        """
        program = ledger.program
        try:
            with Tree(Path(program.folder)) as tree:
                found = tree.look(tuple(program.entry.split("/")))
                if found is None or not is_file(found):
                    return "missing"
                for one in ledger.files:
                    if (one.path == program.entry or _is_run(one)) and not self._same(tree, one, content=content):
                        return "changed"
        except OSError:
            return "missing"
        return "ok"

    def _same(self, tree: Tree, one: Unpacked, *, content: bool) -> bool:
        parts = tuple(one.path.split("/"))
        found = tree.look(parts)
        if found is None or not is_file(found) or found.st_size != one.size:
            return False
        if not content:
            return True
        key = (str(tree.root), one.path, one.sha256)
        if _TELLS and one.size >= _LARGE and self._read.get(key) == _stamp(found):
            return True
        if not ours(tree, one):
            return False
        after = tree.look(parts)
        if after is not None and _stamp(after) == _stamp(found):
            self._read[key] = _stamp(found)
        return True


def _stamp(found: os.stat_result) -> _Stamp:
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _is_run(one: Unpacked) -> bool:
    name = PurePosixPath(one.path)
    return one.executable or name.suffix.lower() in _CODE or ".so." in name.name

"""A folder to unpack into, with canaries around it."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from tests.apps.archive.raw import ENTRY
from xieka.apps.archive.models import Unpacked
from xieka.apps.archive.unpack import unpack
from xieka.contract.apps import Archive


def seen(root: Path, without: Path | None = None) -> dict[str, tuple[int, int, bytes | str]]:
    """Everything below a folder: mode, time of change, content or target."""
    found: dict[str, tuple[int, int, bytes | str]] = {}
    for folder, names, files in os.walk(root):
        if without is not None and without.name in names and Path(folder) == without.parent:
            names.remove(without.name)
        for name in [*names, *files]:
            path = Path(folder) / name
            info = path.lstat()
            if stat.S_ISLNK(info.st_mode):
                content: bytes | str = str(path.readlink())
            else:
                content = path.read_bytes() if stat.S_ISREG(info.st_mode) else b""
            # The folder that holds the cage may change its time: the cage is removed.
            found[str(path.relative_to(root))] = (info.st_mode, 0 if path.is_dir() else info.st_mtime_ns, content)
    return found


class Cage:
    """`into` lies beside canaries; `check` says whether they are as before and `into` can go."""

    def __init__(self, root: Path) -> None:
        self.root = root / "外面 的"
        self.into = self.root / "上级" / "into"
        self.into.mkdir(parents=True)
        for place in (self.root, self.into.parent):
            for name in ("evil", "canary", "程序"):
                (place / name).write_bytes(b"of the user")
        self._before = seen(self.root, self.into)

    def unpack(self, data: bytes, form: str, unpacked: int = 1 << 20, entry: str = ENTRY) -> tuple[Unpacked, ...]:
        package = self.root.parent / "package"
        package.write_bytes(data)
        recipe = Archive.model_validate({"format": form, "entry": entry, "unpacked": unpacked})
        return unpack(package, recipe, self.into)

    def check(self) -> None:
        assert seen(self.root, self.into) == self._before, "something outside was touched"
        for path in self.into.rglob("*"):
            mode = path.lstat().st_mode
            assert stat.S_ISREG(mode) or stat.S_ISDIR(mode)
            # Windows has no such bits; Python makes them up.
            assert os.name != "posix" or not mode & (stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX | 0o022)
        shutil.rmtree(self.into)
        self.into.mkdir()

"""A computer with a program on it, small enough to be copied for every way of going wrong."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from xieka.apps.installed import Installed
from xieka.apps.portable.installer import Installer
from xieka.contract.apps import Package, Program

ID = "zhengshu-xunjian"
ENTRY = "bin/巡检 报告"
V1 = {
    ENTRY: b"#!/bin/sh\necho 1\n",
    "lib/a.so": b"one" * 1000,
    "lib/旧.txt": b"goes away",
    "conf/settings.ini": b"[as shipped]\n",
    "conf/untouched.ini": b"[as shipped]\n",
    "空.txt": b"",
}
V2 = {
    ENTRY: b"#!/bin/sh\necho 2\n",
    "lib/a.so": b"two" * 900,
    "lib/c/d.so": b"new",
    "conf/settings.ini": b"[newer]\n",
    "conf/untouched.ini": b"[newer]\n",
    "报表": b"a file where the user has a folder",
    "说明.txt": b"a file where the user has one",
}

State = tuple[dict[str, tuple[str, bytes | str]], list[bytes]]
"""What lies in the folder for programs, and what the ledgers say."""


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 28, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as package:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100755 if name == ENTRY else 0o100644) << 16
            package.writestr(info, data)
    return out.getvalue()


def recipe(unpacked: int = 1 << 20, entry: str = ENTRY) -> Package:
    install = {"kind": "archive", "format": "zip", "entry": entry, "arguments": ["--open"], "unpacked": unpacked}
    return Package.model_validate({"platform": "any", "target": "apps/demo/xunjian-1.zip", "install": install})


def program(version: str = "1.0", id_: str = ID) -> Program:
    return Program.model_validate(
        {
            "id": id_,
            "publisher": "demo",
            "publisher_name": "练习发布方",
            "name": "证书巡检报告",
            "version": version,
            "summary": "列出即将到期的证书",
            "description": "读取全部 Ukey。",
            "icon": "building_government",
            "tone": "blue",
            "packages": [recipe().model_dump()],
            "origin": {},
        }
    )


class World:
    """`programs` is where the user keeps programs, `target` the folder of this one."""

    def __init__(self, root: Path) -> None:
        self.root = root / "用户 一"
        self.books = self.root / "data" / "apps"
        self.programs = self.root / "我的 程序"
        self.target = self.programs / "证书 巡检"
        self.programs.mkdir(parents=True)
        (self.programs / "别人的").mkdir()
        (self.programs / "别人的" / "文件").write_bytes(b"of somebody else")
        self._saved = root / "saved"
        for version, files in {"1.0": V1, "2.0": V2}.items():
            (self.root / f"包 {version}.zip").write_bytes(packed(files))

    def installer(self) -> Installer:
        return Installer(self.books, [], Clock())

    def install(self, files: dict[str, bytes] = V1, version: str = "1.0") -> Installed:
        package = self.root / f"包 {version}.zip"
        if not package.exists():
            package.write_bytes(packed(files))
        return self.installer().install(program(version), recipe(), package, self.target)

    def use(self) -> None:
        """The user works with the program: changes one of its files, adds his own."""
        (self.target / "conf/settings.ini").write_bytes(b"[the user's]\n")
        (self.target / "资料").mkdir()
        (self.target / "资料" / "我的 报告.txt").write_bytes(b"precious")
        (self.target / "lib" / "插件.so").write_bytes(b"the user's in our folder")
        (self.target / "说明.txt").write_bytes(b"the user's own notes")
        (self.target / "报表").mkdir()
        (self.target / "报表" / "十一月.csv").write_bytes(b"1;2;3")
        (self.target / "链接").symlink_to(self.programs / "别人的")

    def save(self) -> None:
        shutil.rmtree(self._saved, ignore_errors=True)
        shutil.copytree(self.root, self._saved, symlinks=True)

    def restore(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self._saved, self.root, symlinks=True)

    def state(self) -> State:
        found: dict[str, tuple[str, bytes | str]] = {}
        for folder, names, files in os.walk(self.programs):
            for name in [*names, *files]:
                path = Path(folder) / name
                mode = path.lstat().st_mode
                where = str(path.relative_to(self.programs))
                if stat.S_ISLNK(mode):
                    found[where] = ("link", str(path.readlink()))
                else:
                    found[where] = (stat.filemode(mode), path.read_bytes() if path.is_file() else b"")
        books = self.books / "installed"
        ledgers = [path.read_bytes() for path in sorted(books.glob("*"))] if books.exists() else []
        return found, ledgers

    def tidy(self) -> None:
        """Nothing of an operation is left over."""
        assert {path.name for path in self.books.iterdir()} <= {"lock", "journal.json", "installed"}
        journal = self.books / "journal.json"
        assert not journal.exists() or json.loads(journal.read_bytes())["operations"] == []
        assert not [path for path in self.root.rglob("*") if "xieka-" in path.name or path.suffix == ".tmp"]


def leaves(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()}

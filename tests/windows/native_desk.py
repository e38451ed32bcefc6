"""Runs on Python for Windows: the native installer over Windows' own. A JSON order a line, an answer a line."""

from __future__ import annotations

import os
import sys
import winreg
from pathlib import Path
from typing import Any

from tests.apps.native.obeying import obey
from xieka.apps.native import win32_calls
from xieka.apps.native.installer import NativeInstaller
from xieka.apps.native.this_system import this_system
from xieka.contract.apps import Package, Program

assert sys.platform == "win32"


class Inside:
    def __init__(self, folder: Path) -> None:
        self.system = this_system()
        self.installer = NativeInstaller(folder / "books", self.system)

    def install(self, archive: str, sha256: str, version: str, install: dict[str, Any]) -> list[int]:
        package = Package.model_validate(
            {"platform": "windows-x86_64", "target": "apps/demo/lianxi-1.0", "install": {"kind": "native", **install}}
        )
        program = Program.model_validate(
            {
                "id": "lianxi", "publisher": "demo", "publisher_name": "练习发布方", "name": "练习程序",
                "version": version, "summary": "由系统安装", "description": "由系统安装。",
                "icon": "building_government", "tone": "blue", "packages": [package.model_dump()], "origin": {},
            }
        )  # fmt: skip
        told: list[int] = []
        self.installer.install(program, package, Path(archive), sha256, told.append)
        return told

    def uninstall(self) -> bool:
        return self.installer.uninstall("lianxi", purge=False)

    def check(self) -> str:
        return self.installer.check("lianxi")

    def recover(self) -> list[str]:
        return [error.code for error in self.installer.recover()]

    def installed(self) -> list[str]:
        return [one.version for one in self.installer.installed()]

    def listed(self, key: str) -> list[str] | None:
        found = win32_calls.look(key)
        return None if found is None else list(found)

    def enter(self, key: str, view: int, **values: str) -> None:
        """An entry in Windows' list of programs, in the view of programs of this many bits."""
        flag = winreg.KEY_WOW64_64KEY if view == 64 else winreg.KEY_WOW64_32KEY
        path = rf"Software\Microsoft\Windows\CurrentVersion\Uninstall\{key}"
        with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, path, 0, winreg.KEY_WRITE | flag) as entry:
            for name, value in values.items():
                kind = winreg.REG_EXPAND_SZ if "%" in value else winreg.REG_SZ
                winreg.SetValueEx(entry, name, 0, kind, value)

    def told(self, name: str) -> str | None:
        """What the installer wrote down of its own."""
        try:
            access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"Software\Lianxi", 0, access) as key:
                return str(winreg.QueryValueEx(key, name)[0])
        except OSError:
            return None

    def leftovers(self) -> list[str]:
        return [path.name for path in Path(os.environ["TEMP"]).glob("xieka-setup-*")]

    def run(self, program: str, parameters: str) -> int:
        return win32_calls.run(program, parameters)

    def held(self, path: str) -> dict[str, str]:
        """What others can do to a file that is held."""
        results = {}
        with win32_calls.hold(Path(path)) as file:
            for name, act in {
                "read": lambda: Path(path).read_bytes(),
                "write": lambda: Path(path).open("r+b").close(),
                "rename": lambda: Path(path).rename(path + ".other"),
                "delete": lambda: Path(path).unlink(),
            }.items():
                try:
                    act()
                    results[name] = "can"
                except OSError as error:
                    results[name] = type(error).__name__
            results["holder"] = file.read().decode()
        return results


if __name__ == "__main__":
    obey(Inside(Path(sys.argv[1])))

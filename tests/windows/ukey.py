"""A Ukey on that Windows: token.c as its vendor's library, with a driver's manifest."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.certificate import pki
from tests.windows.computer import Windows, windows_path

MANIFEST = """
id = "firm"
name = "厂商"
[module]
windows = ['{library}']
[windows]
provider = "Vendor CSP v1.0"
type = 1
container = "id-text"
"""


class Ukey:
    """One that can be plugged in, with a driver installed."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        folder = windows.folder / "驱动 一"
        folder.mkdir()
        library = folder / "ukey.dll"
        # The headers are this system's own; mingw's come first.
        command = ["x86_64-w64-mingw32-gcc", "-shared", "-Os", "-idirafter", "/usr/include/p11-kit-1"]
        subprocess.run([*command, "-o", library, Path(__file__).with_name("token.c")], check=True, capture_output=True)
        manifest = windows.folder / "协卡 数据" / "config" / "drivers" / "firm" / "driver.toml"
        manifest.parent.mkdir(parents=True)
        manifest.write_text(MANIFEST.format(library=windows_path(library)), "utf-8")
        self.plugged = folder / "token"
        self.certificate = pki.holder(pki.root("rsa"))

    def plug(self) -> None:
        self.plugged.write_bytes(self.certificate)

    @property
    def environment(self) -> dict[str, str]:
        """What the library is told."""
        return {"XIEKA_TEST_TOKEN": windows_path(self.plugged)}

    def xieka(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return self.windows.python("-m", "xieka", *words, stdin=stdin, **self.environment)

    def json(self, *words: str) -> dict[str, Any]:
        done = self.xieka(*words, "--json")
        assert done.returncode == 0, done
        # Nothing that the library printed is in it.
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

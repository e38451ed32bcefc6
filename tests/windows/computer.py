"""A Windows of its own for one test file: wine with Python for Windows, as build/windows/setup has prepared them.

Programs' input and output are pipes: of a terminal or of nothing wine makes handles that Python for Windows refuses.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
SEAT: Final = ROOT / "dist" / "windows"
WINE: Final = Path("/usr/lib/wine/wine64")
_SERVER: Final = WINE.with_name("wineserver64")
PYTHON: Final = SEAT / "python" / "python.exe"
_OVERRIDES: Final = "mscoree,mshtml,winemenubuilder.exe="
"""Without .NET and browser, which wine would offer to fetch; nothing is entered into this computer's own menu."""


def missing() -> str | None:
    """Why there is no Windows here; None: there is."""
    ready = all((SEAT / name).is_file() for name in (".ready-python", ".ready-prefix"))
    return None if ready and WINE.exists() else "build/windows/setup has not been run"


def windows_path(path: Path) -> str:
    """How Windows names a file of this computer."""
    return "Z:" + str(path).replace("/", "\\")


def soon(what: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether it becomes true in this time."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class Windows:
    """One computer, one user. `end` when done with it."""

    def __init__(self, folder: Path) -> None:
        """`folder`: empty; its name has a space and Chinese characters in it."""
        self.folder = folder
        prefix = folder / "wine"
        self.drive = prefix / "drive_c"
        # The system's own libraries, 700 MB, are not copied where that can be spared; nobody writes into them.
        shutil.copytree(
            SEAT / "prefix" / "drive_c" / "windows", self.drive / "windows", copy_function=_link, symlinks=True
        )
        shutil.copytree(SEAT / "prefix", prefix, symlinks=True, dirs_exist_ok=True, ignore=self._linked)
        self.home = folder / "home"
        self.home.mkdir()
        kept = {name: os.environ[name] for name in ("PATH", "USER") if name in os.environ}
        self.environment = {
            **kept,
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.home),
            "WINEPREFIX": str(prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": _OVERRIDES,
            "XIEKA_HOME": windows_path(folder / "协卡 数据"),
        }

        # Windows' own services outlast the first program; they are to hold none of its pipes.
        nothing = subprocess.DEVNULL
        for command in ([str(_SERVER), "--persistent"], [str(WINE), "cmd", "/c", "exit"]):
            subprocess.run(
                command, env=self.environment, stdin=nothing, stdout=nothing, stderr=nothing, timeout=60, check=True
            )

    @staticmethod
    def _linked(folder: str, names: list[str]) -> set[str]:
        return {"windows"} if folder == str(SEAT / "prefix" / "drive_c") else set()

    def python(
        self, *arguments: str, stdin: str = "", timeout: float = 90, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `python.exe ARGUMENTS` in the folder. Exit codes are cut to eight bits on their way out of wine."""
        return self.run(str(PYTHON), *arguments, stdin=stdin, timeout=timeout, **environment)

    def run(
        self, program: str, *arguments: str, stdin: str = "", timeout: float = 90, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program for Windows in the folder."""
        return subprocess.run(
            [str(WINE), program, *arguments],
            env={**self.environment, **environment},
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    def value(self, code: str, **names: Any) -> Any:
        """What a piece of Python for Windows leaves in `value`; `names` are known to it. All of it as JSON."""
        program = f"import json,sys\nglobals().update(json.load(sys.stdin))\n{code}\nprint(json.dumps(value))"
        done = self.python("-X", "utf8", "-c", program, stdin=json.dumps(names))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def end(self) -> None:
        """End everything that runs on it."""
        for command in ("-k", "-w"):
            subprocess.run(
                [str(_SERVER), command],
                env=self.environment,
                timeout=30,
                check=False,
                capture_output=True,
            )

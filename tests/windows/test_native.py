"""Programs that Windows installs, whole: real packages, Windows Installer and setup programs, our books over them."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.windows import setups
from tests.windows.computer import PYTHON, WINE, Windows, windows_path

pytestmark = pytest.mark.long

MODULE = "tests.windows.native_desk"
MSI = {"format": "msi", "package": setups.PRODUCT, "arguments": ["COLOUR=red"], "entry": setups.MSI_ENTRY}
EXE = {"format": "exe", "package": setups.KEY, "arguments": ["/S"], "entry": setups.EXE_ENTRY}


class Desk:
    """The client at work on that computer."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        self._process = subprocess.Popen(
            [
                str(WINE),
                str(PYTHON),
                "-X",
                "utf8",
                "-m",
                "tests.windows.native_desk",
                windows_path(windows.folder / "账本"),
            ],
            env=windows.environment,
            cwd=windows.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Python for Windows takes pipes alone; what comes here is little.
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def begin(self, order: str, **arguments: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"order": order, **arguments}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self._process.stdout
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "trace" not in answer, answer["trace"]
        return answer

    def __call__(self, order: str, **arguments: object) -> Any:
        """Its value, or the code of its error."""
        self.begin(order, **arguments)
        answer = self.answer()
        return answer["error"] if "error" in answer else answer["value"]

    def install(self, archive: Path, recipe: dict[str, Any], version: str = "1.0", **more: object) -> Any:
        return self("install", **job(archive, recipe, version, **more))

    def end(self) -> None:
        self._process.communicate(timeout=30)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def job(archive: Path, recipe: dict[str, Any], version: str = "1.0", **more: object) -> dict[str, object]:
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    return {"archive": windows_path(archive), "sha256": digest, "version": version, "install": recipe, **more}


@pytest.fixture(scope="module")
def shelf(windows: Windows) -> Path:
    """Where packages lie, beside something that has no business there."""
    folder = windows.folder / "下载"
    folder.mkdir()
    (folder / "version.dll").write_bytes(b"planted")
    return folder


@pytest.fixture
def desk(windows: Windows) -> Iterator[Desk]:
    desk = Desk(windows)
    yield desk
    desk.end()


def installed(windows: Windows, recipe: dict[str, Any]) -> bool:
    return (windows.drive / recipe["entry"].replace("%ProgramFiles%", "Program Files").replace("\\", "/")).is_file()


def test_an_msi_from_its_installation_to_its_removal(desk: Desk, windows: Windows, shelf: Path) -> None:
    one = setups.msi(shelf)
    assert desk.install(one, MSI, sha256="0" * 64) == "E-INS-41"
    assert desk("listed", key=setups.PRODUCT) is None
    assert desk.install(one, MSI, "1.0") == [0]
    assert installed(windows, MSI)
    # Its properties arrived, and it was for all users.
    assert desk("told", name="Told") == "1 red 1.0.0"
    assert desk("listed", key=setups.PRODUCT)[0] == "1.0.0"
    assert (desk("check"), desk("installed"), desk("leftovers")) == ("ok", ["1.0"], [])
    # Over itself; then somebody else takes its file away.
    assert desk.install(one, MSI, "1.0") == [0]
    (windows.drive / "Program Files/练习 一/程序.exe").unlink()
    assert desk("check") == "missing"
    assert desk("uninstall") is True
    assert desk("listed", key=setups.PRODUCT) is None
    assert (desk("installed"), desk("told", name="Told")) == ([], None)


def test_an_msi_that_windows_refuses_leaves_nothing(desk: Desk, windows: Windows, shelf: Path) -> None:
    assert desk.install(setups.msi(shelf, condition="0"), MSI) == "E-INS-42"
    assert (desk("listed", key=setups.PRODUCT), desk("installed"), installed(windows, MSI)) == (None, [], False)


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param(r'"$INSTDIR\卸载.exe" /S', id="it copies itself and returns at once"),
        pytest.param(r'"$INSTDIR\卸载.exe" /S _?=$INSTDIR', id="it waits"),
        pytest.param("", id="no quiet one: the other, whose path has a variable in it"),
    ],
)
def test_a_setup_program_from_its_installation_to_its_removal(
    quiet: str, desk: Desk, windows: Windows, shelf: Path
) -> None:
    one, two = (setups.setup(shelf, version, quiet=quiet, removing="Sleep 1500") for version in ("1.0", "2.0"))
    assert desk.install(one, EXE, sha256="0" * 64) == "E-INS-41"
    assert desk("told", name="Told") is None
    assert desk.install(one, EXE) == [0]
    assert installed(windows, EXE)
    assert desk("told", name="Told").endswith('setup.exe" /S')
    assert desk("told", name="Beside") == ".|..|setup.exe|"
    assert desk.install(two, EXE, "2.0") == [0]
    assert (desk("check"), desk("installed"), desk("leftovers")) == ("ok", ["2.0"], [])
    assert desk("listed", key=setups.KEY)[0] == "2.0"
    assert desk("uninstall") is True
    assert (desk("listed", key=setups.KEY), desk("installed"), installed(windows, EXE)) == (None, [], False)

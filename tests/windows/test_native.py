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
from tests.windows.computer import PYTHON, WINE, Windows, soon, windows_path

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
            env={**windows.environment, "OF_THE_USER": "C:\\Evil"},
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
        self._process.wait()
        # What it has started may hold the other ends.
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert pipe
            pipe.close()


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
    (windows.drive / "Program Files/Lianxi One/demo.exe").unlink()
    assert desk("check") == "missing"
    assert desk("uninstall") is True
    assert desk("listed", key=setups.PRODUCT) is None
    assert (desk("installed"), desk("told", name="Told")) == ([], None)


def test_an_msi_that_windows_refuses_leaves_nothing(desk: Desk, windows: Windows, shelf: Path) -> None:
    nonsense = shelf / "msi-nonsense"
    nonsense.write_bytes(b"no package")
    assert desk.install(nonsense, MSI) == "E-INS-42"
    # A file where its folder belongs.
    (windows.drive / "Program Files/Lianxi One").write_text("mine")
    assert desk.install(setups.msi(shelf), MSI) == "E-INS-42"
    (windows.drive / "Program Files/Lianxi One").unlink()
    assert (desk("listed", key=setups.PRODUCT), desk("installed")) == (None, [])


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


def test_a_package_in_a_setup_programs_wrapping(desk: Desk, windows: Windows, shelf: Path) -> None:
    package = setups.msi(shelf)
    run = f'InitPluginsDir\nFile "/oname=$PLUGINSDIR\\a.msi" "{package}"\n'
    run += """ExecWait '"$SYSDIR\\msiexec.exe" /i "$PLUGINSDIR\\a.msi" /qn'\nSetErrorLevel 0\nQuit"""
    assert desk.install(setups.setup(shelf, before=run), EXE | {"package": setups.PRODUCT}) == [0]
    assert desk("listed", key=setups.PRODUCT)[2].lower().startswith("msiexec")
    assert (installed(windows, MSI), desk("uninstall"), installed(windows, MSI)) == (True, True, False)
    assert desk("listed", key=setups.PRODUCT) is None


FAILING = {
    "it fails": ("SetErrorLevel 2\nQuit", "", "E-INS-50", []),
    "it enters nothing in the list": ("", 'DeleteRegKey HKLM "${KEY}"', "E-INS-50", []),
    "its user closes it": ("SetErrorLevel 1602\nQuit", "", "E-INS-40", []),
    "Windows is to be restarted": ("", "SetErrorLevel 3010", [0], ["1.0"]),
    # There it is, whatever it complains of: so that it can be taken away again.
    "it fails and is in the list": ("", "SetErrorLevel 2", "E-INS-50", ["1.0"]),
}


@pytest.mark.parametrize(("before", "after", "told", "installed_"), FAILING.values(), ids=FAILING.keys())
def test_what_a_setup_program_says_counts_and_what_the_list_says(
    before: str, after: str, told: object, installed_: list[str], desk: Desk, shelf: Path
) -> None:
    archive = setups.setup(shelf, before=before, after=after)
    assert desk.install(archive, EXE) == told
    assert (desk("installed"), desk("leftovers")) == (installed_, [])
    if installed_:
        assert desk("uninstall") is True


def test_a_failed_update_and_a_failed_removal_leave_what_was(desk: Desk, windows: Windows, shelf: Path) -> None:
    refuse = 'IfFileExists "C:\\may" +3\nSetErrorLevel 3\nQuit'
    waits = r'"$INSTDIR\卸载.exe" /S _?=$INSTDIR'
    assert desk.install(setups.setup(shelf, removing=refuse, quiet=waits), EXE) == [0]
    assert desk.install(setups.setup(shelf, "2.0", before="SetErrorLevel 2\nQuit"), EXE, "2.0") == "E-INS-50"
    assert (desk("installed"), desk("check")) == (["1.0"], "ok")
    # While it runs, nothing is replaced or removed.
    program = r"C:\PROGRAM FILES\练习 二\程序.EXE"
    pipe = subprocess.PIPE
    with subprocess.Popen([str(WINE), program], env=windows.environment, stdin=pipe, stdout=pipe, stderr=pipe) as runs:
        try:
            assert soon(lambda: desk("uninstall") == "E-INS-15")
        finally:
            runs.kill()
    assert desk("uninstall") == "E-INS-51"
    assert (desk("installed"), desk("check")) == (["1.0"], "ok")
    (windows.drive / "may").touch()
    assert desk("uninstall") is True
    assert (desk("listed", key=setups.KEY), desk("installed")) == (None, [])


def test_a_kill_while_it_installs(windows: Windows, shelf: Path) -> None:
    """The setup program goes on without us; what came of it is asked at the next start."""
    first, second = Desk(windows), Desk(windows)
    try:
        before = 'WriteRegStr HKLM "Software\\Lianxi" "Started" "yes"\nSleep 4000'
        first.begin("install", **job(setups.setup(shelf, before=before), EXE))
        assert soon(lambda: second("told", name="Started") == "yes")
        assert second("uninstall") == "E-INS-10"
        first.kill()
        assert (second("recover"), second("installed")) == ([], [])
        assert soon(lambda: second("recover") == [] and second("installed") == ["1.0"])
        assert second("uninstall") is True
    finally:
        second.end()


def test_the_list_is_looked_at_in_both_views_and_no_variable_is_the_users(desk: Desk) -> None:
    for view in (64, 32):
        desk("enter", key=f"Only {view}", view=view, DisplayVersion=str(view), UninstallString=r"%OF_THE_USER%\un.exe")
        assert desk("listed", key=f"Only {view}") == [str(view), "", r"%OF_THE_USER%\un.exe"]
    assert desk("listed", key="Neither") is None


def test_a_file_that_is_held(desk: Desk, shelf: Path) -> None:
    path = shelf / "held"
    path.write_text("held")
    told = desk("held", path=windows_path(path))
    refused = dict.fromkeys(("write", "rename", "delete"), "PermissionError")
    assert told == {"read": "can", **refused, "holder": "held"}


def test_an_exit_code_comes_whole_and_a_missing_program_is_an_error(desk: Desk, shelf: Path) -> None:
    program = setups.program(shelf)
    assert [desk("run", program=windows_path(program), parameters=code) for code in ("0", "1223", "3010")] == [
        0,
        1223,
        3010,
    ]
    assert desk("run", program=r"C:\none\none.exe", parameters="") in (2, 3)

"""What Windows is asked, and what its answers mean; the calls themselves (win32_calls) run in tests/windows."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
from pydantic import ValidationError

from xieka.apps.native.uninstall_command import split
from xieka.apps.native.windows import Listed, Windows
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError

CODE = "{12345678-1234-1234-1234-1234567890AB}"
MSI = Native(format="msi", package=CODE, arguments=("ALLUSERS=1",), entry=r"%ProgramFiles%\Demo\demo.exe")
EXE = Native(format="exe", package="Demo 1", arguments=("/S", "/lang=zh cn"), entry=r"%ProgramFiles%\Demo\demo.exe")
MSIEXEC = r"C:\Windows\System32\msiexec.exe"
LISTED = Listed("1.2", "", r'"C:\Demo\un.exe" /x _?=C:\Demo One')


class Calls:
    """A computer whose programs end with `code`; what each does to its list says `then`."""

    def __init__(
        self, code: int = 0, listed: Listed | None = None, then: Callable[[Calls], object] | None = None
    ) -> None:
        self.code, self.listed, self.then = code, listed, then
        self.looks = 0
        self.ran: list[tuple[str, str]] = []
        self.held = 0
        self.held_while_running: list[int] = []
        self.beside: list[list[str]] = []

    def look(self, key: str) -> Listed | None:
        self.looks += 1
        return self.listed

    def run(self, program: str, parameters: str) -> int:
        self.ran.append((program, parameters))
        self.held_while_running.append(self.held)
        self.beside.append([path.name for path in Path(program).parent.glob("*")])
        if self.then:
            self.then(self)
        return self.code

    @contextmanager
    def hold(self, path: Path) -> Iterator[BinaryIO]:
        with path.open("rb") as file:
            self.held += 1
            yield file
            self.held -= 1

    def system(self) -> Windows:
        return Windows(MSIEXEC, self.look, self.run, self.hold, patience=0.1)

    def is_listed(self) -> None:
        self.listed = LISTED

    def is_gone(self) -> None:
        self.listed = None


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "下载 一" / "0a1b2c"
    path.parent.mkdir()
    path.write_bytes(b"signed")
    (path.parent / "version.dll").write_bytes(b"planted")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(XiekaError) as caught:
        act()
    return caught.value.code


def install(calls: Calls, native: Native, archive: Path, digest: str | None = None) -> None:
    calls.system().install(native, archive, digest or sha256(archive), lambda _: None)


def left(archive: Path) -> list[str]:
    return sorted(path.name for path in archive.parent.parent.iterdir())


def test_an_msi_runs_elevated_with_signed_words_while_its_file_is_held(archive: Path) -> None:
    calls = Calls()
    install(calls, MSI, archive)
    ((program, parameters),) = calls.ran
    assert program == MSIEXEC
    word, path, rest = parameters.partition(" ")[0], parameters.split()[1], parameters.split()[2:]
    assert (word, Path(path.strip('"')).name, rest) == ("/i", "setup.msi", ["/passive", "/norestart", "ALLUSERS=1"])
    assert calls.held_while_running == [1]
    assert left(archive) == ["下载 一"]


def test_a_setup_program_runs_from_a_folder_that_holds_nothing_else(archive: Path) -> None:
    calls = Calls(then=Calls.is_listed)
    install(calls, EXE, archive)
    ((program, parameters),) = calls.ran
    assert Path(program).name == "setup.exe"
    assert parameters == '/S "/lang=zh cn"'
    assert (calls.beside, calls.held_while_running) == ([["setup.exe"]], [1])
    assert left(archive) == ["下载 一"]
    assert archive.read_bytes() == b"signed"


def test_what_a_kill_has_left_goes_with_the_next_but_not_at_once(archive: Path) -> None:
    temporary = archive.parent.parent
    for name, age in (("xieka-setup-old", 90_000), ("xieka-setup-new", 3_600), ("mine", 90_000)):
        (temporary / name).mkdir()
        (temporary / name / "setup.exe").touch()
        os.utime(temporary / name, (time.time() - age,) * 2)
    install(Calls(then=Calls.is_listed), EXE, archive)
    assert left(archive) == ["mine", "xieka-setup-new", "下载 一"]


@pytest.mark.parametrize(
    ("format_", "package", "argument"),
    [
        ("msi", CODE, "/a"),
        ("msi", CODE, "/log=x"),
        ("msi", CODE, "allusers=1"),
        ("msi", CODE, "A=1 REMOVE=ALL"),
        ("msi", CODE, 'A="1'),
        ("msi", CODE, r"TRANSFORMS=\\server\x.mst"),
        ("msi", CODE, "PATCH=http://example.invalid/x.msp"),
        ("msi", "Demo", "A=1"),
        ("exe", "Demo", '/S" /evil'),
        ("exe", "Demo", "/S\n/evil"),
        ("exe", "Demo", ""),
        ("exe", r"..\Demo", "/S"),
    ],
)
def test_words_and_names_that_no_publisher_may_sign(format_: str, package: str, argument: str) -> None:
    with pytest.raises(ValidationError):
        Native.model_validate({"format": format_, "package": package, "arguments": (argument,)})


def test_both_kinds_are_supported() -> None:
    assert [one for one in ("deb", "exe", "msi") if Calls().system().supports(one)] == ["exe", "msi"]


@pytest.mark.parametrize("native", [MSI, EXE], ids=["msi", "exe"])
def test_another_file_is_not_run(native: Native, archive: Path) -> None:
    calls = Calls()
    assert refused(lambda: install(calls, native, archive, "0" * 64)) == "E-INS-41"
    assert refused(lambda: install(calls, native, archive.with_name("none"), "0" * 64)) == "E-INS-41"
    assert calls.ran == []
    assert left(archive) == ["下载 一"]


@pytest.mark.parametrize(
    ("code", "msi", "exe"),
    [
        (0, None, None),
        (3010, None, None),
        (1641, None, None),
        (1223, "E-INS-40", "E-INS-40"),
        (1602, "E-INS-40", "E-INS-40"),
        (1603, "E-INS-42", "E-INS-50"),
        (2, "E-INS-42", "E-INS-50"),
    ],
)
def test_what_an_exit_code_means(code: int, msi: str | None, exe: str | None, archive: Path) -> None:
    for native, told in ((MSI, msi), (EXE, exe)):
        calls = Calls(code, then=Calls.is_listed)
        if told is None:
            install(calls, native, archive)
        else:
            assert refused(lambda: install(calls, native, archive)) == told  # noqa: B023 - called at once


def test_a_setup_program_that_leaves_no_trace_has_not_done_it(archive: Path) -> None:
    assert refused(lambda: install(Calls(0), EXE, archive)) == "E-INS-50"


@pytest.mark.parametrize(("code", "told"), [(0, None), (1223, "E-INS-40"), (1603, "E-INS-45")])
def test_removing_an_msi(code: int, told: str | None) -> None:
    calls = Calls(code)
    if told is None:
        calls.system().remove(MSI, purge=False)
    else:
        assert refused(lambda: calls.system().remove(MSI, purge=True)) == told
    assert calls.ran == [(MSIEXEC, f"/x {CODE} /passive /norestart")]


class Later(Calls):
    """Its uninstaller is at once done; the list has the program for two looks more."""

    def look(self, key: str) -> Listed | None:
        if self.ran and self.looks == 3:
            self.listed = None
        return super().look(key)


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        pytest.param(Calls(0, LISTED, Calls.is_gone), None, id="done"),
        pytest.param(Later(0, LISTED), None, id="a copy goes on"),
        pytest.param(
            Later(0, LISTED._replace(quiet=LISTED.uninstall)), "E-INS-51", id="a copy that asks nobody is slow"
        ),
        pytest.param(Calls(7, LISTED, Calls.is_gone), None, id="gone whatever it says"),
        pytest.param(Calls(0, LISTED), "E-INS-51", id="still listed"),
        pytest.param(Calls(2, LISTED), "E-INS-51", id="failed"),
        pytest.param(Calls(1223, LISTED), "E-INS-40", id="not allowed"),
    ],
)
def test_removing_with_the_makers_uninstaller(calls: Calls, told: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pathlib.Path.is_file", lambda path: str(path) == r"C:\Demo\un.exe")
    if told is None:
        calls.system().remove(EXE, purge=False)
    else:
        assert refused(lambda: calls.system().remove(EXE, purge=False)) == told
    assert calls.ran == [(r"C:\Demo\un.exe", r"/x _?=C:\Demo One")]


def test_a_package_in_a_setup_programs_wrapping_is_removed_by_windows_installer() -> None:
    wrapped = EXE.model_copy(update={"package": CODE})
    calls = Calls(0, Listed("1", "", "MsiExec.exe /I" + CODE), Calls.is_gone)
    calls.system().remove(wrapped, purge=False)
    assert calls.ran == [(MSIEXEC, f"/x {CODE} /passive /norestart")]


def test_nothing_is_run_for_what_is_gone_or_has_no_uninstaller() -> None:
    Calls().system().remove(EXE, purge=False)
    calls = Calls(0, Listed("1", "", "rundll32 x"))
    assert refused(lambda: calls.system().remove(EXE, purge=False)) == "E-INS-51"
    assert calls.ran == []


PROGRAM = r"C:\Program Files\甲 乙\un inst.exe"
THERE = {PROGRAM, r"C:\Demo\UN.EXE", r"C:\Program", r"\\server\x.exe", "un.exe", r"C:un.exe", r"C:\Demo\un.bat"}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (rf'"{PROGRAM}"', (PROGRAM, "")),
        (rf' "{PROGRAM}"  /S _?=C:\a b ', (PROGRAM, r"/S _?=C:\a b")),
        (rf'"{PROGRAM}" /x "a ""b" \\', (PROGRAM, r'/x "a ""b" \\')),
        (rf"{PROGRAM} /S", (PROGRAM, "/S")),
        (r"C:\Demo\UN.EXE", (r"C:\Demo\UN.EXE", "")),
        (r"C:\Demo\UN.EXE /log=C:\x.exe", (r"C:\Demo\UN.EXE", r"/log=C:\x.exe")),
        (r"C:\Program Files\gone.exe /S", None),
        (r'"C:\Program" Files\x.exe', None),
        (r"\\server\x.exe", None),
        (r'"\\server\x.exe"', None),
        ("un.exe /S", None),
        (r'"C:un.exe"', None),
        (r'"C:\Demo\un.bat"', None),
        ("MsiExec.exe /X{0}", None),
        ('"', None),
        ("", None),
    ],
)
def test_the_program_of_an_uninstall_line(command: str, told: tuple[str, str] | None) -> None:
    assert split(command, THERE.__contains__) == told


def test_standing_is_what_the_list_says() -> None:
    assert Calls().system().standing(MSI) is None
    assert Calls(listed=LISTED).system().standing(EXE) == ("1.2", True)
    assert Calls(listed=Listed("", "", "")).system().standing(MSI) == ("?", True)

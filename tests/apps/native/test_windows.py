"""What Windows is asked, and what its answers mean; the calls themselves (win32_calls) were not run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from xieka.apps.native.windows import Uninstall, Windows
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError

CODE = "{12345678-1234-1234-1234-1234567890AB}"
MSI = Native(format="msi", package=CODE, arguments=("ALLUSERS=1",), entry=r"%ProgramFiles%\Demo\demo.exe")
EXE = Native(format="exe", package="Demo 2", arguments=("/S",))
MSIEXEC = str(Path(r"C:\Windows") / "System32" / "msiexec.exe")


class Calls:
    def __init__(self, code: int = 0, entry: Uninstall | None = None) -> None:
        self.code, self.entry = code, entry
        self.ran: list[tuple[str, list[str], bool]] = []
        self.held = 0
        self.held_while_running: list[int] = []

    def run(self, program: str, arguments: Sequence[str], elevated: bool) -> int:
        self.ran.append((program, list(arguments), elevated))
        self.held_while_running.append(self.held)
        return self.code

    @contextmanager
    def hold(self, path: Path) -> Iterator[BinaryIO]:
        with path.open("rb") as file:
            self.held += 1
            yield file
            self.held -= 1

    def system(self) -> Windows:
        return Windows(lambda _: self.entry, self.run, str.split, self.hold)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "安装 包.msi"
    path.write_bytes(b"signed")
    return path


@pytest.fixture(autouse=True)
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMROOT", r"C:\Windows")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(system: Windows, native: Native, archive: Path, digest: str | None = None) -> str:
    with pytest.raises(XiekaError) as caught:
        system.install(native, archive, digest or sha256(archive), lambda _: None)
    return caught.value.code


def test_an_installer_runs_elevated_with_signed_words_while_its_file_is_held(archive: Path) -> None:
    calls = Calls()
    for native in (MSI, EXE):
        calls.system().install(native, archive, sha256(archive), lambda _: None)
    assert calls.ran == [
        (MSIEXEC, ["/i", str(archive), "/passive", "/norestart", "ALLUSERS=1"], True),
        (str(archive), ["/S"], True),
    ]
    assert calls.held_while_running == [1, 1]


def test_another_file_is_not_run(archive: Path) -> None:
    calls = Calls()
    assert refused(calls.system(), MSI, archive, "0" * 64) == "E-INS-41"
    assert refused(calls.system(), MSI, archive.with_name("none"), "0" * 64) == "E-INS-41"
    assert calls.ran == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (0, None),
        (3010, None),
        (1641, None),
        (1223, "E-INS-40"),
        (1602, "E-INS-40"),
        (1603, "E-INS-42"),
        (1, "E-INS-42"),
    ],
)
def test_what_an_exit_code_means(code: int, told: str | None, archive: Path) -> None:
    system = Calls(code).system()
    if told is None:
        system.install(MSI, archive, sha256(archive), lambda _: None)
    else:
        assert refused(system, MSI, archive) == told


@pytest.mark.parametrize(
    ("native", "entry", "ran"),
    [
        (MSI, None, [(MSIEXEC, ["/x", CODE, "/passive", "/norestart"], True)]),
        (EXE, Uninstall("1", "un.exe /S", True), [("un.exe", ["/S"], True)]),
        # The list of one user can be written by anything this user runs: it must not become an administrator's command.
        (EXE, Uninstall("1", "un.exe /S", False), [("un.exe", ["/S"], False)]),
        (EXE, Uninstall("1", "", True), None),
        (EXE, None, None),
    ],
)
def test_removing(native: Native, entry: Uninstall | None, ran: list[object] | None) -> None:
    calls = Calls(entry=entry)
    if ran is None:
        with pytest.raises(XiekaError, match="E-INS-45"):
            calls.system().remove(native, purge=False)
    else:
        calls.system().remove(native, purge=False)
    assert calls.ran == (ran or [])


def test_standing_is_what_the_list_says() -> None:
    assert Calls(entry=None).system().standing(MSI) is None
    assert Calls(entry=Uninstall("1.2", "", True)).system().standing(MSI) == "1.2"
    assert Calls(entry=Uninstall("", "", True)).system().standing(MSI) == "?"

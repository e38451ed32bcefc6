"""What Windows is asked, and what its answers mean; the calls themselves (win32_calls) were not run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from xieka.apps.native.windows import Windows
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError

CODE = "{12345678-1234-1234-1234-1234567890AB}"
MSI = Native(format="msi", package=CODE, arguments=("ALLUSERS=1",), entry=r"%ProgramFiles%\Demo\demo.exe")
MSIEXEC = r"C:\Windows\System32\msiexec.exe"


class Calls:
    def __init__(self, code: int = 0, version: str | None = None) -> None:
        self.code, self.version = code, version
        self.ran: list[tuple[str, list[str]]] = []
        self.held = 0
        self.held_while_running: list[int] = []

    def run(self, program: str, arguments: Sequence[str]) -> int:
        self.ran.append((program, list(arguments)))
        self.held_while_running.append(self.held)
        return self.code

    @contextmanager
    def hold(self, path: Path) -> Iterator[BinaryIO]:
        with path.open("rb") as file:
            self.held += 1
            yield file
            self.held -= 1

    def system(self) -> Windows:
        return Windows(MSIEXEC, lambda _: self.version, self.run, self.hold)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "安装 包.msi"
    path.write_bytes(b"signed")
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(system: Windows, native: Native, archive: Path, digest: str | None = None) -> str:
    with pytest.raises(XiekaError) as caught:
        system.install(native, archive, digest or sha256(archive), lambda _: None)
    return caught.value.code


def test_an_installer_runs_elevated_with_signed_words_while_its_file_is_held(archive: Path) -> None:
    calls = Calls()
    calls.system().install(MSI, archive, sha256(archive), lambda _: None)
    assert calls.ran == [(MSIEXEC, ["/i", str(archive), "/passive", "/norestart", "ALLUSERS=1"])]
    assert calls.held_while_running == [1]


def test_setup_programs_wait_for_somebody_with_windows() -> None:
    assert [one for one in ("deb", "exe", "msi") if Calls().system().supports(one)] == ["msi"]


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


@pytest.mark.parametrize(("code", "told"), [(0, None), (1223, "E-INS-40"), (1603, "E-INS-45")])
def test_removing(code: int, told: str | None) -> None:
    calls = Calls(code)
    if told is None:
        calls.system().remove(MSI, purge=False)
    else:
        with pytest.raises(XiekaError, match=told):
            calls.system().remove(MSI, purge=True)
    assert calls.ran == [(MSIEXEC, ["/x", CODE, "/passive", "/norestart"])]


def test_standing_is_what_the_list_says() -> None:
    assert Calls().system().standing(MSI) is None
    assert Calls(version="1.2").system().standing(MSI) == ("1.2", True)
    assert Calls(version="").system().standing(MSI) == ("?", True)

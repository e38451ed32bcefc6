"""The system's certificate viewer on Linux: which program is given which file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.ui.desktop_session import eventually
from xieka.core.errors import XiekaError
from xieka.desktop import viewer

DER = b"\x30\x03\x02\x01\x01"


def program(folder: Path, name: str, code: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    script = folder / name
    script.write_text(
        f'#!/bin/sh\necho "{name} $1" >"{folder}/call.new"\nmv "{folder}/call.new" "{folder}/call"\nexit {code}\n'
    )
    script.chmod(0o755)


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("programs", "chosen"),
    [(["xdg-open"], "xdg-open"), (["xdg-open", "gcr-viewer"], "gcr-viewer")],
)
def test_a_viewer_gets_a_copy_of_the_certificate(tmp_path: Path, programs: list[str], chosen: str) -> None:
    for name in programs:
        program(tmp_path / "bin", name)
    viewer.view(DER, tmp_path / "运行 run", environment(tmp_path / "bin"))
    called, _, path = eventually(lambda: (tmp_path / "bin/call").read_text("utf-8")).strip().partition(" ")
    assert called == chosen
    assert Path(path).suffix == ".cer"
    assert Path(path).read_bytes() == DER
    assert Path(path).is_relative_to(tmp_path / "运行 run")
    assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


@pytest.mark.parametrize("why", ["nothing registered", "no xdg-open"])
def test_a_system_without_a_viewer_says_so(tmp_path: Path, why: str) -> None:
    program(tmp_path / "bin", "xdg-open", 3)
    path = environment(tmp_path / "bin") if why == "nothing registered" else {"PATH": str(tmp_path / "empty")}
    with pytest.raises(XiekaError, match="E-OPN-02"):
        viewer.view(DER, tmp_path / "run", path)


def test_files_of_views_do_not_pile_up(tmp_path: Path) -> None:
    program(tmp_path / "bin", "xdg-open")
    for number in range(viewer._KEPT + 5):
        viewer.view(DER + bytes([number]), tmp_path, environment(tmp_path / "bin"))
    left = list((tmp_path / "view").iterdir())
    assert len(left) == viewer._KEPT
    assert DER + bytes([viewer._KEPT + 4]) in [file.read_bytes() for file in left]


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "view").write_text("in the way")
    program(tmp_path / "bin", "xdg-open")
    with pytest.raises(XiekaError, match="E-OPN-02"):
        viewer.view(DER, tmp_path, environment(tmp_path / "bin"))

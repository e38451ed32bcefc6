from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from tests.ui.desktop_session import eventually
from xieka.core.errors import XiekaError
from xieka.desktop import files


@pytest.fixture
def opener(tmp_path: Path) -> Path:
    """A folder for PATH with an xdg-open that writes down how it was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "xdg-open"
    script.write_text(
        f"#!/usr/bin/python3\nimport json, os, sys, time\n"
        f"json.dump([sys.argv[1:], dict(os.environ), os.getsid(0)], open({str(tmp_path / 'call.new')!r}, 'w'))\n"
        f"os.rename({str(tmp_path / 'call.new')!r}, {str(tmp_path / 'call')!r})\n"
        f"time.sleep(float(os.environ.get('TAKES', 0))); sys.exit(int(os.environ.get('CODE', 0)))\n"
    )
    script.chmod(0o755)
    return folder


def test_the_folder_of_the_file_is_opened_in_a_clean_session(opener: Path, tmp_path: Path) -> None:
    file = tmp_path / "目录 一" / "a b.cer"
    file.parent.mkdir()
    file.touch()
    files.reveal(file, {"PATH": f"{opener}:{os.environ['PATH']}", "ONLY": "this"})
    arguments, environment, session = json.loads((tmp_path / "call").read_text())
    assert arguments == [str(file.parent)]
    assert environment["ONLY"] == "this"
    assert not [name for name in environment if name.startswith("QT")]
    assert session != os.getsid(0)


def test_a_file_manager_that_stays_open_is_not_waited_for(opener: Path, tmp_path: Path) -> None:
    begin = time.monotonic()
    files.reveal(tmp_path, {"PATH": f"{opener}:{os.environ['PATH']}", "TAKES": "5"})
    assert time.monotonic() - begin < 3
    eventually((tmp_path / "call").exists)


@pytest.mark.parametrize("why", ["no such program", "no program for folders"])
def test_a_computer_without_a_file_manager_says_so(
    why: str, opener: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"PATH": f"{opener}:{os.environ['PATH']}", "CODE": "3"}
    if why == "no such program":
        environment["PATH"] = str(tmp_path)
    with pytest.raises(XiekaError, match="E-OPN-01"):
        files.reveal(tmp_path, environment)


def test_a_file_is_opened_and_where_it_cannot_be_that_is_said(opener: Path, tmp_path: Path) -> None:
    path = {"PATH": f"{opener}:{os.environ['PATH']}"}
    file = tmp_path / "摘要 一.pdf"
    with pytest.raises(XiekaError, match="E-FIL-01"):
        files.open_file(file, path)
    file.touch()
    files.open_file(file, path)
    assert json.loads((tmp_path / "call").read_text())[0] == [str(file)]
    for environment in (path | {"CODE": "3"}, {"PATH": str(tmp_path)}):
        with pytest.raises(XiekaError, match="E-OPN-03"):
            files.open_file(file, environment)


@pytest.mark.parametrize(
    ("user_dirs", "expected"),
    [
        pytest.param('XDG_DOCUMENTS_DIR="$HOME/文档"\n', "文档", id="Chinese desktop"),
        pytest.param('# nothing\nXDG_DESKTOP_DIR="$HOME/x"\n', "Documents", id="not named"),
        pytest.param(None, "Documents", id="no file"),
        pytest.param('XDG_DOCUMENTS_DIR="$HOME/gone"\n', "Documents", id="names a missing folder"),
    ],
)
def test_documents(user_dirs: str | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for folder in ("文档", "Documents", "config"):
        (tmp_path / folder).mkdir()
    if user_dirs is not None:
        (tmp_path / "config" / "user-dirs.dirs").write_text(user_dirs, encoding="utf-8")
    assert files.documents() == tmp_path / expected


def test_documents_is_the_home_folder_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert files.documents() == tmp_path

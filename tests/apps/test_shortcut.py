from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from xieka.apps import launch, shortcut
from xieka.core.errors import XiekaError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "家 $HOME"
    (home / ".config").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return home


def test_the_desktop_by_its_own_name(home: Path) -> None:
    (home / ".config/user-dirs.dirs").write_text('XDG_DESKTOP_DIR="$HOME/我的桌面"\n', "utf-8")
    (home / "我的桌面").mkdir()
    path = shortcut.add_to_desktop("link:zwdt", "上海/一网通办", home / "icon.png")
    assert path == home / "我的桌面" / "xieka-link_zwdt.desktop"
    assert "\nName=上海/一网通办\n" in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) & 0o100
    again = shortcut.add_to_desktop("link:zwdt", "上海/一网通办", home / "icon.png")
    assert again == path


def test_every_entry_has_a_file_of_its_own(home: Path) -> None:
    """Whatever their titles are: two programs of one title, and a program called like another one's file."""
    (home / "Desktop").mkdir()
    entries = ("link:a", "link:a-b", "program:a/b", "program:a-b/c", "program:a/b-c", "program:a/a")
    for id_ in entries:
        shortcut.add_to_desktop(id_, "巡检", home / "icon.png")
    shortcut.add_to_desktop("program:a/b", "新名称", home / "icon.png")
    assert len(list((home / "Desktop").iterdir())) == len(entries)
    for id_ in ("../x", "program:../x", "program:a/b/c", "builtin:upgrade", "link:", "link:a_b"):
        with pytest.raises(XiekaError, match="E-SAV-04"):
            shortcut.add_to_desktop(id_, "x", home / "icon.png")
    assert len(list(home.rglob("*.desktop"))) == len(entries)


def test_a_desktop_that_is_the_home_folder_is_none(home: Path) -> None:
    (home / ".config/user-dirs.dirs").write_text('XDG_DESKTOP_DIR="$HOME/"\n', "utf-8")
    with pytest.raises(XiekaError, match="E-RUN-03"):
        shortcut.add_to_desktop("link:zwdt", "一网通办", home / "icon.png")


def test_every_word_arrives_as_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as GLib reads it: quotes, dollars and backslashes in the command's own path included."""
    (home / "Desktop").mkdir()
    command = home / 'a "b" $c \\e `f`' / "xieka"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{home.parent}/out"\n', "utf-8")
    command.chmod(0o755)
    monkeypatch.setattr(shortcut, "own_command", lambda: command)
    path = shortcut.add_to_desktop("program:a/b", "标题", home / "icon.png")
    subprocess.run(["gio", "launch", path], check=True, timeout=20)
    assert (home.parent / "out").read_text("utf-8").splitlines() == ["apps", "open", "program:a/b"]


def test_our_own_command_is_there() -> None:
    assert launch.own_command() is not None

"""The newer kind of tray (StatusNotifierItem), and a desktop whose panel comes late or never."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import TITLE, Program
from tests.ui.desktop_session import DesktopSession, eventually, open_desktop_session

pytestmark = pytest.mark.ui
WATCHER = Path(__file__).parent / "sni_watcher.py"


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[DesktopSession]:
    """A desktop without any panel."""
    folder = tmp_path / "bare"
    folder.mkdir()
    with open_desktop_session(folder, tray=False) as session:
        yield session


@pytest.fixture
def program(bare: DesktopSession, tmp_path: Path) -> Iterator[Program]:
    one = Program(bare, tmp_path / "home")
    one.ready()
    yield one
    one.end()


def call(session: DesktopSession, service: str, path: str, method: str, *arguments: str) -> str:
    return session.run(
        "gdbus", "call", "--session", "--dest", service, "--object-path", path, "--method", method, *arguments
    )


def test_without_a_tray_the_window_is_minimised_never_lost(program: Program, bare: DesktopSession) -> None:
    assert program.state()["tray"] is False
    for how in ("the page", "the frame", "removal"):
        program.order("show")
        eventually(lambda: bare.active_title() == TITLE)
        match how:
            case "the page":
                program.order("to_tray")
            case "the frame":
                bare.run("wmctrl", "-c", TITLE)
            case "removal":
                program.order("insert", holder="甲")
                program.order("remove", holder="甲")
        (window,) = bare.windows(TITLE, visible=False)
        eventually(lambda window=window: bare.state(window) == "Iconic", what=how)  # type: ignore[misc]


def test_a_panel_that_comes_late_gets_the_icon_its_click_and_its_menu(program: Program, bare: DesktopSession) -> None:
    panel = subprocess.Popen([sys.executable, str(WATCHER)], env=bare.environment, stdout=subprocess.PIPE, text=True)
    try:
        assert panel.stdout
        assert panel.stdout.readline() == "True\n"
        service = panel.stdout.readline().strip()
        eventually(lambda: program.state()["tray"])
        item = "/StatusNotifierItem"

        def read(name: str) -> str:
            return call(bare, service, item, "org.freedesktop.DBus.Properties.Get", "org.kde.StatusNotifierItem", name)

        assert "xieka" in read("Id")
        eventually(lambda: "协卡助手 · " in read("ToolTip"))
        program.order("to_tray")
        eventually(lambda: not program.shown())
        call(bare, service, item, "org.kde.StatusNotifierItem.Activate", "1", "1")
        eventually(lambda: bare.active_title() == TITLE)

        path = re.findall(r"'(/[^']+)'", read("Menu"))[0]
        call(bare, service, path, "com.canonical.dbusmenu.AboutToShow", "0")
        layout = call(bare, service, path, "com.canonical.dbusmenu.GetLayout", "0", "--", "-1", "[]")
        lines = dict(re.findall(r"<\((?:int32 )?(\d+), \{[^}]*'label': <'(\w+)'>", layout))
        assert list(lines.values()) == ["显示", "刷新", "设置", "关于", "退出"]
        quit_id = next(number for number, label in lines.items() if label == "退出")
        call(bare, service, path, "com.canonical.dbusmenu.Event", quit_id, "clicked", "<''>", "0")
        assert program.process.wait(4) == 0
    finally:
        panel.kill()
        panel.wait()
        assert panel.stdout
        panel.stdout.close()

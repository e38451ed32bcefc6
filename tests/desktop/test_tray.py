from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Protocol

import pytest
from PIL import Image, ImageChops

from tests.desktop.conftest import TITLE, Program
from tests.ui.desktop_session import DesktopSession, eventually
from xieka.desktop.status import Icon
from xieka.desktop.tray.model import icon_files, menu

pytestmark = pytest.mark.ui


def test_the_menu_has_its_five_entries_in_order() -> None:
    assert [item.label for item in menu()] == ["显示", "刷新", "设置", "关于", "退出"]


@pytest.mark.parametrize("icon", list(Icon))
def test_every_icon_is_there_in_every_size(icon: Icon) -> None:
    files = icon_files(icon)
    assert len(files) == 8
    for file in files:
        size = int(file.stem.rpartition("-")[2])
        with Image.open(file) as picture:
            assert picture.size == (size, size)
            assert picture.mode == "RGBA"


def test_the_icons_are_what_the_script_draws(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "build" / "icons_tray" / "draw.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for icon in Icon:
        for file in icon_files(icon):
            with Image.open(file) as kept, Image.open(tmp_path / file.name) as drawn:
                extremes = ImageChops.difference(kept, drawn).getextrema()
                # Another version of Pillow may round an edge differently.
                assert max(high for _, high in extremes) <= 40, file.name


@pytest.fixture
def hidden(program: Program, desktop_session: DesktopSession) -> Program:
    eventually(desktop_session.tray_icons)
    program.order("to_tray")
    eventually(lambda: not program.shown())
    # Away from the icon, whose tooltip would stay.
    desktop_session.run("xdotool", "mousemove", "10", "10")
    # The first time a balloon says where the window went: it lies over the icon, and a click on it shows the window.
    eventually(lambda: not desktop_session.menus(), 40, "the balloon has gone")
    return program


class OnScreen(Protocol):
    """A program on a desktop."""

    session: DesktopSession


def choose(program: OnScreen, label: str) -> None:
    """Open the menu with the right button and click a line, as a person does it."""
    session = program.session
    (icon,) = session.tray_icons()

    def open_menu() -> list[str]:
        # A balloon or a window that goes at the very same moment closes the menu again; a person clicks again.
        session.click(icon, button=3)
        with contextlib.suppress(AssertionError):
            return eventually(session.menus, 1)
        return []

    (opened,) = eventually(open_menu, what="the menu")
    labels = [item.label for item in menu()]
    # Five lines of one height and a thin separator before the last.
    height = int(session.geometry(opened)["HEIGHT"])
    line = labels.index(label)
    y = height * (line + 0.5) / 5.1 + (height / 51 if line == 4 else 0)
    session.click(opened, offset=round(y - height // 2))


def test_a_left_click_shows_the_window(hidden: Program, desktop_session: DesktopSession) -> None:
    (icon,) = desktop_session.tray_icons()
    desktop_session.click(icon)
    eventually(lambda: desktop_session.active_title() == TITLE)


def test_show_shows_the_window(hidden: Program, desktop_session: DesktopSession) -> None:
    choose(hidden, "显示")
    eventually(lambda: desktop_session.active_title() == TITLE)


def test_refresh_refreshes_and_leaves_the_window_alone(hidden: Program) -> None:
    choose(hidden, "刷新")
    hidden.event("refresh")
    assert hidden.state()["on_screen"] is False


@pytest.mark.parametrize(("entry", "what"), [("设置", "settings"), ("关于", "about")])
def test_settings_and_about_show_the_window_and_tell_the_page(
    hidden: Program, desktop_session: DesktopSession, entry: str, what: str
) -> None:
    choose(hidden, entry)
    assert hidden.event("show")["data"] == {"what": what}
    eventually(lambda: desktop_session.active_title() == TITLE)


def test_the_icon_changes_with_the_ukey(hidden: Program, desktop_session: DesktopSession) -> None:
    (icon,) = desktop_session.tray_icons()

    def reds() -> int:
        return sum(1 for r, g, b in pixels(desktop_session, icon) if r > 150 and g < 80 and b < 80)

    assert reds() == 0
    # A Ukey without certificates needs attention.
    hidden.order("insert", holder="甲")
    eventually(lambda: reds() > 10)
    hidden.order("remove", holder="甲")
    eventually(lambda: reds() == 0)


def test_a_reminder_is_a_balloon_and_a_click_on_it_opens_that_certificate(
    hidden: Program, desktop_session: DesktopSession
) -> None:
    hidden.order("remind", token="softhsm:2", holder="甲", step=30, days_left=29)
    (balloon,) = eventually(desktop_session.menus, what="the balloon")
    desktop_session.click(balloon)
    assert hidden.event("show")["data"] == {"what": "certificate", "token": "softhsm:2"}
    eventually(lambda: desktop_session.active_title() == TITLE)


def pixels(session: DesktopSession, window: str) -> list[tuple[int, int, int]]:
    ppm = subprocess.run(
        ["import", "-window", window, "-depth", "8", "rgb:-"],
        env=session.environment,
        capture_output=True,
        check=True,
    ).stdout
    return [(ppm[i], ppm[i + 1], ppm[i + 2]) for i in range(0, len(ppm), 3)]


def test_quit_quits(program: Program, desktop_session: DesktopSession) -> None:
    choose(program, "退出")
    assert program.process.wait(4) == 0
    assert not desktop_session.tray_icons()

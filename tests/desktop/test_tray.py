from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.conftest import TITLE, Program
from tests.ui.desktop_session import DesktopSession, eventually
from xieka.desktop.status import Icon
from xieka.desktop.tray.model import Entry, icon_files, menu

pytestmark = pytest.mark.ui


def test_the_menu_has_its_five_entries_in_order() -> None:
    assert [(item.label, item.enabled) for item in menu()] == [
        ("显示", True),
        ("刷新", True),
        ("设置", False),
        ("关于", True),
        ("退出", True),
    ]


@pytest.mark.parametrize("icon", list(Icon))
def test_every_icon_is_there_in_every_size(icon: Icon) -> None:
    from PIL import Image

    files = icon_files(icon)
    assert len(files) == 8
    for file in files:
        size = int(file.stem.rpartition("-")[2])
        with Image.open(file) as picture:
            assert picture.size == (size, size)
            assert picture.mode == "RGBA"


def test_the_icons_are_what_the_script_draws(tmp_path: object) -> None:
    import subprocess
    import sys
    from pathlib import Path

    from PIL import Image, ImageChops

    script = Path(__file__).parents[2] / "build" / "icons_tray" / "draw.py"
    folder = Path(str(tmp_path))
    subprocess.run([sys.executable, str(script), str(folder)], check=True)
    for icon in Icon:
        for file in icon_files(icon):
            with Image.open(file) as kept, Image.open(folder / file.name) as drawn:
                extremes = ImageChops.difference(kept, drawn).getextrema()
                # Another version of Pillow may round an edge differently.
                assert max(high for _, high in extremes) <= 40, file.name


@pytest.fixture
def hidden(program: Program, desktop_session: DesktopSession) -> Iterator[Program]:
    eventually(desktop_session.tray_icons)
    program.order("to_tray")
    eventually(lambda: not program.shown())
    yield program


def choose(session: DesktopSession, steps: int) -> None:
    """Open the menu with the right button and choose a line by keyboard."""
    (icon,) = session.tray_icons()
    session.click(icon, button=3)
    eventually(lambda: menus(session), what="the menu")
    session.run("xdotool", "key", *["Down"] * steps, "Return")


def menus(session: DesktopSession) -> list[str]:
    tree = session.run("xwininfo", "-root", "-tree").splitlines()
    return [line for line in tree if '"xieka" "xieka"' in line and "1x1" not in line]


def test_a_left_click_shows_the_window(hidden: Program, desktop_session: DesktopSession) -> None:
    (icon,) = desktop_session.tray_icons()
    desktop_session.click(icon)
    eventually(lambda: desktop_session.active_title() == TITLE)

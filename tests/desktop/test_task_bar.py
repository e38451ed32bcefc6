from __future__ import annotations

import pytest

from tests.desktop.conftest import TITLE, Program, maximised, window_of
from tests.ui.desktop_session import DesktopSession, eventually

pytestmark = pytest.mark.ui


@pytest.mark.parametrize("large", [False, True], ids=["as it was", "maximised"])
def test_from_the_tray_it_comes_as_a_window_whoever_brought_it_back_from_the_task_bar(
    large: bool, program: Program, desktop_session: DesktopSession
) -> None:
    """The hint to the window manager says so before it is mapped: what comes after that may come too late."""
    program.order("show")
    eventually(program.shown)
    maximise = f"{'add' if large else 'remove'},maximized_vert,maximized_horz"
    desktop_session.run("wmctrl", "-r", TITLE, "-b", maximise)
    eventually(lambda: maximised(desktop_session) is large)
    program.order("minimize")
    eventually(lambda: not program.shown())
    desktop_session.run("wmctrl", "-a", TITLE)
    eventually(lambda: program.state()["on_screen"])
    program.order("to_tray")
    eventually(lambda: not program.shown())
    program.order("show")
    eventually(program.shown)
    assert "Normal" in desktop_session.run("xprop", "-id", window_of(desktop_session), "WM_HINTS")
    assert maximised(desktop_session) is large
    desktop_session.run("wmctrl", "-r", TITLE, "-b", "remove,maximized_vert,maximized_horz")
    eventually(lambda: not maximised(desktop_session))

from __future__ import annotations

import pytest

from tests.desktop.conftest import TITLE, Cover, Start
from tests.ui.desktop_session import DesktopSession, eventually
from xieka.desktop.engine import this_machine

pytestmark = pytest.mark.ui


def test_closing_hides_to_the_tray_says_so_once_and_keeps_the_program(
    desktop_session: DesktopSession, start: Start, cover: Cover
) -> None:
    program = start()
    program.ready()
    # With no other window the manager calls the hidden one active all the while: it would not be known when its word is
    # new, and a key pressed before that closes nothing.
    cover()
    desktop_session.run("wmctrl", "-c", TITLE)
    program.event("first_hide")
    assert not program.shown()
    assert program.process.poll() is None
    program.order("show")
    eventually(lambda: desktop_session.active_title() == TITLE)
    desktop_session.run("xdotool", "key", "alt+F4")
    eventually(lambda: not program.shown())
    program.no_event("first_hide", 0.5)


def test_a_hidden_start_shows_nothing_until_asked(start: Start, desktop_session: DesktopSession) -> None:
    program = start("--hidden")
    program.ready()
    assert program.state() == {"event": "state", "on_screen": False, "tray": True, "dialog": False}
    assert not program.shown()
    program.order("insert", holder="甲")
    eventually(lambda: desktop_session.active_title() == TITLE)


def test_no_popup_opens_a_window_or_a_browser(start: Start, desktop_session: DesktopSession) -> None:
    # Without the debugging port: an attached debugger stops a page that opens a window.
    program = start()
    program.ready()
    before = desktop_session.run("wmctrl", "-l")
    desktop_session.click(desktop_session.windows(TITLE)[0], offset=150)
    assert program.event("said")["text"] == "tried"
    # One click allows one window; the engine stops the others before they get to us.
    assert "refused a new window" in program.log()
    assert desktop_session.run("wmctrl", "-l") == before
    assert program.state()["on_screen"] is True


def test_the_engine_runs_in_its_sandbox_wherever_it_can(start: Start) -> None:
    program = start("--hidden")
    program.ready()
    switched_off = any("--no-sandbox" in argument for child in program.family for argument in child.cmdline())
    assert switched_off is (this_machine().no_sandbox_because() is not None)

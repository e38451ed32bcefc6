from __future__ import annotations

import signal
import time

import psutil
import pytest

from tests.desktop.conftest import TITLE, Program, Start
from tests.ui.desktop_session import DesktopSession, eventually

pytestmark = pytest.mark.ui


def gone(program: Program, within: float) -> int:
    """Exit code once the process and everything it started are gone."""
    code = program.process.wait(within)
    assert len(program.family) >= 1
    eventually(lambda: not [p for p in program.family if p.is_running() and p.status() != psutil.STATUS_ZOMBIE], 3)
    return code


@pytest.mark.parametrize("how", ["quit", "hidden", signal.SIGTERM, signal.SIGINT], ids=str)
def test_quitting_leaves_no_process_and_no_icon(
    how: str | signal.Signals, start: Start, desktop_session: DesktopSession
) -> None:
    program = start()
    program.ready()
    eventually(desktop_session.tray_icons)
    if isinstance(how, signal.Signals):
        program.signal(how)
    else:
        if how == "hidden":
            program.order("to_tray")
            eventually(lambda: not program.shown())
        program.order("quit")
    program.event("on_quit")
    assert gone(program, 4) == 0
    assert not desktop_session.windows(TITLE, visible=False)
    assert not desktop_session.tray_icons()
    assert not (program.home / "instance.json").exists()


@pytest.mark.parametrize("hang", ["services", "window"])
def test_whatever_hangs_the_program_is_gone_after_five_seconds(hang: str, start: Start) -> None:
    program = start()
    program.ready()
    if hang == "services":
        program.order("close-slowly", seconds=60)
        program.event("closing slowly")
    else:
        program.order("block-gui", seconds=60)
        program.event("blocked")
    begin = time.monotonic()
    program.signal(signal.SIGTERM)
    assert gone(program, 8) == 1
    assert 4.5 < time.monotonic() - begin < 7
    assert "the orderly end took too long" in program.log()


def test_quitting_twice_is_quitting_once(start: Start) -> None:
    program = start()
    program.ready()
    program.order("close-slowly", seconds=0.5)
    program.order("quit")
    program.order("quit")
    program.signal(signal.SIGTERM)
    program.event("on_quit")
    program.no_event("on_quit", 0.3)
    assert gone(program, 4) == 0


@pytest.mark.parametrize("after", [0.0, 0.1, 0.25, 0.45])
def test_a_signal_during_the_start_ends_the_program_too(after: float, start: Start) -> None:
    program = start()
    program.event("running")
    time.sleep(after)
    begin = time.monotonic()
    program.signal(signal.SIGTERM)
    # Either the system ends it, before our handler is there, or we do; never the watchdog.
    assert program.process.wait(7) in (0, -signal.SIGTERM)
    assert time.monotonic() - begin < 4.5

"""A whole desktop for real-window tests: X server, session bus, window manager, panel with a tray.

Use: `from tests.ui.desktop_session import desktop_session` in a conftest or test module.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

PROGRAMS = ("setpriv", "Xvfb", "dbus-daemon", "openbox", "trayer", "xdotool", "wmctrl", "xprop", "xwininfo")
T = TypeVar("T")


def eventually(check: Callable[[], T], timeout: float = 10.0, what: str = "") -> T:
    """The first true value of `check`, asked again and again; fails after `timeout` seconds."""
    end = time.monotonic() + timeout
    while not (value := check()):
        assert time.monotonic() < end, f"not within {timeout} s: {what or check}"
        time.sleep(0.03)
    return value


@dataclass(frozen=True, slots=True)
class DesktopSession:
    """A running desktop; `environment` is for programs on it."""

    environment: dict[str, str]

    def run(self, *command: str) -> str:
        """Output of a tool run on this desktop, empty when it fails (xdotool fails when it finds nothing)."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=20, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    def windows(self, title: str, *, visible: bool = True) -> list[str]:
        """X ids of windows with exactly this title."""
        only = ["--onlyvisible"] if visible else []
        return self.run("xdotool", "search", *only, "--name", f"^{title}$").split()

    def active_title(self) -> str:
        """Title of the window that has the keyboard; nothing while it is off the screen.

        A hidden window stays the active one in the window manager's words until another takes its place.
        """
        window = self.run("xdotool", "getactivewindow")
        on_screen = window and "IsViewable" in self.run("xwininfo", "-id", window)
        return self.run("xdotool", "getwindowname", window) if on_screen else ""

    def state(self, window: str) -> str:
        """The window manager's words on a window: `Normal`, `Iconic` or `Withdrawn`."""
        text = self.run("xprop", "-id", window, "WM_STATE")
        return next((word for word in ("Normal", "Iconic", "Withdrawn") if word in text), "Withdrawn")

    def tray_icons(self) -> list[str]:
        """X ids of the program's icons in the panel."""
        return [window for window, width in self._own_windows() if width <= 32]

    def menus(self) -> list[str]:
        """X ids of the program's open menus and balloons."""
        visible = self.run("xdotool", "search", "--onlyvisible", "--class", "xieka").split()
        return [window for window, width in self._own_windows() if width > 32 and str(int(window, 16)) in visible]

    def _own_windows(self) -> list[tuple[str, int]]:
        """(X id, width) of windows that Qt names after the program: icons and menus, never the main window."""
        tree = self.run("xwininfo", "-root", "-tree")
        found = re.findall(r'(0x[0-9a-f]+) "xieka": \("xieka" "xieka"\) +(\d+)x', tree)
        return [(window, int(width)) for window, width in found]

    def geometry(self, window: str) -> dict[str, str]:
        """X, Y, WIDTH and HEIGHT of a window on the screen, in pixels."""
        lines = self.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
        return dict(line.split("=") for line in lines)

    def click(self, window: str, button: int = 1, *, offset: int = 0) -> None:
        """A mouse click in the middle of a window (`offset` pixels below), by screen position as a person does it."""
        place = self.geometry(window)
        x = int(place["X"]) + int(place["WIDTH"]) // 2
        y = int(place["Y"]) + int(place["HEIGHT"]) // 2 + offset
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))


@contextmanager
def _running(command: list[str], environment: dict[str, str], pipes: tuple[int, ...] = ()) -> Iterator[int]:
    process = subprocess.Popen(
        # Should the test run itself be killed, its desktop goes with it.
        ["setpriv", "--pdeathsig", "KILL", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=pipes,
    )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def open_desktop_session(folder: Path, *, tray: bool = True, size: str = "1280x800x24") -> Iterator[DesktopSession]:
    """Start the desktop; `folder` keeps its bus socket. `tray=False` leaves the panel out."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("QT", "WAYLAND", "DBUS"))}
    environment |= {"LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(folder), "NO_AT_BRIDGE": "1"}
    with ExitStack() as stack:
        reading, writing = os.pipe()
        x_server = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
        stack.enter_context(_running(x_server, environment, (writing,)))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            environment["DISPLAY"] = f":{pipe.readline().strip()}"
        # A bus address in the abstract namespace of Unix sockets: short, however deep the test's folder is.
        address = f"unix:abstract=xieka-test-{os.getpid()}-{environment['DISPLAY'][1:]}"
        bus = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}"]
        stack.enter_context(_running(bus, environment))
        environment["DBUS_SESSION_BUS_ADDRESS"] = address
        session = DesktopSession(environment)
        stack.enter_context(_running(["openbox", "--sm-disable"], environment))
        eventually(lambda: "window id" in session.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), what="openbox")
        if tray:
            panel = ["trayer", "--edge", "bottom", "--align", "right", "--width", "20", "--height", "24"]
            stack.enter_context(_running(panel, environment))
            eventually(lambda: session.run("xdotool", "search", "--class", "trayer"), what="trayer")
        yield session


@pytest.fixture(scope="session")
def desktop_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DesktopSession]:
    """One desktop for all real-window tests of a run."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        pytest.skip(f"real-window tests need {', '.join(missing)}")
    with open_desktop_session(tmp_path_factory.mktemp("desktop")) as session:
        yield session

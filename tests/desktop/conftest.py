from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.ui.desktop_session import DesktopSession, desktop_session, eventually

__all__ = ["desktop_session"]

TITLE = "协卡助手"
HARNESS = Path(__file__).parent / "harness.py"


class Program:
    """One start of the real Desktop around a trivial page (harness.py)."""

    def __init__(self, session: DesktopSession, home: Path, *options: str, cdp: int | None = None) -> None:
        home.mkdir(parents=True, exist_ok=True)
        environment = dict(session.environment)
        if cdp is not None:
            environment["XIEKA_TEST_CDP_PORT"] = str(cdp)
        self.session = session
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, str(HARNESS), str(home), *options],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._seen: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self.family: list[psutil.Process] = []

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._seen.put(json.loads(line))

    def order(self, do: str, **more: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **more}) + "\n")
        self.process.stdin.flush()

    def event(self, name: str, timeout: float = 15.0) -> dict[str, Any]:
        """Skip to the next event of this name."""
        end = time.monotonic() + timeout
        while True:
            with contextlib.suppress(queue.Empty):
                found = self._seen.get(timeout=max(0.01, end - time.monotonic()))
                if found["event"] == name:
                    return found
            assert time.monotonic() < end, f"no event {name} within {timeout} s"

    def no_event(self, name: str, within: float) -> None:
        end = time.monotonic() + within
        while time.monotonic() < end:
            with contextlib.suppress(queue.Empty):
                assert self._seen.get(timeout=0.05)["event"] != name

    def ready(self) -> str:
        """Wait until the page is loaded; returns its address."""
        url = str(self.event("ready")["url"])
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        return url

    def state(self) -> dict[str, Any]:
        self.order("state")
        return self.event("state")

    def shown(self) -> bool:
        return bool(self.session.windows(TITLE))

    def log(self) -> str:
        return (self.home / "log.txt").read_text(encoding="utf-8")

    def end(self) -> None:
        """Whatever the test left behind."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                child.kill()
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)


def window_of(session: DesktopSession) -> str:
    # A window that goes while the list is read, whosever it is, leaves xdotool without an answer.
    (window,) = eventually(lambda: session.windows(TITLE, visible=False)[-1:])
    return window


def maximised(session: DesktopSession) -> bool:
    return "MAXIMIZED" in session.run("xprop", "-id", window_of(session), "_NET_WM_STATE")


Start = Callable[..., Program]


@pytest.fixture
def start(desktop_session: DesktopSession, tmp_path: Path) -> Iterator[Start]:
    """Start programs that share one home; all are ended after the test."""
    started: list[Program] = []

    def run(*options: str, home: Path = tmp_path, cdp: int | None = None) -> Program:
        program = Program(desktop_session, home, *options, cdp=cdp)
        started.append(program)
        return program

    yield run
    for program in started:
        program.end()
    eventually(lambda: not desktop_session.windows(TITLE), what="the windows are gone")


@pytest.fixture(scope="module")
def program(desktop_session: DesktopSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One running program for the tests of a module that leave it as they found it: shown, no Ukey."""
    one = Program(desktop_session, tmp_path_factory.mktemp("home"))
    one.ready()
    yield one
    one.end()
    eventually(lambda: not desktop_session.windows(TITLE), what="the window is gone")


Cover = Callable[..., None]


@pytest.fixture
def cover(desktop_session: DesktopSession) -> Iterator[Cover]:
    """Puts another program's window in front."""
    script = (
        "import sys; from PySide6.QtWidgets import QApplication, QWidget; a = QApplication(['cover']);"
        "w = QWidget(); w.setWindowTitle('cover'); w.resize(1200, 700); getattr(w, sys.argv[1])(); a.exec()"
    )
    started: list[subprocess.Popen[bytes]] = []

    def put(how: str = "show") -> None:
        started.append(subprocess.Popen([sys.executable, "-c", script, how], env=desktop_session.environment))
        eventually(lambda: desktop_session.active_title() == "cover", what="the covering window")

    yield put
    for process in started:
        process.kill()
        process.wait()

"""A second start, a hung first one, many at once: real processes with real windows (gui.md §6)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.desktop.conftest import TITLE, Program, Start
from tests.ui.desktop_session import DesktopSession, eventually
from xieka.core.errors import XiekaError
from xieka.core.lock import FileLock
from xieka.desktop import instance as instance_module
from xieka.desktop.instance import Instance
from xieka.desktop.meeting import meeting
from xieka.desktop.messenger import CALLERS


@pytest.mark.ui
def test_a_second_start_shows_the_first_ones_window(start: Start, desktop_session: DesktopSession) -> None:
    first = start()
    first.ready()
    first.order("to_tray")
    eventually(lambda: not first.shown())
    second = start()
    second.event("shown-the-other")
    assert second.process.wait(5) == 0
    eventually(lambda: desktop_session.active_title() == TITLE)
    # Started again at log-in: nobody asked to see anything.
    first.order("to_tray")
    eventually(lambda: not first.shown())
    third = start("--hidden")
    third.event("shown-the-other")
    assert third.process.wait(5) == 0
    assert first.state()["on_screen"] is False


@pytest.mark.ui
def test_a_start_while_the_first_is_still_starting_is_kept_for_later(start: Start) -> None:
    first = start("--slow-start", "--hidden")
    first.event("claimed")
    second = start()
    second.event("shown-the-other", timeout=1.9)
    first.ready()
    eventually(first.shown)


@pytest.mark.ui
def test_ten_starts_at_once_give_one_program(start: Start) -> None:
    programs = [start() for _ in range(10)]
    (one,) = [program for program in programs if program.process.poll() is None and _became_the_one(program)]
    one.ready()
    for program in programs:
        if program is not one:
            assert program.process.wait(10) == 0
    assert one.process.poll() is None


def _became_the_one(program: Program) -> bool:
    program.process.poll()
    end = time.monotonic() + 20
    while time.monotonic() < end:
        event = program._seen.get(timeout=20)["event"]
        if event in ("claimed", "shown-the-other"):
            return bool(event == "claimed")
    return False


@pytest.mark.ui
def test_after_kill_9_the_next_start_is_not_held_up(start: Start) -> None:
    first = start()
    first.ready()
    first.signal(signal.SIGKILL)
    first.process.wait()
    begin = time.monotonic()
    second = start()
    second.event("claimed")
    assert time.monotonic() - begin < 3
    second.ready()
    for child in first.family:
        eventually(lambda child=child: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)  # type: ignore[misc]


@pytest.mark.ui
@pytest.mark.parametrize("how", ["stopped", "window stuck"])
def test_a_hung_holder_is_replaced_with_all_its_children(how: str, start: Start) -> None:
    first = start()
    first.ready()
    assert any("QtWebEngineProc" in child.name() for child in first.family)
    if how == "stopped":
        first.signal(signal.SIGSTOP)
    else:
        first.order("block-gui", seconds=60)
    begin = time.monotonic()
    second = start()
    second.event("claimed", timeout=20)
    assert instance_module.PATIENCE - 0.5 < time.monotonic() - begin < 14
    first.process.wait(1)
    second.ready()
    for child in first.family:
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


HOLDER = """
import sys, time
from pathlib import Path
from xieka.desktop.instance import Instance
one = Instance(Path(sys.argv[1]))
one.claim()
one.serve(lambda given: print(given, flush=True), lambda seconds: True)
print("holding", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as one:
        yield one
        one.kill()


def test_a_flood_of_stalled_callers_does_not_make_a_healthy_holder_look_hung(
    holder: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance_module, "PATIENCE", 1.0)
    monkeypatch.setattr(instance_module, "BUSY_LIMIT", 3.0)
    assert holder.stdout
    assert holder.stdout.readline() == "holding\n"
    over = threading.Event()

    def stall() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError), meeting(tmp_path).connect(0, 2) as one:
                while not over.wait(0.1):
                    one.sendall(b"x")

    for _ in range(CALLERS + 8):
        threading.Thread(target=stall, daemon=True).start()
    time.sleep(0.5)
    try:
        with pytest.raises(XiekaError, match="E-INS-02"):
            Instance(tmp_path).claim()
    finally:
        over.set()
    assert holder.poll() is None
    time.sleep(0.5)
    assert Instance(tmp_path).claim(["--x"]) is False
    assert holder.stdout.readline() == "['--x']\n"


def test_only_the_user_can_read_where_to_ring(tmp_path: Path) -> None:
    one = Instance(tmp_path)
    assert one.claim()
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    one.release()
    assert [file.name for file in tmp_path.iterdir()] == ["instance.lock"]


def test_a_holder_that_cannot_be_ended_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance_module, "PATIENCE", 0.3)
    lock = FileLock(tmp_path / "instance.lock")
    assert lock.acquire()
    # Someone holds the lock whom no file names; then a file that names this very process.
    with pytest.raises(XiekaError, match="E-INS-01"):
        Instance(tmp_path).claim()
    _write(tmp_path, pid=os.getpid(), identity=_identity(os.getpid()))
    with pytest.raises(XiekaError, match="E-INS-01"):
        Instance(tmp_path).claim()
    # A number given to another process meanwhile: nobody is harmed, and nobody waits for ever.
    _write(tmp_path, pid=os.getppid(), identity="0")
    with pytest.raises(XiekaError, match="E-INS-01"):
        Instance(tmp_path).claim()


def _identity(pid: int) -> str:
    from xieka.desktop.processes import identity

    return identity(pid) or ""


def _write(folder: Path, **values: object) -> None:
    (folder / "instance.json").write_text(json.dumps({"number": 0, "key": "00", **values}), encoding="ascii")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"pid": "x"}',
        '{"pid": 1, "identity": "1", "number": 9, "key": "zz"}',
        '{"pid": Infinity, "identity": "1", "number": 9, "key": "00"}',
        "[" * 100_000,
    ],
    ids=range(7),
)
def test_a_damaged_file_does_not_matter_while_nobody_holds_the_lock(content: str, tmp_path: Path) -> None:
    (tmp_path / "instance.json").write_text(content, encoding="utf-8")
    one = Instance(tmp_path)
    assert one._read() is None
    assert one.claim()
    one.release()


def test_who_starts_while_the_first_quits_takes_over_when_it_is_gone(tmp_path: Path) -> None:
    first, second = Instance(tmp_path), Instance(tmp_path)
    shown: list[object] = []
    assert first.claim()
    first.serve(shown.append, lambda _: True)
    first.quitting()
    threading.Timer(0.5, first.release).start()
    assert second.claim()
    assert shown == []
    second.release()

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.ui.desktop_session import eventually
from xieka.core.lock import FileLock
from xieka.desktop.processes import end_tree, identity

STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(c.pid, flush=True);"
    "time.sleep(60)"
)


@pytest.fixture
def stubborn() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that ignores SIGTERM, and its child."""
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield process, int(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_a_process_that_does_not_listen_is_ended_with_its_child(
    stopped: bool, stubborn: tuple[subprocess.Popen[str], int]
) -> None:
    process, child = stubborn
    known = identity(process.pid)
    assert known
    if stopped:
        os.kill(process.pid, signal.SIGSTOP)
        eventually(lambda: psutil.Process(process.pid).status() == psutil.STATUS_STOPPED)
    assert end_tree(process.pid, known, 0.3)
    assert process.wait(1) == -signal.SIGKILL
    eventually(lambda: identity(child) is None)


def test_a_later_process_with_the_same_number_is_left_alone(stubborn: tuple[subprocess.Popen[str], int]) -> None:
    process, _ = stubborn
    assert end_tree(process.pid, "another start time", 0.1)
    time.sleep(0.2)
    assert process.poll() is None


def test_we_never_end_ourselves() -> None:
    assert not end_tree(os.getpid(), identity(os.getpid()) or "", 0.1)


def test_a_dead_process_has_no_identity(tmp_path: Path) -> None:
    process = subprocess.Popen(["true"])
    eventually(lambda: psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE)
    assert identity(process.pid) is None
    process.wait()
    assert identity(process.pid) is None
    assert end_tree(process.pid, "1", 0.1)


def test_a_strange_name_does_not_confuse_the_identity(tmp_path: Path) -> None:
    program = tmp_path / ") 1 (R 2"
    program.symlink_to("/bin/sleep")
    process = subprocess.Popen([str(program), "30"])
    try:
        ticks = psutil.Process(process.pid).create_time() - psutil.boot_time()
        assert abs(int(identity(process.pid) or 0) / os.sysconf("SC_CLK_TCK") - ticks) < 1.5
    finally:
        process.kill()
        process.wait()


def test_the_lock_is_given_back_by_the_kernel_and_not_inherited(tmp_path: Path) -> None:
    code = (
        "import os, subprocess, sys; from pathlib import Path; from xieka.core.lock import FileLock;"
        "print(FileLock(Path(sys.argv[1])).acquire(), flush=True) or None;"
        "lock = FileLock(Path(sys.argv[2])); locked = lock.acquire();"
        # Told when the new program runs: between fork and exec it holds everything its parent holds.
        "subprocess.Popen(['sleep', '5'], stdout=subprocess.DEVNULL, start_new_session=True);"
        "print(locked, flush=True); input()"
    )
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    lock = FileLock(mine)
    assert lock.acquire()
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(mine), str(theirs)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout
    assert [other.stdout.readline().strip() for _ in range(2)] == ["False", "True"]
    assert not FileLock(theirs).acquire()
    other.kill()
    other.wait()
    again = FileLock(theirs)
    assert again.acquire()
    again.release()
    lock.release()
    for pipe in (other.stdin, other.stdout):
        assert pipe
        pipe.close()

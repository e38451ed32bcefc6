"""A stage for the measurements: a desktop, a practice home, process figures, and what a target is held to."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.bench.screen import Screen
from tests.conftest import folders_under
from tests.ui.desktop_session import open_desktop_session
from xieka_demo import Demo, ensure

OK_GREEN = (0x0F, 0x7A, 0x3A)
"""--ok of the light theme: the life bar of a certificate within its validity; the peer's page uses the same."""
BAR_PIXELS = 300
"""Fewer pixels of that colour than any life bar has; nothing else on the window's first screen has as many."""


class Targets:
    """Figures with their limits; `missed` is the exit code of a measurement."""

    def __init__(self) -> None:
        self._missed = 0

    def hold(self, name: str, value: float, limit: float, unit: str) -> None:
        """Print the figure beside its limit, both in `unit`."""
        # So that nothing measured (NaN) is no success.
        missed = not value <= limit
        self._missed += missed
        print(f"{name}: {value:.2f} {unit} (target ≤ {limit:g} {unit}{', MISSED' if missed else ''})")

    @property
    def missed(self) -> int:
        """1 when any limit was exceeded, else 0."""
        return min(self._missed, 1)


@contextmanager
def desktop() -> Iterator[dict[str, str]]:
    """The environment of a desktop like that of the real-window tests, 1280x800."""
    with tempfile.TemporaryDirectory(prefix="xieka-bench-") as folder, open_desktop_session(Path(folder)) as session:
        yield session.environment


@contextmanager
def practice() -> Iterator[tuple[Path, Demo]]:
    """A home folder with the practice environment in it."""
    home = Path(tempfile.mkdtemp(prefix="xieka-bench-"))
    try:
        yield home, ensure(folders_under(home))
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    """A program for the length of the block; its whole tree is ended afterwards."""
    process = psutil.Popen(list(command), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        family = [process, *process.children(recursive=True)]
        process.terminate()
        try:
            process.wait(8)
        except psutil.TimeoutExpired:
            process.kill()
        for member in psutil.wait_procs(family, 3)[1]:
            member.kill()


def xieka(*arguments: str) -> list[str]:
    """The command line of this checkout's client."""
    return [sys.executable, "-m", "xieka", *arguments]


def chromium(profile: Path, page: Path) -> list[str]:
    """The peer: the distribution's Chromium showing one local page as an application window."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    size = "--window-size=960,640"
    return ["chromium", *sandbox, *quiet, size, f"--user-data-dir={profile}", f"--app=file://{page}"]


def hello(folder: Path) -> Path:
    """The peer's page: one colour, one line."""
    page = folder / "hello.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><title>hello</title>"
        "<style>body{margin:0;background:#0f7a3a;color:#fff}</style><h1>Hello world</h1>",
        encoding="utf-8",
    )
    return page


def proportional_memory(process: psutil.Process) -> float:
    """PSS of the process and all below it, in MB."""
    total = 0
    for member in [process, *process.children(recursive=True)]:
        for line in Path(f"/proc/{member.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def processor_seconds(process: psutil.Process) -> float:
    """User and system time of the process and all below it so far; it must still run."""
    assert process.status() != psutil.STATUS_ZOMBIE
    total = 0.0
    for member in [process, *process.children(recursive=True)]:
        times = member.cpu_times()
        total += times.user + times.system
    return total


def first_paint(
    screen: Screen, command: Sequence[str], pixels: int, environment: Mapping[str, str]
) -> tuple[float, float]:
    """(seconds from exec until so many green pixels, PSS in MB three seconds later)."""
    started = time.monotonic()
    with running(command, environment) as process:
        seen = screen.wait(OK_GREEN, pixels, 30) - started
        time.sleep(3)
        return seen, proportional_memory(process)


def middle(values: Sequence[float]) -> str:
    """Median with the extremes, for a line of the report."""
    return f"{statistics.median(values):.3f} ({min(values):.3f}…{max(values):.3f})"

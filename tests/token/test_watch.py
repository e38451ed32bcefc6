"""Folder hints, with inotify and without."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.token.conftest import until
from xieka.token import watch
from xieka.token.watch import FolderHints

Begin = Callable[[Path], list[float]]


@pytest.fixture(params=["inotify", "time stamps"])
def begin(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Start watching; the times of the calls."""
    if request.param == "time stamps":
        monkeypatch.setattr(watch, "_inotify", lambda folder: None)
    elif sys.platform != "linux":
        pytest.skip("inotify is Linux")
    started: list[FolderHints] = []

    def go(folder: Path) -> list[float]:
        calls: list[float] = []
        started.append(FolderHints(folder, lambda: calls.append(time.monotonic())))
        started[-1].start()
        return calls

    yield go
    before = threading.active_count()
    for hints in started:
        hints.close()
    assert threading.active_count() == before - len(started)


def told(calls: list[float]) -> None:
    until(lambda: calls, 1.0)
    time.sleep(0.05)
    calls.clear()


def test_entries_that_come_and_go(tmp_path: Path, begin: Begin) -> None:
    folder, away = tmp_path / "tokens", tmp_path / "away"
    for one in (folder, away, folder / "a"):
        one.mkdir()
    calls = begin(folder)
    (folder / "a").rename(away / "a")
    told(calls)
    (away / "a").rename(folder / "a")
    told(calls)
    (folder / "a").rmdir()
    told(calls)
    time.sleep(0.3)
    assert calls == []


def test_folder_that_is_not_there_yet(tmp_path: Path, begin: Begin) -> None:
    folder = tmp_path / "tokens"
    calls = begin(folder)
    folder.mkdir()
    told(calls)
    (folder / "a").mkdir()
    told(calls)


def test_folder_that_is_replaced(tmp_path: Path, begin: Begin) -> None:
    folder = tmp_path / "tokens"
    folder.mkdir()
    calls = begin(folder)
    folder.rename(tmp_path / "old")
    told(calls)
    folder.mkdir()
    told(calls)
    (folder / "a").mkdir()
    told(calls)


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux")
def test_inotify_takes_over_when_the_folder_appears(tmp_path: Path) -> None:
    calls: list[None] = []
    hints = FolderHints(tmp_path / "tokens", lambda: calls.append(None))
    hints.start()
    assert hints._watch is None
    (tmp_path / "tokens").mkdir()
    until(lambda: calls)
    assert hints._watch is not None
    hints.close()


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux")
def test_inotify_is_at_once(tmp_path: Path) -> None:
    calls: list[float] = []
    hints = FolderHints(tmp_path, lambda: calls.append(time.monotonic()))
    hints.start()
    delays = []
    for number in range(9):
        calls.clear()
        began = time.monotonic()
        (tmp_path / str(number)).mkdir()
        until(lambda: calls)
        delays.append(calls[0] - began)
    hints.close()
    assert sorted(delays)[4] < 0.05

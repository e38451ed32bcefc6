"""What tests of several rooms share: the real samples and the practice environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from xieka.core.paths import Folders
from xieka_demo import Demo, ensure
from xieka_demo.online import PracticeService

SAMPLES = Path(__file__).parent / "samples"

SLOW = ("tests/build/", "tests/ui/", "tests/service/test_", "tests/demo/", "tests/apps/portable/")
"""Files with few tests that start whole programs."""
COLLECTED: pytest.StashKey[frozenset[str]] = pytest.StashKey()
"""The ids of every test this run has found, whichever of them it then runs."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before marks and names take some away; what takes long comes first, so that nothing is waited for at the end."""
    config.stash[COLLECTED] = frozenset(item.nodeid for item in items)
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """One at a time, and none over the tests of other modules: its event loop is the main thread's meanwhile."""
    with sync_playwright() as started:
        yield started


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice environment of its own: two Ukeys on SoftHSM, both plugged, 口令 123456."""

    folders: Folders
    demo: Demo


def folders_under(root: Path) -> Folders:
    """The five folders as `XIEKA_HOME` lays them out, created."""
    return Folders(root / "config", root / "data", root / "cache", root / "log", root / "run").create()


@pytest.fixture(scope="session")
def built_practice(tmp_path_factory: pytest.TempPathFactory) -> Practice:
    """The practice environment, built once. For reading only: tests that change it take `practice`."""
    # A space and Chinese characters, as in many a user's folder.
    folders = folders_under(tmp_path_factory.mktemp("built") / "用户 一")
    return Practice(folders, ensure(folders))


@pytest.fixture
def practice(built_practice: Practice, tmp_path: Path) -> Practice:
    """A copy of the practice environment, for one test to change."""
    return copied(built_practice, tmp_path)


def copied(practice: Practice, into: Path) -> Practice:
    """A copy of it below this folder."""
    folders = folders_under(into / "练习 home")
    shutil.copytree(practice.folders.data, folders.data, dirs_exist_ok=True)
    return Practice(folders, ensure(folders))


@pytest.fixture(scope="session")
def served_once(built_practice: Practice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a practice service that has run, to be copied."""
    from tests import practice_service

    return practice_service.served_once(copied(built_practice, tmp_path_factory.mktemp("served")).folders)


@pytest.fixture
def stopped_service(practice: Practice, served_once: Path) -> Iterator[PracticeService]:
    """The practice service, to be started; whoever does, it is gone after the test."""
    from tests import practice_service

    practice_service.copy_into(practice.folders, served_once)
    service = practice_service.ForkedService(practice.folders)
    service.prepare()
    yield service
    service.stop()


@pytest.fixture
def service(stopped_service: PracticeService) -> PracticeService:
    """The practice service, running."""
    stopped_service.start()
    return stopped_service


@dataclass(frozen=True, slots=True)
class SystemBrowser:
    """Stands before the system's `xdg-open` (`commands` first in PATH) and notes what it is to open."""

    commands: Path
    calls: Path

    def opened(self) -> list[str]:
        """What it was given since `forget`, one argument a call."""
        return self.calls.read_text("utf-8").splitlines() if self.calls.exists() else []

    def forget(self) -> None:
        self.calls.unlink()

    def path(self) -> str:
        """PATH with it in front."""
        return f"{self.commands}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def system_browser(tmp_path: Path) -> SystemBrowser:
    """A record in place of the system's browser."""
    browser = SystemBrowser(tmp_path / "commands", tmp_path / "opened.txt")
    browser.commands.mkdir()
    script = browser.commands / "xdg-open"
    noted = '[ $# = 1 ] || set -- "$# arguments"\nprintf "%s\\n" "$1"'
    script.write_text(f'#!/bin/sh\n{noted} >> "{browser.calls}"\n', "utf-8")
    script.chmod(0o755)
    return browser

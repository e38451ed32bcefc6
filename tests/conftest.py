"""What tests of several rooms share: the real samples and the practice environment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from xieka.core.paths import Folders
from xieka_demo import Demo, ensure

SAMPLES = Path(__file__).parent / "samples"


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
    folders = folders_under(tmp_path / "练习 home")
    shutil.copytree(built_practice.folders.data, folders.data, dirs_exist_ok=True)
    return Practice(folders, ensure(folders))

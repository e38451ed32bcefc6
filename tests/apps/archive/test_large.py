"""A package of 2 GB needs no more memory than a small one; one of 66,000 files is read by its wide directory."""

from __future__ import annotations

import io
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from tests.apps.archive.cage import Cage
from tests.apps.archive.large import make, measured
from tests.apps.archive.raw import ENTRY, GOOD


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("form", ["zip", "tar.xz"])
def test_memory_stays_flat(tmp_path: Path, form: str) -> None:
    if sys.platform != "linux":
        pytest.skip("the peak of a process is read from /proc")
    if shutil.disk_usage(tmp_path).free < 6 << 30:
        pytest.skip("needs 6 GB of free disk")
    package, into = make(tmp_path, form, 2 << 30), tmp_path / "into"
    into.mkdir()
    _, growth = measured(package, form, into)
    shutil.rmtree(into)
    package.unlink()
    assert growth < 30


@pytest.mark.long
def test_more_than_65535_entries_need_the_wide_directory(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 0) as package:
        package.writestr(ENTRY, GOOD)
        for number in range(66_000):
            package.writestr(zipfile.ZipInfo(f"{number % 100}/{number}"), b"")
    cage = Cage(tmp_path)
    assert len(cage.unpack(out.getvalue(), "zip")) == 66_001

"""A package of 2 GB needs no more memory than a small one."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.apps.archive.large import make, measured


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

"""The practice Ukeys behind the fault shim, reached by `--module` like any vendor's library."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Practice
from tests.tokens.shim import Shim
from tests.tokens.softhsm import SoftHsm


@pytest.fixture
def shim(built_practice: Practice, tmp_path: Path) -> Shim:
    """Tokens `1` and `2` of the practice environment, copied; six tries each."""
    hsm = SoftHsm(tmp_path / "hsm", {str(ukey.number): ukey.serial for ukey in built_practice.demo.status()})
    shutil.copytree(built_practice.folders.practice / "tokens", hsm.tokens, dirs_exist_ok=True)
    shim = Shim(hsm)
    shim.control("max=6")
    return shim

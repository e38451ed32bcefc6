from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.osstore import computer


@dataclass(frozen=True)
class Home:
    """A user's home with Chromium's database and one profile of Firefox."""

    root: Path
    shared: Path
    firefox: Path
    modules: Path
    library: Path

    @property
    def lists(self) -> tuple[bytes, bytes]:
        """Both databases' lists of libraries."""
        return (self.shared / "pkcs11.txt").read_bytes(), (self.firefox / "pkcs11.txt").read_bytes()


@pytest.fixture(scope="session")
def fresh_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, for copying."""
    return computer.database(tmp_path_factory.mktemp("nss") / "new")


@pytest.fixture
def home(fresh_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """This process's and its children's home, too."""
    root = tmp_path / "用户 家"
    shared, firefox = root / ".pki" / "nssdb", root / ".mozilla" / "firefox" / "a1b2.default"
    for folder in (shared, firefox):
        shutil.copytree(fresh_database, folder)
    monkeypatch.setenv("HOME", str(root))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    return Home(root, shared, firefox, root / ".config" / "pkcs11" / "modules", computer.library(tmp_path))

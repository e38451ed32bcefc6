"""Where files live: the user's folders, and the frontend and drivers, installed or in a checkout."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """The five folders of one user; `XIEKA_HOME` puts all of them under one folder."""

    config: Path
    data: Path
    cache: Path
    log: Path
    run: Path

    @property
    def practice(self) -> Path:
        """Where the practice environment lives, present or not."""
        return self.data / "demo"

    def create(self) -> Folders:
        """Create all five, readable by the user alone (mode 0700). Returns itself."""
        for folder in (self.config, self.data, self.cache, self.log, self.run):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self


def folders() -> Folders:
    """The folders of this user, from `XIEKA_HOME` or the system's conventions. Creates nothing."""
    home = os.environ.get("XIEKA_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        return Folders(root / "config", root / "data", root / "cache", root / "log", root / "run")
    # Imported here: an explicit home (and so the practice start-up) does without it.
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("xieka", appauthor=False)
    # Without a session's own runtime folder the user's data folder serves: never a guessable one below /tmp.
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    run = Path(runtime) / "xieka" if runtime else dirs.user_data_path / "run"
    return Folders(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_log_path, run)


def bundled(name: str) -> Path:
    """The folder `frontend` or `drivers`, as installed with the package or as it lies in a checkout.

    Raises FileNotFoundError when neither is there (a damaged installation).
    """
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / f"_{name}", package.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(name)

"""Reads and keeps the user's settings; a broken file costs the settings, never the start."""

from __future__ import annotations

import logging
import threading
import tomllib
from contextlib import suppress
from importlib import resources
from pathlib import Path

import tomli_w
from pydantic import ValidationError

from xieka.core import files
from xieka.core.errors import XiekaError
from xieka.settings.models import Profile, Settings

log = logging.getLogger(__name__)


class SettingsService:
    """The settings of one user, kept in `settings.toml` of the config folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "settings.toml"
        self._lock = threading.Lock()
        self._value = self._load()

    @property
    def value(self) -> Settings:
        """The settings now."""
        return self._value

    def change(self, **fields: object) -> Settings:
        """Change some fields, on disk first. Raises XiekaError E-SET-01 when that fails; nothing changes then."""
        with self._lock:
            changed = Settings.model_validate({**self._value.model_dump(), **fields})
            self._save(changed)
            self._value = changed
            return changed

    def reread(self) -> Settings:
        """The settings as the file has them: another process may have changed one. What cannot be read stays."""
        with self._lock:
            with suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError, RecursionError):
                self._value = Settings.model_validate(tomllib.loads(self._path.read_text(encoding="utf-8")))
            return self._value

    def _load(self) -> Settings:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Settings()
        except (OSError, UnicodeDecodeError):
            log.warning("settings cannot be read, using defaults")
            return Settings()
        try:
            return Settings.model_validate(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, ValidationError, RecursionError):
            # Kept for whoever wants to mend it; the next change writes a fresh file.
            log.warning("settings are broken, using defaults; the old file is kept beside it")
            try:
                self._path.replace(self._path.with_suffix(".broken"))
            except OSError:
                log.warning("the broken settings file could not be set aside")
            return Settings()

    def _save(self, settings: Settings) -> None:
        text = tomli_w.dumps(settings.model_dump(exclude_none=True))
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Someone who keeps the file elsewhere and has a link here gets it written there.
            files.write_whole(text.encode(), self._path.resolve(), 0o600)
        except OSError as error:
            raise XiekaError("E-SET-01", path=str(self._path)) from error


def load_profile(name: str) -> Profile:
    """The operator profile of that name, shipped with the program."""
    source = resources.files("xieka.settings").joinpath("profiles", f"{name}.toml")
    return Profile.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))

"""Reads and keeps the user's settings; a broken file costs the settings, never the start."""

from __future__ import annotations

import logging
import threading
import tomllib
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

import tomli_w
from pydantic import ValidationError

from xieka.core import files
from xieka.core.errors import XiekaError
from xieka.core.log import report
from xieka.core.proxy import Mode, ProxySettings
from xieka.settings.models import Profile, Settings

log = logging.getLogger(__name__)


OnChange = Callable[[Settings, Settings], object]
"""Called with what it was and what it is, in the thread that changed it or found it changed; quick, like the bus."""


class SettingsService:
    """The settings of one user, kept in `settings.toml` of the config folder. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "settings.toml"
        self._lock = threading.Lock()
        self._listeners: list[OnChange] = []
        self._replaced: Settings | None = None
        self._value = self._read() or Settings()

    @property
    def value(self) -> Settings:
        """The settings now."""
        return self._value

    def on_change(self, listener: OnChange) -> None:
        """Call `listener` after every later change, this process's or another's that was read."""
        self._listeners.append(listener)

    def change(self, **fields: object) -> Settings:
        """Change some fields, on disk first. Raises XiekaError E-SET-01 when that fails; nothing changes then."""
        return self._replace(lambda now: Settings.model_validate({**now.model_dump(), **fields}))[1]

    def set_proxy(self, mode: Mode, address: str, exceptions: Sequence[str]) -> Settings:
        """How the service is reached: `address` and `exceptions` as a user types them.

        While another mode than `manual` is chosen, the address that was kept stays; with `none`, the exceptions too.

        Raises XiekaError as ProxySettings.checked and `change`.
        """
        # What stands in a field that does not count must not be in the way.
        kept = self.reread()
        url = address if mode == "manual" else kept.proxy_url
        direct = kept.proxy_exceptions if mode == "none" else exceptions
        chosen = ProxySettings(mode, url or None, tuple(direct)).checked()
        return self.change(proxy_mode=chosen.mode, proxy_url=chosen.url, proxy_exceptions=list(chosen.exceptions))

    def reset(self) -> tuple[Settings, Settings]:
        """Every default again (REQ-125); `restore` takes it back. (Before, now). Raises XiekaError as `change`."""
        self._replaced, value = self._replace(lambda _: Settings())
        return self._replaced, value

    def restore(self) -> Settings:
        """What the last `reset` of this run replaced. Raises XiekaError E-SET-02 without one, and as `change`."""
        replaced = self._replaced
        if replaced is None:
            raise XiekaError("E-SET-02")
        value = self._replace(lambda _: replaced)[1]
        self._replaced = None
        return value

    def reread(self) -> Settings:
        """The settings as the file has them: another process may have changed one. What cannot be read stays."""
        with self._lock:
            before = self._value
            self._value = after = self._read(set_aside=False) or before
        self._tell(before, after)
        return after

    def _replace(self, make: Callable[[Settings], Settings]) -> tuple[Settings, Settings]:
        with self._lock:
            before = self._value
            # The whole file is written: what another process has changed since must not be undone by it.
            now = self._read() or before
            after = make(now)
            self._save(after)
            self._value = after
        self._tell(before, after)
        return now, after

    def _tell(self, before: Settings, after: Settings) -> None:
        if before == after:
            return
        for listener in self._listeners:
            try:
                listener(before, after)
            except Exception as error:  # noqa: BLE001 - the change is made; one listener's fault must not deny it
                report(error, "a change of the settings")

    def _read(self, *, set_aside: bool = True) -> Settings | None:
        """What the file says; None when there is none, or none that can be read."""
        try:
            return Settings.model_validate(tomllib.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except OSError:
            log.warning("settings cannot be read")
            return None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError, RecursionError):
            if set_aside:
                # Kept for whoever wants to mend it; the next change writes a fresh file.
                log.warning("settings are broken; the old file is kept beside it")
                try:
                    self._path.replace(self._path.with_suffix(".broken"))
                except OSError:
                    log.warning("the broken settings file could not be set aside")
            return None

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

"""The composition root: builds every service once and wires their events. The only file that knows all rooms."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xieka.core import paths
from xieka.core.clock import Clock, SystemClock
from xieka.core.events import EventBus
from xieka.core.paths import Folders
from xieka.token.drivers import Driver, driver_for_module, load_drivers
from xieka.token.models import Problem
from xieka.token.service import TokenService


def practice_folder(folders: Folders) -> Path:
    """Where the practice environment lives, present or not."""
    return folders.data / "demo"


def drivers(folders: Folders) -> tuple[tuple[Driver, ...], list[Problem]]:
    """The shipped, the user's and the practice drivers, and the manifests among them that cannot be used."""
    faults: list[Problem] = []
    loaded = load_drivers(
        paths.bundled("drivers"),
        folders.config / "drivers",
        practice_folder(folders) / "drivers",
        # One wrong manifest must not cost the others: it is shown beside them.
        on_fault=lambda path, error: faults.append(Problem(path.parent.name, path.parent.name, error.body())),
    )
    return loaded, faults


def start_tokens(
    folders: Folders,
    bus: EventBus,
    *,
    module: Path | None = None,
    env: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> TokenService:
    """The token service, its workers already started: they read on another core while the rest is built.

    `module`: only this PKCS#11 library, with `env` for its worker. Raises XiekaError E-MOD-01 when there is none.
    """
    chosen, faults = drivers(folders) if module is None else ((driver_for_module(module, env),), [])
    tokens = TokenService(chosen, bus, clock or SystemClock(), folders.log, faults=faults)
    tokens.start()
    return tokens


class App:
    """Every service of the client, built around the token service and wired; `close` ends every worker."""

    def __init__(self, folders: Folders, bus: EventBus, tokens: TokenService, clock: Clock | None = None) -> None:
        # Imported here, not above: `start_tokens` runs before these are needed.
        from xieka.content.network import NetworkWatch
        from xieka.settings.service import SettingsService, load_profile
        from xieka.ukey.service import UkeyService

        self.folders = folders
        self.bus = bus
        self.tokens = tokens
        self.clock = clock or SystemClock()
        self.settings = SettingsService(folders.config)
        self.profile = load_profile("demo" if practice_folder(folders).is_dir() else "sheca")
        self.ukeys = UkeyService(tokens, self.settings, bus, self.clock)
        self.network = NetworkWatch(bus, self.clock)

    def refresh(self) -> None:
        """D-07: re-read every Ukey and look at the network, side by side; returns when both are done."""
        with ThreadPoolExecutor(2, thread_name_prefix="refresh") as pool:
            network = pool.submit(self.network.check)
            pool.submit(self.ukeys.refresh).result()
            network.result()

    def close(self) -> None:
        """End workers and threads; at most two seconds."""
        self.network.close()
        self.tokens.close()
        self.bus.close()

"""Downloads on this computer: short pauses, everything that was told, and packages to fetch."""

from __future__ import annotations

import contextlib
import hashlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.core.packages import PackageServer
from xieka.apps.download.fetch import Way
from xieka.apps.download.models import DownloadView, Wanted
from xieka.apps.download.service import Downloads
from xieka.core.clock import Clock, SystemClock
from xieka.core.events import EventBus
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings

PAUSES = (0.01, 0.02, 0.04)


def package(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311


def wanted(server: PackageServer, data: bytes, id_: str = "tool", path: str = "/p.zip") -> Wanted:
    """What the publisher signed: `data`, whatever the server has."""
    return Wanted(id=id_, url=server.url(path), length=len(data), sha256=hashlib.sha256(data).hexdigest())


class House:
    """Started downloads in a folder; `told` is every event with its moment."""

    def __init__(
        self,
        folder: Path,
        online: Callable[[], bool] = lambda: True,
        *,
        pauses: tuple[float, ...] = PAUSES,
        clock: Clock | None = None,
        stall: float = 10.0,
    ) -> None:
        self.folder = folder
        self.told: list[tuple[float, dict[str, Any]]] = []
        self._news = threading.Condition()
        self.http = Http(lambda: ProxySettings("none"), allow_loopback_http=True)
        bus = EventBus()
        bus.on("downloads", self._listen)
        way = Way(self.http, online, pauses, stall)
        self.downloads = Downloads(folder, way, bus, clock or SystemClock())
        self.downloads.start()

    def _listen(self, data: Any) -> None:
        with self._news:
            self.told.append((time.monotonic(), data))
            self._news.notify_all()

    def close(self) -> None:
        self.downloads.close()
        self.http.close()

    def view(self, id_: str = "tool") -> DownloadView | None:
        return next((view for view in self.downloads.views() if view.id == id_), None)

    def wait(self, *states: str, id_: str = "tool", seconds: float = 8.0) -> DownloadView:
        """Until it is in one of these states, and that was told."""

        def there() -> bool:
            view = self.view(id_)
            return view is not None and view.state in states and self.states(id_)[-1:] == [view.state]

        self.until(there, seconds)
        found = self.view(id_)
        assert found is not None
        return found

    def until(self, condition: Callable[[], bool], seconds: float = 8.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.downloads.views()
            with self._news:
                self._news.wait(0.01)

    def states(self, id_: str = "tool") -> list[str]:
        """The states it was told in, repeats left out."""
        found: list[str] = []
        for _, data in self.told:
            if data["id"] == id_ and found[-1:] != [data["state"]]:
                found.append(data["state"])
        return found

    def files(self) -> dict[str, int]:
        """Name → size of what lies in the folder, the lock left out."""
        with contextlib.suppress(FileNotFoundError):
            return {file.name: file.stat().st_size for file in self.folder.iterdir() if file.name != "lock"}
        return self.files()


@contextlib.contextmanager
def house(folder: Path, *args: Any, **kwargs: Any) -> Iterator[House]:
    made = House(folder, *args, **kwargs)
    try:
        yield made
    finally:
        made.close()

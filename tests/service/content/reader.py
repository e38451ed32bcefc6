"""A client of the published repository: python-tuf's own, on files, with a clock of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from tests.service.content.factory import NOW

_BASE = "https://content.example/"


class Reader:
    """Refreshes from `content` (the served folder) as often as it is asked, and remembers what it has seen."""

    def __init__(self, content: Path, folder: Path, root: bytes) -> None:
        self._content = content
        self._folder = folder
        self._root = root
        (folder / "metadata").mkdir(parents=True, exist_ok=True)
        (folder / "targets").mkdir(exist_ok=True)
        self.requests: list[str] = []

    def read(self, now: datetime = NOW) -> dict[str, bytes]:
        """Every target, verified. Raises what python-tuf raises."""
        updater = self.updater(now)
        names = list(updater._trusted_set.targets.targets)
        return {name: self._target(updater, name) for name in names}

    def updater(self, now: datetime = NOW) -> Updater:
        """After a refresh. The `_trusted_set` is private; its clock and its versions are only to be had there."""
        updater = Updater(
            str(self._folder / "metadata"),
            f"{_BASE}metadata/",
            str(self._folder / "targets"),
            f"{_BASE}targets/",
            fetcher=_Files(self._content, self.requests),
            bootstrap=self._root,
        )
        updater._trusted_set.reference_time = now
        updater.refresh()
        return updater

    def versions(self, now: datetime = NOW) -> dict[str, int]:
        """Role → version after a refresh."""
        trusted = self.updater(now)._trusted_set
        return {role: trusted[role].version for role in ("root", "timestamp", "snapshot", "targets")}

    def _target(self, updater: Updater, name: str) -> bytes:
        info = updater.get_targetinfo(name)
        assert info
        return Path(updater.download_target(info)).read_bytes()


class _Files(FetcherInterface):
    def __init__(self, content: Path, requests: list[str]) -> None:
        self._content = content
        self._requests = requests

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = url.removeprefix(_BASE)
        self._requests.append(path)
        try:
            yield (self._content / path).read_bytes()
        except FileNotFoundError as missing:
            raise DownloadHTTPError(path, 404) from missing

"""Signed content from the service (TUF 1.0, python-tuf's ngclient), kept so that only a whole good version counts.

FOLDER/metadata is ngclient's own memory (it is what makes a rollback visible), FOLDER/sets/ID one whole version each,
FOLDER/current.json names the one that counts. A refresh builds a new set beside the current one, opens it exactly as
the next start will, and only then switches.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tuf.api import exceptions as tuf
from tuf.api.metadata import TargetFile
from tuf.ngclient.updater import Updater

from xieka.content.fetcher import Fetcher, Progress
from xieka.content.models import Content
from xieka.content.publishers import fits
from xieka.content.reading import JSON_FILES, read_catalog, read_pictures
from xieka.content.stored import StoredSet, read_target
from xieka.content.trust_errors import told
from xieka.contract.apps import role_of, target_of
from xieka.contract.content import IMAGE_LIMIT, JSON_LIMIT
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.core.http import Http
from xieka.core.lock import FileLock

log = logging.getLogger(__name__)

LOCK_SECONDS = 10.0
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Version:
    """A verified set, and when the service last said that it is the newest.

    Content and pictures (clean PNG by path) are in memory: another process may replace the folder at any time.
    """

    stored: StoredSet
    content: Content
    pictures: Mapping[str, bytes]
    confirmed_at: datetime


class Trust:
    """The signed content of one service, from the root metadata `root` on, kept in `folder`."""

    def __init__(self, root: bytes, folder: Path) -> None:
        self._root = root
        self._folder = folder

    def kept(self) -> Version | None:
        """The last good version, verified anew; None when there is none or it does not stand the test."""
        try:
            current = json.loads((self._folder / "current.json").read_bytes())
            name, confirmed_at = current["set"], datetime.fromisoformat(current["confirmed_at"])
            if confirmed_at.tzinfo is None:
                return None
            stored = StoredSet(self._folder / "sets" / name, self._root)
            return Version(stored, *stored.content(), confirmed_at)
        except (OSError, ValueError, KeyError, TypeError, XiekaError):
            return None

    def refresh(
        self,
        base_url: str,
        http: Http,
        now: datetime,
        on_progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> Version:
        """The newest version, fetched and verified; the one kept before stays when anything fails.

        `base_url` has `metadata/` and `targets/` below it. Raises XiekaError E-CNT-01 … E-CNT-10, E-NET-xx.
        """
        fetcher = Fetcher(http, on_progress, cancel)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked(cancel):
                return self._refresh(base_url.rstrip("/"), fetcher, now)
        except XiekaError:
            raise
        except (tuf.RepositoryError, tuf.DownloadError, OSError) as error:
            raise told(error, self._folder) from error

    def _refresh(self, base_url: str, fetcher: Fetcher, now: datetime) -> Version:
        metadata = self._folder / "metadata"
        metadata.mkdir(exist_ok=True)
        updater = Updater(str(metadata), f"{base_url}/metadata/", fetcher=fetcher, bootstrap=self._root)
        updater.refresh()
        before = self.kept()
        if before is not None and _same_metadata(metadata, before.stored.folder):
            self._point_to(before.stored.folder.name, now)
            return replace(before, confirmed_at=now)
        fresh = self._folder / "sets" / secrets.token_hex(8)
        try:
            self._fill(fresh, updater, fetcher, f"{base_url}/targets", before)
            stored = StoredSet(fresh, self._root)
            version = Version(stored, *stored.content(), now)
            self._point_to(fresh.name, now)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        self._forget_others(fresh.name)
        return version

    def _fill(self, fresh: Path, updater: Updater, fetcher: Fetcher, targets_url: str, before: Version | None) -> None:
        """Put metadata and targets into the new set's folder; what the set before has already is not fetched again."""
        fresh.mkdir(mode=0o700, parents=True)
        for path in _metadata_files(self._folder / "metadata"):
            write_whole(path.read_bytes(), fresh / path.name)
        wanted = [_target(updater, name, JSON_LIMIT) for name in JSON_FILES]
        fetcher.expect(sum(target.length for target in wanted))
        for target in wanted:
            _bring(target, fresh, fetcher, targets_url, before)
        for name in read_catalog(lambda path: (fresh / "targets" / path).read_bytes()).programs:
            self._bring_program(name, fresh, updater, fetcher, targets_url, before)
        pictures = read_pictures(lambda path: (fresh / "targets" / path).read_bytes())
        for picture in pictures.pictures:
            _bring(_target(updater, picture.image, IMAGE_LIMIT), fresh, fetcher, targets_url, before)

    def _bring_program(
        self, name: str, fresh: Path, updater: Updater, fetcher: Fetcher, targets_url: str, before: Version | None
    ) -> None:
        """One program's description and its publisher's metadata. What is wrong with a publisher costs its programs."""
        try:
            target = updater.get_targetinfo(target_of(name))
            if target is None or not fits(target):
                log.warning("the program %s is left out: its publisher does not sign it", name)
                return
            _bring(target, fresh, fetcher, targets_url, before)
        except (tuf.RepositoryError, tuf.DownloadError) as wrong:
            log.warning("the program %s is left out: %s", name, type(wrong).__name__)
            return
        role = f"{role_of(name)}.json"
        write_whole((self._folder / "metadata" / role).read_bytes(), fresh / role)

    def _point_to(self, name: str, now: datetime) -> None:
        current = {"set": name, "confirmed_at": now.isoformat()}
        write_whole(json.dumps(current).encode(), self._folder / "current.json")

    def _forget_others(self, name: str) -> None:
        for folder in (self._folder / "sets").iterdir():
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def _locked(self, cancel: threading.Event | None) -> Iterator[None]:
        """One refresh at a time over all processes. Raises XiekaError E-CNT-09, E-NET-13."""
        lock, waiting = FileLock(self._folder / "lock"), threading.Event()
        for _ in range(round(LOCK_SECONDS / _LOOK_SECONDS)):
            if lock.acquire():
                break
            if (cancel or waiting).wait(_LOOK_SECONDS):
                raise XiekaError("E-NET-13")
        else:
            raise XiekaError("E-CNT-09")
        try:
            yield
        finally:
            lock.release()


def _bring(target: TargetFile, fresh: Path, fetcher: Fetcher, targets_url: str, before: Version | None) -> None:
    data = read_target(before.stored.folder, target) if before else None
    if data is None:
        # Consistent snapshots: the hash stands before the name (TUF 1.0 §6.2).
        with fetcher.download_file(f"{targets_url}/{target.get_prefixed_paths()[0]}", target.length) as file:
            data = file.read()
        target.verify_length_and_hashes(data)
    path = fresh / "targets" / target.path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(data, path)


def _target(updater: Updater, name: str, limit: int) -> TargetFile:
    target = updater.get_targetinfo(name)
    if target is None:
        raise XiekaError("E-CNT-08", name=name)
    if target.length > limit:
        raise XiekaError("E-CNT-05")
    return target


def _metadata_files(metadata: Path) -> list[Path]:
    """What a set needs of ngclient's folder: three roles and the history of roots."""
    return [metadata / f"{role}.json" for role in ("timestamp", "snapshot", "targets")] + sorted(
        (metadata / "root_history").glob("*.root.json")
    )


def _same_metadata(metadata: Path, folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return all((folder / path.name).read_bytes() == path.read_bytes() for path in _metadata_files(metadata))
    return False

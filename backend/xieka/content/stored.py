"""One stored version of the content, verified from the embedded root on at every opening (TUF 1.0 §5).

ngclient always asks the network, so starting offline needs this. Everything is checked but the expiry, which is
reported instead: old content is shown and called old.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, TargetFile, Targets, Timestamp

from xieka.content.images import to_png
from xieka.content.models import Content
from xieka.content.publishers import Publishers
from xieka.content.reading import read_content
from xieka.contract.apps import target_of
from xieka.core.errors import XiekaError

METADATA_LIMIT = 5_000_000
"""Longest metadata file that is read, in bytes."""

S = TypeVar("S", bound=Signed)


class StoredSet:
    """A folder with timestamp, snapshot and targets metadata, newer roots (`N.root.json`) and `targets/`."""

    def __init__(self, folder: Path, root: bytes) -> None:
        """Verify the metadata. Raises XiekaError E-CNT-03 (not what was signed) and OSError."""
        self.folder = folder
        try:
            trusted = _newest_root(folder, Metadata[Root].from_bytes(root).signed)
            timestamp = _signed(Timestamp, _bytes(folder / "timestamp.json"), trusted)
            snapshot_bytes = _bytes(folder / "snapshot.json")
            timestamp.snapshot_meta.verify_length_and_hashes(snapshot_bytes)
            snapshot = _signed(Snapshot, snapshot_bytes, trusted)
            meta = snapshot.meta["targets.json"]
            targets_bytes = _bytes(folder / "targets.json")
            meta.verify_length_and_hashes(targets_bytes)
            targets = _signed(Targets, targets_bytes, trusted)
            if snapshot.version != timestamp.snapshot_meta.version or targets.version != meta.version:
                raise RepositoryError("versions do not fit together")
        except (RepositoryError, KeyError) as wrong:
            raise XiekaError("E-CNT-03") from wrong
        self._targets = targets.targets
        self.publishers = Publishers(folder, targets, snapshot)
        self.expires: datetime = min(one.expires for one in (trusted, timestamp, snapshot, targets))
        """The first moment at which any of the signatures is too old."""

    def read(self, path: str) -> bytes:
        """A target, its length and hash verified. Raises XiekaError E-CNT-03, E-CNT-08 (there is none)."""
        target = self.publishers.target(path) if path.startswith("apps/") else self._targets.get(path)
        if target is None:
            raise XiekaError("E-CNT-08", name=path)
        data = read_target(self.folder, target)
        if data is None:
            raise XiekaError("E-CNT-03")
        return data

    def content(self) -> tuple[Content, dict[str, bytes]]:
        """Everything in it, checked, and its pictures as clean PNG by path. Raises XiekaError E-CNT-03, E-CNT-08."""
        content = read_content(self.read)
        programs = self.publishers.offers(content.catalog.programs, dict(self._programs(content)))
        content = replace(content, programs=programs)
        paths = [picture.image for picture in content.pictures.pictures]
        return content, {path: to_png(self.read(path), path) for path in paths}

    def _programs(self, content: Content) -> Iterator[tuple[str, bytes]]:
        for name in content.catalog.programs:
            with contextlib.suppress(XiekaError):
                yield target_of(name), self.read(target_of(name))


def read_target(folder: Path, target: TargetFile) -> bytes | None:
    """A set's file for a target, None when it is not there or not exactly that."""
    try:
        data = _bytes(folder / "targets" / target.path, target.length)
        target.verify_length_and_hashes(data)
    except (OSError, RepositoryError):
        return None
    return data


def _newest_root(folder: Path, root: Root) -> Root:
    """From the embedded root along the stored ones, each signed by the one before it and by itself."""
    while (path := folder / f"{root.version + 1}.root.json").exists():
        data = _bytes(path)
        following = _signed(Root, data, root)
        _signed(Root, data, following)
        if following.version != root.version + 1:
            raise RepositoryError("root version")
        root = following
    return root


def _signed(kind: type[S], data: bytes, root: Root) -> S:
    metadata = Metadata[kind].from_bytes(data)  # type: ignore[valid-type]
    if not isinstance(metadata.signed, kind):
        raise RepositoryError("another kind of metadata")
    root.verify_delegate(kind.type, metadata.signed_bytes, metadata.signatures)
    return metadata.signed


def _bytes(path: Path, limit: int = METADATA_LIMIT) -> bytes:
    with path.open("rb") as file:
        # One byte more than allowed is enough to fail the length check that follows.
        data = file.read(limit + 1)
    if len(data) > limit:
        raise RepositoryError("too long")
    return data

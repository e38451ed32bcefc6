"""What is published now, read back and verified as a client would, expiry aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from xieka.core.errors import XiekaError

S = TypeVar("S", Root, Timestamp, Snapshot, Targets)


@dataclass(frozen=True, slots=True)
class State:
    """The repository as its timestamp describes it; later files are the leftovers of an interrupted publish."""

    root: Root
    targets: Targets
    snapshot: Snapshot
    timestamp: Timestamp
    stale: frozenset[str]
    """Roles that only an earlier root's keys have signed: a rotation without the old key was interrupted."""


def read(metadata: Path) -> State:
    """Raises XiekaError E-PUB-04 with the name of the first file that is missing, damaged or not signed."""
    roots = _roots(metadata)
    stale: set[str] = set()
    timestamp = _read(metadata / "timestamp.json", Timestamp, roots, stale)
    snapshot_path = metadata / f"{timestamp.snapshot_meta.version}.snapshot.json"
    snapshot = _read(snapshot_path, Snapshot, roots, stale, timestamp.snapshot_meta.verify_length_and_hashes)
    meta = snapshot.meta["targets.json"]
    targets = _read(metadata / f"{meta.version}.targets.json", Targets, roots, stale, meta.verify_length_and_hashes)
    return State(roots[-1].signed, targets, snapshot, timestamp, frozenset(stale))


def _roots(folder: Path) -> list[Metadata[Root]]:
    """Every root from the first on, each signed by the one before it and by itself."""
    roots: list[Metadata[Root]] = []
    for version in count(1):
        path = folder / f"{version}.root.json"
        if roots and not path.exists():
            return roots
        try:
            root = Metadata[Root].from_bytes(path.read_bytes())
            if not isinstance(root.signed, Root) or root.signed.version != version:
                raise XiekaError("E-PUB-04", name=path.name)
            for delegator in {id(one): one for one in (roots[-1] if roots else root, root)}.values():
                delegator.signed.verify_delegate("root", root.signed_bytes, root.signatures)
        except (OSError, DeserializationError, RepositoryError) as error:
            raise XiekaError("E-PUB-04", name=path.name) from error
        roots.append(root)
    raise AssertionError("count() ends")


def _read(
    path: Path,
    kind: type[S],
    roots: list[Metadata[Root]],
    stale: set[str],
    check: Callable[[bytes], None] | None = None,
) -> S:
    try:
        data = path.read_bytes()
        if check:
            check(data)
        metadata = Metadata[S].from_bytes(data)
    except (OSError, DeserializationError, RepositoryError) as error:
        raise XiekaError("E-PUB-04", name=path.name) from error
    if not isinstance(metadata.signed, kind):
        raise XiekaError("E-PUB-04", name=path.name)
    for root in reversed(roots):
        try:
            root.signed.verify_delegate(metadata.signed.type, metadata.signed_bytes, metadata.signatures)
        except RepositoryError:
            continue
        if root is not roots[-1]:
            stale.add(metadata.signed.type)
        return metadata.signed
    raise XiekaError("E-PUB-04", name=path.name)

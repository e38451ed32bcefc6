"""Removing files that no client can be in the middle of fetching any more."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from tuf.api.metadata import Metadata, Snapshot, TargetFile, Targets
from tuf.api.serialization import DeserializationError

_VERSIONED = re.compile(r"([1-9][0-9]*)\.(targets|snapshot)\.json")
_PUBLISHER = re.compile(r"pub-[a-z0-9-]+\.json")
_ALWAYS = re.compile(r"timestamp\.json|[1-9][0-9]*\.root\.json")


def target_names(target: TargetFile) -> list[str]:
    """Paths inside the repository under which a target is served: its hash before its name (TUF 1.0 §6.2)."""
    return [f"targets/{path}" for path in target.get_prefixed_paths()]


def prune(folder: Path, keep: int) -> None:
    """Leave the last `keep` versions of targets and snapshot with all they name, every root, and nothing else.

    Of a publisher who left, snapshots name the metadata for ever; but no client asks for what nobody delegates to it.

    Nothing depends on its success: what cannot be removed now is removed the next time.
    """
    with contextlib.suppress(OSError):
        kept = _kept(folder / "metadata", keep)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.relative_to(folder).as_posix() not in kept:
                path.unlink(missing_ok=True)


def _kept(metadata: Path, keep: int) -> set[str]:
    versions: dict[str, list[int]] = {"targets": [], "snapshot": []}
    kept: set[str] = set()
    for path in metadata.iterdir():
        if match := _VERSIONED.fullmatch(path.name):
            versions[match[2]].append(int(match[1]))
        elif _ALWAYS.fullmatch(path.name):
            kept.add(f"metadata/{path.name}")
    for role, found in versions.items():
        kept |= {f"metadata/{version}.{role}.json" for version in sorted(found)[-keep:]}
    for version in sorted(versions["targets"])[-keep:]:
        kept |= _named(metadata / f"{version}.targets.json")
    for version in sorted(versions["snapshot"])[-keep:]:
        for name in _releases(metadata, version):
            kept |= {f"metadata/{name}"} | _named(metadata / name)
    return kept


def _releases(metadata: Path, version: int) -> list[str]:
    """The files of the publishers' roles that a snapshot names and its targets delegate to."""
    with contextlib.suppress(DeserializationError):
        meta = Metadata[Snapshot].from_bytes((metadata / f"{version}.snapshot.json").read_bytes()).signed.meta
        roles = _delegated(metadata / f"{meta['targets.json'].version}.targets.json")
        return [
            f"{file.version}.{name}"
            for name, file in meta.items()
            if _PUBLISHER.fullmatch(name) and (roles is None or name.removesuffix(".json") in roles)
        ]
    return []


def _delegated(targets: Path) -> set[str] | None:
    """The roles that targets delegate to; None: they cannot be read, so nobody is known to have left."""
    with contextlib.suppress(DeserializationError, OSError):
        delegations = Metadata[Targets].from_bytes(targets.read_bytes()).signed.delegations
        return set(delegations.roles or ()) if delegations else set()
    return None


def _named(metadata: Path) -> set[str]:
    # An old version that was damaged names nothing; the current one has just been verified.
    with contextlib.suppress(DeserializationError, OSError):
        targets = Metadata[Targets].from_bytes(metadata.read_bytes()).signed.targets
        return {name for target in targets.values() for name in target_names(target)}
    return set()

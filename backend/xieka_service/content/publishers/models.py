"""A publisher's checked release, and what the operator signs about its publisher."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from securesystemslib.signer import Key
from tuf.api.metadata import DelegatedRole, Delegations, MetaFile, Targets

from xieka.contract.apps import Program, role_of

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Release:
    """One checked release."""

    publisher: str
    key: Key
    metadata: bytes
    signed: Targets
    files: Mapping[str, Path]
    """Target path → file."""
    programs: tuple[Program, ...]

    @property
    def role(self) -> str:
        """The delegated role's name."""
        return role_of(self.publisher)

    @property
    def meta(self) -> MetaFile:
        """What the snapshot says of it."""
        return MetaFile.from_data(self.signed.version, self.metadata, ["sha256"])


def delegations(releases: tuple[Release, ...]) -> Delegations | None:
    """Each publisher's key for its own folder and no other; None without publishers."""
    if not releases:
        return None
    keys = {release.key.keyid: release.key for release in releases}
    return Delegations(keys, {release.role: delegation(release.publisher, release.key) for release in releases})


def delegation(publisher: str, key: Key) -> DelegatedRole:
    """The publisher's key for its own folder and no other."""
    # Terminating: nobody after it is asked for what it does not have.
    return DelegatedRole(role_of(publisher), [key.keyid], 1, True, paths=[f"apps/{publisher}/*"])


def sha256(path: Path) -> str:
    """Hex of a file's hash, a piece at a time. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()

"""A change to the repository, worked out in memory before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Delegations, Metadata, MetaFile, Root, Signed, Snapshot, TargetFile, Targets, Timestamp

from xieka_service.content.policy import Policy
from xieka_service.content.prune import target_names
from xieka_service.content.publishers.models import Release
from xieka_service.content.state import State

S = TypeVar("S", Root, Targets, Snapshot, Timestamp)
File = tuple[str, bytes | Path]
"""A path inside the repository and its content, or the file that has it."""


@dataclass(slots=True)
class Draft:
    """Files of a change in the order of writing."""

    policy: Policy
    now: datetime
    files: list[File] = field(default_factory=list)
    targets_meta: MetaFile | None = None
    released: dict[str, MetaFile] = field(default_factory=dict)
    """File names of publishers' roles → what the snapshot shall say of them."""
    snapshot_meta: MetaFile | None = None

    def root(self, root: Root, signers: Iterable[CryptoSigner]) -> None:
        """The next version of `root`, which is changed."""
        root.version += 1
        root.expires = self.policy.expires("root", self.now)
        self.add(f"{root.version}.root.json", root, signers)

    def targets(
        self,
        before: Targets | None,
        contents: Mapping[str, bytes] | None,
        signers: Iterable[CryptoSigner],
        publishers: Delegations | None = None,
    ) -> None:
        """The version after `before`; `contents` None: with the same targets and publishers."""
        files = dict(before.targets) if before else {}
        if contents is None and before:
            publishers = before.delegations
        if contents is not None:
            files = {path: TargetFile.from_data(path, data, ["sha256"]) for path, data in contents.items()}
            self.files += [(name, contents[path]) for path, file in files.items() for name in target_names(file)]
        expires = self.policy.expires("targets", self.now)
        signed = Targets(_after(before), expires=expires, targets=files, delegations=publishers)
        self.targets_meta = self.add(f"{signed.version}.targets.json", signed, signers)

    def release(self, release: Release) -> None:
        """A publisher's packages and its metadata, as it signed them."""
        targets = release.signed.targets
        self.files += [(name, path) for key, path in release.files.items() for name in target_names(targets[key])]
        self.files.append((f"metadata/{release.signed.version}.{release.role}.json", release.metadata))
        self.released[f"{release.role}.json"] = release.meta

    def snapshot(self, before: Snapshot | None, signers: Iterable[CryptoSigner]) -> None:
        """The version after `before`, naming the draft's targets and releases if it has any.

        What a snapshot once named, the next ones name as well: clients take its absence for an attack (TUF 1.0 §5.5.5).
        """
        meta = {**(before.meta if before else {}), **self.released}
        if self.targets_meta:
            meta["targets.json"] = self.targets_meta
        signed = Snapshot(_after(before), expires=self.policy.expires("snapshot", self.now), meta=meta)
        self.snapshot_meta = self.add(f"{signed.version}.snapshot.json", signed, signers)

    def timestamp(self, before: Timestamp | None, signers: Iterable[CryptoSigner]) -> None:
        """The version after `before`, naming the draft's snapshot if it has one. To be the last of a draft."""
        meta = self.snapshot_meta or (before.snapshot_meta if before else None)
        signed = Timestamp(_after(before), expires=self.policy.expires("timestamp", self.now), snapshot_meta=meta)
        self.add("timestamp.json", signed, signers)

    def again(self, role: str, state: State, signers: Iterable[CryptoSigner]) -> None:
        """The same content in a new version."""
        if role == "targets":
            self.targets(state.targets, None, signers)
        elif role == "snapshot":
            self.snapshot(state.snapshot, signers)
        else:
            self.timestamp(state.timestamp, signers)

    def add(self, name: str, signed: S, signers: Iterable[CryptoSigner]) -> MetaFile:
        """One file of metadata, signed by all `signers`."""
        metadata = Metadata(signed)
        for signer in signers:
            metadata.sign(signer, append=True)
        data = metadata.to_bytes()
        self.files.append((f"metadata/{name}", data))
        return MetaFile.from_data(signed.version, data, ["sha256"])


def _after(before: Signed | None) -> int:
    return before.version + 1 if before else 1

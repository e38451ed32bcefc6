"""The signed repository on disk (TUF 1.0, consistent snapshots).

Every change is first worked out in memory (so a missing key stops it before anything is touched) and then written in an
order in which each step leaves a repository that clients accept: new files first, `timestamp.json`, which makes them
current, last. Whoever is interrupted in between leaves files that nobody asks for; the next change writes over them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Root, TargetFile

from xieka.core.errors import XiekaError
from xieka.core.files import copy_whole, write_whole
from xieka_service.content.draft import Draft, File
from xieka_service.content.edition import Content
from xieka_service.content.keys import ROLES, KeyFolder
from xieka_service.content.policy import Policy
from xieka_service.content.prune import prune, target_names
from xieka_service.content.publishers.models import Release, delegations, sha256
from xieka_service.content.state import State, read

_SIGNED_AFTER: dict[str, tuple[str, ...]] = {
    "root": (),
    "targets": ("targets", "snapshot", "timestamp"),
    "snapshot": ("snapshot", "timestamp"),
    "timestamp": ("timestamp",),
}
"""Role → what has to be signed anew with its new key, in this order."""


@dataclass(frozen=True, slots=True)
class Repository:
    """`folder` holds metadata/ and targets/. Call it with the lock held (lock.exclusive).

    Every method raises XiekaError E-PUB-02 … E-PUB-07 and then has changed nothing, but for E-PUB-06 (a write failed),
    after which the last published state still stands.
    """

    folder: Path
    keys: KeyFolder
    policy: Policy

    @property
    def exists(self) -> bool:
        """Whether anything was ever published here."""
        return self.metadata.is_dir()

    @property
    def metadata(self) -> Path:
        """Where metadata is served from."""
        return self.folder / "metadata"

    def state(self) -> State:
        """What is published now. Raises XiekaError E-PUB-04, E-PUB-08."""
        if not self.exists:
            raise XiekaError("E-PUB-08")
        return read(self.metadata)

    def create(self, content: Content, now: datetime) -> None:
        """The first version: keys where there are none, root, content. The whole folder appears at once."""
        if not self.keys.has("root") and any(self.keys.has(role) for role in ROLES):
            # The root was taken away: a new one would be a stranger to every client there is.
            raise XiekaError("E-PUB-02", role="root", folder=str(self.keys.folder))
        if damaged := [name for role in ROLES for name in self.keys.damaged(role)]:
            raise XiekaError("E-PUB-03", name="、".join(damaged), folder=str(self.keys.folder))
        root = Root(version=1, expires=self.policy.expires("root", now), consistent_snapshot=True)
        try:
            signers = {role: self.keys.all(role) for role in ROLES}
            for role in ROLES:
                wanted = self.policy.root_keys if role == "root" else 1
                signers[role] += [self.keys.create(role) for _ in range(wanted - len(signers[role]))]
        except OSError as error:
            raise XiekaError("E-PUB-06", path=str(self.keys.folder)) from error
        for role in ROLES:
            for signer in signers[role]:
                root.add_key(signer.public_key, role)
        root.roles["root"].threshold = self.policy.root_threshold
        draft = Draft(self.policy, now)
        draft.add("1.root.json", root, signers["root"])
        for release in content.releases:
            draft.release(release)
        draft.targets(None, content.targets(), signers["targets"], delegations(content.releases))
        draft.snapshot(None, signers["snapshot"])
        draft.timestamp(None, signers["timestamp"])
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        try:
            shutil.rmtree(fresh, ignore_errors=True)
            _write(fresh, draft.files)
            if self.folder.is_dir():
                self.folder.rmdir()
            fresh.rename(self.folder)
        except OSError as error:
            raise XiekaError("E-PUB-06", path=str(self.folder)) from error

    def update(self, state: State, content: Content, now: datetime) -> bool:
        """Publish `content` in place of what is there. False when nothing had to be signed anew.

        Raises XiekaError E-PUB-09 for a publisher's release that is older than the one that is published.
        """
        draft = Draft(self.policy, now)
        targets, publishers = content.targets(), delegations(content.releases)
        for release in content.releases:
            self._take(release, state, draft)
        wanted = {path: TargetFile.from_data(path, data, ["sha256"]) for path, data in targets.items()}
        if (
            wanted != state.targets.targets
            or publishers != state.targets.delegations
            or "targets" in state.stale
            or self.policy.is_due("targets", state.targets.expires, now)
        ):
            draft.targets(state.targets, targets, self._signers("targets", state, now), publishers)
        elif missing := self._missing(targets, wanted):
            # Someone has damaged the files: the same bytes are put back, nothing needs a signature.
            draft.files += missing
        return self._finish(state, draft, now)

    def _take(self, release: Release, state: State, draft: Draft) -> None:
        """Put a release that is not the published one into the draft; of the published one only what is damaged."""
        known = state.snapshot.meta.get(f"{release.role}.json")
        if known is not None and release.meta != known and release.signed.version <= known.version:
            raise XiekaError("E-PUB-09", publisher=release.publisher, version=release.signed.version)
        if known is None or release.meta != known:
            draft.release(release)
            return
        name = f"metadata/{release.signed.version}.{release.role}.json"
        if not _holds(self.folder / name, release.metadata):
            draft.files.append((name, release.metadata))
        draft.files += [
            (name, path)
            for key, path in release.files.items()
            for name in target_names(release.signed.targets[key])
            if not _same_file(self.folder / name, path)
        ]

    def resign(self, state: State, now: datetime) -> bool:
        """Sign timestamp and snapshot anew where it is time. False when it is not."""
        return self._finish(state, Draft(self.policy, now), now)

    def renew_root(self, state: State, now: datetime) -> None:
        """The same root keys for another term."""
        root = _copy(state.root)
        signers = self.keys.signers("root", state.root)
        draft = Draft(self.policy, now)
        draft.root(root, signers)
        self._commit(draft)

    def rotate(self, state: State, role: str, now: datetime) -> None:
        """New key(s) for `role`; clients follow by themselves, because the old root signs the new one.

        With the old key at hand the role is first signed by both, so that there is no moment at which a client finds
        the two apart. Without it (lost) the new root comes first, and what is not yet signed with the new key is
        signed at once, or by the next publish. To be used for timestamp and snapshot after a restored backup as well:
        clients then no longer compare versions with what they remember.
        """
        signing_root = self.keys.signers("root", state.root)
        others = {name: self.keys.signers(name, state.root) for name in _SIGNED_AFTER[role] if name != role}
        old = [] if role == "root" else self.keys.trusted(role, state.root)
        if len(old) < state.root.roles[role].threshold:
            old = []
        root = _copy(state.root)
        new = self._replace_keys(root, role)
        signing, rooting = Draft(self.policy, now), Draft(self.policy, now)
        for name in _SIGNED_AFTER[role]:
            signing.again(name, state, [*old, *new] if name == role else others[name])
        rooting.root(root, [*signing_root, *new] if role == "root" else signing_root)
        for draft in (signing, rooting) if old else (rooting, signing):
            self._commit(draft)
        try:
            self.keys.forget(role, root)
        except OSError as error:
            raise XiekaError("E-PUB-06", path=str(self.keys.folder)) from error

    def _replace_keys(self, root: Root, role: str) -> list[CryptoSigner]:
        try:
            new = [self.keys.create(role) for _ in range(self.policy.root_keys if role == "root" else 1)]
        except OSError as error:
            raise XiekaError("E-PUB-06", path=str(self.keys.folder)) from error
        for keyid in list(root.roles[role].keyids):
            root.revoke_key(keyid, role)
        for signer in new:
            root.add_key(signer.public_key, role)
        if role == "root":
            root.roles[role].threshold = self.policy.root_threshold
        return new

    def _finish(self, state: State, draft: Draft, now: datetime) -> bool:
        """Snapshot and timestamp behind what `draft` holds, as far as needed; then everything is written."""
        due = {
            role: role in state.stale or self.policy.is_due(role, signed.expires, now)
            for role, signed in (("snapshot", state.snapshot), ("timestamp", state.timestamp))
        }
        if draft.targets_meta or draft.released or due["snapshot"]:
            draft.snapshot(state.snapshot, self._signers("snapshot", state, now))
        if draft.snapshot_meta or due["timestamp"]:
            draft.timestamp(state.timestamp, self._signers("timestamp", state, now))
        self._commit(draft)
        if draft.files:
            prune(self.folder, self.policy.keep)
        return bool(draft.files)

    def _signers(self, role: str, state: State, now: datetime) -> list[CryptoSigner]:
        if state.root.is_expired(now):
            raise XiekaError("E-PUB-07")
        return self.keys.signers(role, state.root)

    def _missing(self, targets: Mapping[str, bytes], wanted: Mapping[str, TargetFile]) -> list[File]:
        return [
            (name, targets[path])
            for path, target in wanted.items()
            for name in target_names(target)
            if not _holds(self.folder / name, targets[path])
        ]

    def _commit(self, draft: Draft) -> None:
        try:
            _write(self.folder, draft.files)
        except OSError as error:
            raise XiekaError("E-PUB-06", path=str(self.folder)) from error


def _write(folder: Path, files: Iterable[File]) -> None:
    for name, data in files:
        path = folder / name
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if isinstance(data, bytes):
            write_whole(data, path)
        else:
            copy_whole(data, path)


def _copy(root: Root) -> Root:
    return Root.from_dict(root.to_dict())


def _same_file(path: Path, other: Path) -> bool:
    try:
        return path.stat().st_size == other.stat().st_size and sha256(path) == sha256(other)
    except OSError:
        return False


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False

"""Programs of the catalog: signed by their publishers, whom the operator's signature confines to their own folder."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Snapshot, TargetFile, Targets

from xieka.content.models import Offer, PackageFile
from xieka.contract.apps import PACKAGE_LIMIT, Program, role_of, target_of
from xieka.contract.content import JSON_LIMIT
from xieka.core.errors import XiekaError

log = logging.getLogger(__name__)

METADATA_LIMIT: Final = 2_000_000
"""Bytes of a publisher's metadata."""


class Publishers:
    """The publishers' metadata in a set's folder, as far as it holds: one that does not costs only its own programs."""

    def __init__(self, folder: Path, targets: Targets, snapshot: Snapshot) -> None:
        """`targets`, `snapshot`: verified already."""
        self._roles: dict[str, Targets] = {}
        for role in targets.delegations.roles or {} if targets.delegations else {}:
            try:
                self._roles[role] = _verified(folder / f"{role}.json", role, targets, snapshot)
            except FileNotFoundError:
                continue
            except (OSError, RepositoryError, KeyError) as wrong:
                log.warning("the programs of %s are left out: %s", role, type(wrong).__name__)
        self._delegated = targets

    def target(self, path: str) -> TargetFile | None:
        """What the publisher of this folder, and nobody else, signed of a target below `apps/`."""
        role = role_of(path.removeprefix("apps/"))
        signed, delegations = self._roles.get(role), self._delegated.delegations
        if signed is None or delegations is None or delegations.roles is None:
            return None
        return signed.targets.get(path) if delegations.roles[role].is_delegated_path(path) else None

    def offers(self, names: Iterable[str], files: Mapping[str, bytes]) -> tuple[Offer, ...]:
        """Every program of `names` whose description (bytes by target path, verified) is there and fits."""
        found = (self._offer(name, files.get(target_of(name))) for name in names)
        return tuple(offer for offer in found if offer is not None)

    def _offer(self, name: str, description: bytes | None) -> Offer | None:
        if description is None:
            return None
        try:
            program = read_program(name, description)
        except XiekaError:
            log.warning("the program %s is left out: not what it should be", name)
            return None
        packages = {package.target: self.target(package.target) for package in program.packages if package.target}
        if any(
            file is None or "sha256" not in file.hashes or file.length > PACKAGE_LIMIT for file in packages.values()
        ):
            log.warning("the program %s is left out: a package is not signed", name)
            return None
        files = {path: PackageFile(file.length, file.hashes["sha256"]) for path, file in packages.items() if file}
        return Offer(program, files, self._roles[role_of(name)].expires)


def read_program(name: str, description: bytes) -> Program:
    """A program's description. Raises XiekaError E-CNT-08 when it is none, or that of another program."""
    try:
        program = Program.model_validate_json(description)
    except ValidationError as wrong:
        raise XiekaError("E-CNT-08", name=name) from wrong
    if program.full_name != name:
        raise XiekaError("E-CNT-08", name=name)
    return program


def fits(target: TargetFile | None) -> bool:
    """Whether a program's description is there to be fetched."""
    return target is not None and target.length <= JSON_LIMIT


def _verified(path: Path, role: str, targets: Targets, snapshot: Snapshot) -> Targets:
    with path.open("rb") as file:
        data = file.read(METADATA_LIMIT + 1)
    meta = snapshot.meta[path.name]
    meta.verify_length_and_hashes(data)
    metadata = Metadata[Targets].from_bytes(data)
    targets.verify_delegate(role, metadata.signed_bytes, metadata.signatures)
    if metadata.signed.version != meta.version:
        raise RepositoryError("versions do not fit together")
    return metadata.signed

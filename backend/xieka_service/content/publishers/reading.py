"""A publisher's signed release: programs and packages as the operator finds them in `publishers/NAME/`.

`key.json` is the publisher's public key, `pub-NAME.json` its targets metadata (TUF 1.0 §4.5), `files/` the targets by
the last part of their path. The operator signs that this key may speak for `apps/NAME/*`, and never for the packages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from securesystemslib.signer import Key
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Delegations, Metadata, TargetFile, Targets

from xieka.contract.apps import PACKAGE_LIMIT, Program, full_name, role_of, target_of
from xieka.contract.content import JSON_LIMIT
from xieka_service.content.publishers.models import Release, delegation, sha256
from xieka_service.content.source.mistakes import Report

FOLDER = "publishers"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_KEY_LIMIT = 10_000
_METADATA_LIMIT = 2_000_000


def read_releases(source: Path, report: Report, now: datetime) -> tuple[Release, ...]:
    """Every release below `publishers/`, in the order of names. What is wrong goes to the report."""
    folder = source / FOLDER
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.iterdir()):
        where = f"{FOLDER}/{path.name}"
        if not path.is_dir() or not NAME.fullmatch(path.name):
            report.add(where, 0, "file_stray")
            continue
        try:
            found.append(_read(path, now))
        except _WrongError as wrong:
            report.add(f"{where}/{wrong.file}", 0, wrong.key, **wrong.params)
    return tuple(found)


class _WrongError(Exception):
    def __init__(self, file: str, key: str, **params: object) -> None:
        super().__init__(key)
        self.file, self.key, self.params = file, key, params


def _read(folder: Path, now: datetime) -> Release:
    publisher, name = folder.name, f"{role_of(folder.name)}.json"
    data = _bytes(folder, "key.json", _KEY_LIMIT)
    try:
        described = json.loads(data)
        key = Key.from_dict(described.pop("keyid"), described)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _WrongError("key.json", "release_key") from None
    metadata = _bytes(folder, name, _METADATA_LIMIT)
    try:
        parsed = Metadata[Targets].from_bytes(metadata)
        if not isinstance(parsed.signed, Targets):
            raise _WrongError(name, "release_signature")
        role = delegation(publisher, key)
        asking = Targets(delegations=Delegations({key.keyid: key}, {role.name: role}))
        asking.verify_delegate(role.name, parsed.signed_bytes, parsed.signatures)
    except RepositoryError:
        raise _WrongError(name, "release_signature") from None
    signed = parsed.signed
    if signed.is_expired(now):
        raise _WrongError(name, "release_expired", date=signed.expires.date())
    if signed.delegations is not None:
        raise _WrongError(name, "release_delegates")
    files = {path: _file(folder, publisher, target) for path, target in signed.targets.items()}
    known = {f"files/{path.name}" for path in files.values()} | {"key.json", name}
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in known:
            raise _WrongError(path.relative_to(folder).as_posix(), "file_stray")
    return Release(publisher, key, metadata, signed, files, tuple(_programs(publisher, files)))


def _file(folder: Path, publisher: str, target: TargetFile) -> Path:
    prefix, _, name = target.path.rpartition("/")
    if prefix != f"apps/{publisher}" or not name or name.startswith("."):
        raise _WrongError(f"{role_of(publisher)}.json", "release_outside", path=target.path)
    path = folder / "files" / name
    where = f"files/{name}"
    if path.is_symlink() or not path.is_file():
        raise _WrongError(where, "file_missing")
    if target.length > (JSON_LIMIT if name.endswith(".json") else PACKAGE_LIMIT):
        raise _WrongError(where, "release_large")
    if (
        set(target.hashes) != {"sha256"}
        or path.stat().st_size != target.length
        or sha256(path) != target.hashes["sha256"]
    ):
        raise _WrongError(where, "release_file")
    return path


def _programs(publisher: str, files: Mapping[str, Path]) -> Iterator[Program]:
    named: set[str] = set()
    for target, path in files.items():
        if not target.endswith(".json"):
            continue
        where = f"files/{path.name}"
        try:
            program = Program.model_validate_json(path.read_bytes())
        except ValidationError as wrong:
            field = ".".join(str(part) for part in wrong.errors()[0]["loc"])
            raise _WrongError(where, "release_program", field=field) from None
        if program.publisher != publisher or target != target_of(full_name(publisher, program.id)):
            raise _WrongError(where, "release_publisher", publisher=program.publisher, id=program.id)
        for package in program.packages:
            if package.target is not None and package.target not in files:
                raise _WrongError(where, "release_package", path=package.target)
            named.add(package.target or "")
        yield program
    for target, path in files.items():
        if not target.endswith(".json") and target not in named:
            raise _WrongError(f"files/{path.name}", "file_stray")


def _bytes(folder: Path, name: str, limit: int) -> bytes:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise _WrongError(name, "file_missing")
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise _WrongError(name, "file_long", limit=limit // 1000)
    return data

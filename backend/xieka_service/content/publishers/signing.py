"""The publisher's side: from plain program folders to a signed release (see reading.py).

SOURCE/ID/program.toml describes a program, its package files lie beside it. Nothing of the operator is needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from tuf.api.metadata import Metadata, TargetFile, Targets

from xieka.contract.apps import Archive, Program, role_of, target_of
from xieka.core.errors import XiekaError
from xieka_service.content.keys import KeyFolder
from xieka_service.content.publishers import debian, history, output
from xieka_service.content.publishers.models import sha256
from xieka_service.content.publishers.packages import unpacked_size
from xieka_service.content.publishers.reading import NAME
from xieka_service.content.source.forms import ORIGIN, fill, known, tables, with_origin
from xieka_service.content.source.mistakes import Report
from xieka_service.content.source.reading import Sheet, read_sheet

LIFE = timedelta(days=365)
"""How long a release counts; sign a new one before."""
_PROGRAM = (
    "publisher_name", "name", "short", "version", "summary", "description", "warnings", "icon", "tone", "packages",
    *ORIGIN,
)  # fmt: skip
_PACKAGE = ("platform", "file", "install")
_DAMAGED = "E-PKG-21"
_NO_ENTRY = "E-PKG-23"


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed."""

    version: int
    programs: int
    expires: datetime
    changed: bool
    """False: the release is there already with the same content and more than half of its life."""


def sign_release(
    source: Path, publisher: str, keys: Path, out: Path, now: datetime, *, last_version: int | None = None
) -> Signed:
    """Check every program of SOURCE and write the release to OUT, with the publisher's key in KEYS (made if missing).

    Its version is the one after the last, which is noted beside the key; `last_version` says so where the note is not.
    Raises SourceErrors with every mistake, XiekaError E-PUB-03 (damaged key), E-PUB-04 (the release in OUT is damaged),
    E-PUB-06 (cannot write), E-PUB-10 (the last version is not known), E-PUB-11 (OUT holds something else), E-DSK-01 and
    E-INS-19 (no room to unpack a package for a look). The release before stays then.
    """
    report = Report()
    if not NAME.fullmatch(publisher):
        report.add(publisher, 0, "shape_id", field="--name")
        report.finish()
    files: dict[str, bytes | Path] = {}
    programs = [_program(source, folder.name, publisher, files, report, now) for folder in _folders(source, report)]
    report.finish()
    folder = KeyFolder(keys)
    role = role_of(publisher)
    try:
        _apart(keys, out)
        before = output.earlier(out, role)
        last = _last(folder, role, before, last_version)
        signer = next(iter(folder.all(role)), None) or _new_key(folder, role)
        targets = {path: _target(path, content) for path, content in files.items()}
        if before and before.version == last and before.targets == targets and before.expires - now > LIFE / 2:
            return Signed(before.version, len(programs), before.expires, False)
        signed = Targets(
            last + 1,
            expires=now.astimezone(UTC).replace(microsecond=0) + LIFE,
            targets=targets,
        )
        metadata = Metadata(signed)
        metadata.sign(signer)
        # Before anybody can have it: a number that is skipped harms nobody, one that is used twice does.
        history.note(keys, role, signed.version)
        key = {"keyid": signer.public_key.keyid, **signer.public_key.to_dict()}
        output.write(out, role, files, metadata.to_bytes(), key)
    except OSError as error:
        raise XiekaError("E-PUB-06", path=str(error.filename or out)) from error
    return Signed(signed.version, len(programs), signed.expires, True)


def _apart(keys: Path, out: Path) -> None:
    """A release is handed on whole: no key may lie in it."""
    inside, outside = keys.resolve(), out.resolve()
    if inside.is_relative_to(outside) or outside.is_relative_to(inside):
        raise XiekaError("E-PUB-11", path=str(out))


def _last(folder: KeyFolder, role: str, before: Targets | None, told: int | None) -> int:
    """The highest version that is known to be signed; noted, so that a new key has a number to begin with."""
    noted = history.last_version(folder.folder, role) if told is None else told
    if noted is None and before is None and folder.has(role):
        raise XiekaError("E-PUB-10")
    last = max(noted or 0, before.version if before else 0)
    if noted is None or told is not None:
        history.note(folder.folder, role, last)
    return last


def _new_key(folder: KeyFolder, role: str) -> Any:
    if folder.has(role):
        raise XiekaError("E-PUB-03", name=f"{role}.pem", folder=str(folder.folder))
    return folder.create(role)


def _folders(source: Path, report: Report) -> list[Path]:
    if not source.is_dir():
        report.add(source.name, 0, "folder_missing")
        return []
    for path in source.iterdir():
        if not path.is_dir():
            report.add(path.name, 0, "file_stray")
    return sorted(path for path in source.iterdir() if path.is_dir())


def _program(
    source: Path, name: str, publisher: str, files: dict[str, bytes | Path], report: Report, now: datetime
) -> Program | None:
    sheet = read_sheet(source, f"{name}/program.toml", report)
    if sheet is None:
        return None
    known(sheet, (), sheet.table, _PROGRAM)
    table = with_origin(sheet, (), sheet.table, now)
    version = str(table.get("version"))
    used = {"program.toml"}
    table["packages"] = []
    mistakes = len(report.mistakes)
    for where, package in tables(sheet, "packages"):
        known(sheet, where, package, _PACKAGE)
        target = None
        if isinstance(file := package.get("file"), str):
            used.add(file)
            path = source / name / file
            if "/" in file or path.is_symlink() or not path.is_file():
                sheet.mistake((*where, "file"), "package_missing", value=file)
                continue
            suffix = next((end for end in (".tar.xz", path.suffix) if file.endswith(end)), "")
            target = f"apps/{publisher}/{name}-{version}-{package.get('platform')}{suffix}".replace("_", "-")
            if target in files:
                sheet.mistake((*where, "platform"), "package_twice", value=package.get("platform"))
                continue
            files[target] = path
            _count(package, path, sheet, where)
            _look(package, path, sheet, where)
        table["packages"].append(
            {"platform": package.get("platform"), "target": target, "install": package.get("install")}
        )
    for path in (source / name).iterdir():
        if path.name not in used:
            report.add(f"{name}/{path.name}", 0, "file_stray")
    if len(report.mistakes) > mistakes:
        # What follows from a package that is not there would only confuse.
        return None
    program = fill(Program, sheet, (), {**table, "id": name, "publisher": publisher})
    if program is not None:
        described = json.dumps(program.model_dump(mode="json"), ensure_ascii=False, indent=1).encode() + b"\n"
        files[target_of(program.full_name)] = described
    return program


def _count(package: dict[str, Any], path: Path, sheet: Sheet, where: tuple[str | int, ...]) -> None:
    """How many bytes the archive unpacks to is counted here, not typed."""
    install = package.get("install")
    if not isinstance(install, dict) or install.get("kind", "archive") != "archive":
        return
    try:
        recipe = Archive.model_validate({**install, "unpacked": 1})
    except ValidationError:
        # Told with the rest of the description.
        install["unpacked"] = 1
        return
    try:
        install["unpacked"] = unpacked_size(path, recipe)
    except XiekaError as refused:
        if not refused.code.startswith("E-PKG-"):
            raise
        install["unpacked"] = 1
        if refused.code == _NO_ENTRY:
            sheet.mistake((*where, "install"), "package_entry", value=recipe.entry)
        elif refused.code == _DAMAGED:
            sheet.mistake((*where, "file"), "package_broken", value=path.name)
        else:
            why = "：".join(str(refused.params[key]) for key in ("detail", "name", "n", "x") if key in refused.params)
            sheet.mistake((*where, "file"), "package_refused", why=refused.body()["what"], detail=why or refused.code)


def _look(package: dict[str, Any], path: Path, sheet: Sheet, where: tuple[str | int, ...]) -> None:
    """Clients ask dpkg the same before they ask the user for the administrator."""
    install = package.get("install")
    if not isinstance(install, dict) or install.get("format") != "deb" or not debian.can_look():
        return
    found = debian.look(path)
    if found is None:
        sheet.mistake((*where, "file"), "package_broken", value=path.name)
    elif found.name != install.get("package"):
        sheet.mistake((*where, "install"), "package_name", value=found.name)
    elif not debian.is_for(found.architecture, package.get("platform")):
        sheet.mistake((*where, "platform"), "package_platform", value=found.architecture)
    elif install.get("entry", "") and install["entry"] not in found.files:
        sheet.mistake((*where, "install"), "package_entry", value=install["entry"])


def _target(path: str, content: bytes | Path) -> TargetFile:
    if isinstance(content, bytes):
        return TargetFile.from_data(path, content, ["sha256"])
    return TargetFile(content.stat().st_size, {"sha256": sha256(content)}, path)

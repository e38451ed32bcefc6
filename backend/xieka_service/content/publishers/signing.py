"""The publisher's side: from plain program folders to a signed release (see reading.py).

SOURCE/ID/program.toml describes a program, its package files lie beside it. Nothing of the operator is needed.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, TargetFile, Targets

from xieka.contract.apps import Program, role_of, target_of
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka_service.content.keys import KeyFolder
from xieka_service.content.publishers.models import sha256
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


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed."""

    version: int
    programs: int
    expires: datetime
    changed: bool
    """False: the release is there already with the same content and more than half of its life."""


def sign_release(source: Path, publisher: str, keys: Path, out: Path, now: datetime) -> Signed:
    """Check every program of SOURCE and write the release to OUT, with the publisher's key in KEYS (made if missing).

    Raises SourceErrors with every mistake, XiekaError E-PUB-03 (damaged key), E-PUB-06 (cannot write; the release
    before stays).
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
        signer = next(iter(folder.all(role)), None) or _new_key(folder, role)
        targets = {path: _target(path, content) for path, content in files.items()}
        before = _before(out / f"{role}.json")
        if before and before.targets == targets and before.expires - now > LIFE / 2:
            return Signed(before.version, len(programs), before.expires, False)
        signed = Targets(
            before.version + 1 if before else 1,
            expires=now.astimezone(UTC).replace(microsecond=0) + LIFE,
            targets=targets,
        )
        metadata = Metadata(signed)
        metadata.sign(signer)
        _write(out, role, files, metadata.to_bytes(), {"keyid": signer.public_key.keyid, **signer.public_key.to_dict()})
    except OSError as error:
        raise XiekaError("E-PUB-06", path=str(error.filename or out)) from error
    return Signed(signed.version, len(programs), signed.expires, True)


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
            files[target] = path
            _count(package, path, sheet, where)
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
        if install.get("format") == "zip":
            with zipfile.ZipFile(path) as archive:
                names = {one.filename for one in archive.infolist()}
                size = sum(one.file_size for one in archive.infolist())
        else:
            with tarfile.open(path, "r:xz") as tar:
                members = tar.getmembers()
            names, size = {one.name.removeprefix("./") for one in members}, sum(one.size for one in members)
    except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError, ValueError):
        sheet.mistake((*where, "file"), "package_broken", value=path.name)
        return
    install["unpacked"] = size
    if (entry := install.get("entry")) not in names:
        sheet.mistake((*where, "install"), "package_entry", value=entry)


def _target(path: str, content: bytes | Path) -> TargetFile:
    if isinstance(content, bytes):
        return TargetFile.from_data(path, content, ["sha256"])
    return TargetFile(content.stat().st_size, {"sha256": sha256(content)}, path)


def _before(path: Path) -> Targets | None:
    try:
        signed = Metadata[Targets].from_bytes(path.read_bytes()).signed
    except FileNotFoundError:
        return None
    except RepositoryError as damaged:
        # Guessing its number would make a release that nobody takes.
        raise XiekaError("E-PUB-04", name=path.name) from damaged
    return signed if isinstance(signed, Targets) else None


def _write(out: Path, role: str, files: dict[str, bytes | Path], metadata: bytes, key: dict[str, Any]) -> None:
    """The whole release appears in place of the one before."""
    fresh = out.with_name(f".{out.name}.new")
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "files").mkdir(parents=True)
    for target, content in files.items():
        path = fresh / "files" / target.rpartition("/")[2]
        if isinstance(content, bytes):
            write_whole(content, path)
        else:
            shutil.copyfile(content, path)
    write_whole(metadata, fresh / f"{role}.json")
    write_whole(json.dumps(key, indent=1).encode() + b"\n", fresh / "key.json")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    shutil.rmtree(old, ignore_errors=True)

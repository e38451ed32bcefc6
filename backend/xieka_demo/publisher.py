"""The practice publisher: packs the programs of this folder, signs them as any publisher does, and hands them over."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from xieka.apps.platforms import this_platform
from xieka.contract.content import RECOMMENDED_LIMIT
from xieka.core.files import write_whole

NAME: Final = "practice"
PROGRAMS: Final = Path(__file__).parent / "programs"
_ORDER: Final = ("upgrade", "report", "fingerprint", "inventory")
"""As 证书业务 shows them."""
_RECOMMENDED: Final = "report"
"""On the main page, before the seed's links."""
_DESCRIPTION: Final = "program.toml"
_LIBRARIES: Final = {"inventory": ("asn1crypto", "cryptography", "cffi")}
"""Packed into a program's `lib/`, from what is installed here; so it runs where the practice environment does."""
_LIBRARY: Final = re.compile(
    r"(asn1crypto|cryptography)/.*\.(py|so)|_cffi_backend\.[^/]*\.so|[^/]*\.dist-info/(licenses/.*|LICENSE)"
)
"""What of them is needed to run, and their licences."""
_LEVEL: Final = 1
"""Of compression: packing is part of the first start, and more would hardly make libraries smaller."""
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""Of every packed file, so that the same programs make the same packages."""


def practice_source(seed: Path, folder: Path, now: datetime) -> Path:
    """The editor's folder of the practice service: the seed with the practice publisher's release.

    `folder` keeps the publisher's key and its last release. Raises OSError, XiekaError as `sign_release`.
    """
    source, release, made_of = folder / "source", folder / "release", folder / "made-of.txt"
    inputs = _inputs(now)
    if not (release.is_dir() and made_of.is_file() and made_of.read_bytes() == inputs):
        from xieka_service.content.publishers.signing import sign_release

        with tempfile.TemporaryDirectory(dir=_made(folder)) as packed:
            sign_release(_pack(Path(packed)), NAME, folder / "keys", release, now)
        write_whole(inputs, made_of)
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(seed, source)
    shutil.copytree(release, source / "publishers" / NAME)
    catalog = source / "catalog.toml"
    write_whole(_with_programs(catalog.read_text(encoding="utf-8")).encode(), catalog)
    return source


def _with_programs(catalog: str) -> str:
    """catalog.toml with the practice programs; the last link gives its place in 推荐应用 to one of them."""
    links = tomllib.loads(catalog)["recommended"]
    recommended = [f"{NAME}/{_RECOMMENDED}", *links[: RECOMMENDED_LIMIT - 1]]
    rest = re.sub(r"(?m)^recommended = \[[^]]*\]\n", "", catalog)
    programs = [f"{NAME}/{name}" for name in _ORDER]
    # A list of plain ASCII strings is the same in JSON and in TOML.
    return f"recommended = {json.dumps(recommended)}\nprograms = {json.dumps(programs)}\n{rest}"


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _inputs(now: datetime) -> bytes:
    """What the release is made of, by lengths and times; and the month, so that it is signed anew before it expires."""
    files = [Path(__file__)]
    for name in _ORDER:
        files += [PROGRAMS / name / _DESCRIPTION, *_files(name).values()]
    facts = [f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files]
    return hashlib.sha256("\n".join([f"{now:%Y-%m}", *facts]).encode()).hexdigest().encode()


def _files(name: str) -> dict[str, Path]:
    """A program's files by their place in its package."""
    own = {path.relative_to(PROGRAMS / name).as_posix(): path for path in (PROGRAMS / name).rglob("*")}
    files = {inside: path for inside, path in own.items() if path.is_file() and inside != _DESCRIPTION}
    for library in _LIBRARIES.get(name, ()):
        found = metadata.files(library) or []
        files |= {f"lib/{file}": Path(str(file.locate())) for file in found if _LIBRARY.fullmatch(str(file))}
    return {inside: files[inside] for inside in sorted(files) if "__pycache__" not in inside}


def _pack(into: Path) -> Path:
    for name in _ORDER:
        (into / name).mkdir()
        description = (PROGRAMS / name / _DESCRIPTION).read_text(encoding="utf-8")
        if name in _LIBRARIES:
            # Libraries are of this computer's kind.
            description = description.replace('"linux-x86_64"', f'"{this_platform()}"')
        write_whole(description.encode(), into / name / _DESCRIPTION)
        for package in tomllib.loads(description)["packages"]:
            if "file" in package:
                _archive(into / name / package["file"], _files(name))
    return into


def _archive(path: Path, files: Mapping[str, Path]) -> None:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for inside, file in files.items():
                entry = zipfile.ZipInfo(inside, _LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o755 if _runs(file) else 0o644) << 16
                archive.writestr(entry, file.read_bytes(), compresslevel=_LEVEL)
        return
    with tarfile.open(path, "w:xz") as tar:
        for inside, file in files.items():
            member = tarfile.TarInfo(inside)
            member.size, member.mode = file.stat().st_size, 0o755 if _runs(file) else 0o644
            with file.open("rb") as content:
                tar.addfile(member, content)


def _runs(file: Path) -> bool:
    # By its first bytes: an installed wheel may have lost the bit.
    with file.open("rb") as content:
        return content.read(2) == b"#!"

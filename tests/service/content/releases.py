"""Small real releases: a publisher's folder, its packages and its signature."""

from __future__ import annotations

import io
import tarfile
import zipfile
from datetime import datetime
from pathlib import Path

from xieka_service.content.publishers.signing import Signed, sign_release

PROGRAM = """
publisher_name = "示例软件"
name = "证书巡检报告"
version = "{version}"
summary = "把全部 Ukey 的证书做成一份报告。"
description = "示例。"
icon = "data_bar_vertical"
tone = "teal"
example = true

[[packages]]
platform = "any"
file = "{file}"
[packages.install]
kind = "archive"
format = "{format}"
entry = "bin/报告"
"""
PACKAGE = """
[[packages]]
platform = "any"
file = "{file}"
[packages.install]
format = "tar.xz"
kind = "archive"
entry = "bin/报告"
"""


def tar_xz(files: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:xz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for name, target in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def write_programs(
    folder: Path, version: str = "1.0.0", content: bytes = b"#!/bin/sh\n", **changes: str | bytes | None
) -> Path:
    """A publisher's folder with the program `report`; `changes` replace a file or, being None, leave it out."""
    files: dict[str, str | bytes | None] = {
        "report/program.toml": PROGRAM.format(version=version, file="paket.tar.xz", format="tar.xz"),
        "report/paket.tar.xz": tar_xz({"bin/报告": content}),
    }
    for name, data in (files | changes).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data is not None:
            path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def release(folder: Path, source: Path, now: datetime, *, publisher: str = "example", keys: str = "keys") -> Signed:
    """SOURCE's programs, signed and put into the editor's folder below `folder`/source."""
    work = folder / "publisher"
    work.mkdir(exist_ok=True)
    out = folder / "source" / "publishers" / publisher
    out.parent.mkdir(parents=True, exist_ok=True)
    return sign_release(source, publisher, work / keys, out, now)

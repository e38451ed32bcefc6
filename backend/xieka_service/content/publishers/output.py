"""The folder a release is written to: only an empty one, or a release of this publisher, is ever replaced."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Targets

from xieka.core.errors import XiekaError
from xieka.core.files import copy_whole, write_whole

_KEY = "key.json"
_FILES = "files"


def earlier(out: Path, role: str) -> Targets | None:
    """The release that is in `out`; None: nothing, or an empty folder.

    Raises XiekaError E-PUB-11 when there is anything that this tool did not write there, E-PUB-04 when the release is
    damaged, OSError.
    """
    if not out.exists() and not out.is_symlink():
        return None
    if out.is_symlink() or not out.is_dir():
        raise XiekaError("E-PUB-11", path=str(out))
    if not any(out.iterdir()):
        return None
    before = _release(out / f"{role}.json", out)
    ours = _names(before, role)
    for path in sorted(out.rglob("*")):
        if path.relative_to(out).as_posix() not in ours or path.is_symlink():
            raise XiekaError("E-PUB-11", path=str(path))
    return before


def write(out: Path, role: str, files: Mapping[str, bytes | Path], metadata: bytes, key: dict[str, Any]) -> None:
    """The whole release appears in place of the one before. Raises as `earlier`; what is there stays then."""
    token = secrets.token_hex(8)
    fresh, old = (out.with_name(f".{out.name}.{token}.{end}") for end in ("new", "old"))
    try:
        (fresh / _FILES).mkdir(parents=True)
        for target, content in files.items():
            path = fresh / _FILES / target.rpartition("/")[2]
            if isinstance(content, bytes):
                write_whole(content, path)
            else:
                copy_whole(content, path)
        write_whole(metadata, fresh / f"{role}.json")
        write_whole(json.dumps(key, indent=1).encode() + b"\n", fresh / _KEY)
        # Looked at again: packing may have taken long.
        before = earlier(out, role)
        if before is None:
            if out.exists():
                out.rmdir()
            fresh.rename(out)
            return
        out.rename(old)
        try:
            fresh.rename(out)
        except OSError:
            old.rename(out)
            raise
        _remove(old, before, role)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _release(path: Path, out: Path) -> Targets:
    try:
        signed = Metadata[Targets].from_bytes(path.read_bytes()).signed
    except (FileNotFoundError, IsADirectoryError):
        raise XiekaError("E-PUB-11", path=str(out)) from None
    except RepositoryError as damaged:
        # Guessing its number would make a release that nobody takes.
        raise XiekaError("E-PUB-04", name=path.name) from damaged
    if not isinstance(signed, Targets):
        raise XiekaError("E-PUB-11", path=str(path))
    return signed


def _names(release: Targets, role: str) -> set[str]:
    packages = {f"{_FILES}/{target.rpartition('/')[2]}" for target in release.targets}
    return {_KEY, f"{role}.json", _FILES, *packages}


def _remove(folder: Path, release: Targets, role: str) -> None:
    """Only what was ours by its own metadata; anything else keeps the folder. Raises OSError."""
    for name in sorted(_names(release, role), key=lambda name: -len(name.split("/"))):
        path = folder / name
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
    folder.rmdir()

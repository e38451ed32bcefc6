"""Which version a publisher signed last, kept beside its key: clients take no release that is older than one before."""

from __future__ import annotations

import json
from pathlib import Path

from xieka.core.errors import XiekaError
from xieka.core.files import write_whole


def last_version(keys: Path, role: str) -> int | None:
    """None: it was never noted. Raises XiekaError E-PUB-10 when the note is damaged, OSError."""
    try:
        version = json.loads(_path(keys, role).read_bytes())["version"]
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise XiekaError("E-PUB-10") from None
    if type(version) is not int or version < 0:
        raise XiekaError("E-PUB-10")
    return version


def note(keys: Path, role: str, version: int) -> None:
    """On the disk on return. Raises OSError."""
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(json.dumps({"version": version}).encode(), _path(keys, role), mode=0o600)


def _path(keys: Path, role: str) -> Path:
    return keys / f"{role}.version.json"

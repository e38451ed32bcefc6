"""Driver manifests (`drivers/NAME/driver.toml`): which PKCS#11 libraries there are and how each behaves.

The keys are described in drivers/README.md.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any, Literal

from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.core.system import PLATFORM
from xieka.token.windows_keys import KEY_SPECS, NAMINGS, WindowsKeys

Relist = Literal["list", "reinitialize"]

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_PLATFORMS: dict[str, type[PurePath]] = {
    "linux": PurePosixPath,
    "windows": PureWindowsPath,
    "macos": PurePosixPath,
}


@dataclass(frozen=True, slots=True)
class Driver:
    """One PKCS#11 library and what is known about its behaviour."""

    id: str
    """Stable name, part of every token id; `module` for a library given by path."""
    name: str
    """What people read."""
    module: Path
    env: Mapping[str, str]
    """Extra environment of the worker process."""
    relist: Relist
    """`reinitialize`: the library sees tokens come and go only after C_Finalize + C_Initialize."""
    watch: Path | None
    """Folder whose change hints at plugging or unplugging; the truth is always a new listing."""
    pin_flags: bool
    """True: the library reports low/final/locked, so that no flag means normal; False: it means unknown."""
    practice: bool
    windows: WindowsKeys | None = None
    """None: it is not known how programs of Windows reach its keys."""


def load_drivers(*folders: Path, on_fault: Callable[[Path, XiekaError], None] | None = None) -> tuple[Driver, ...]:
    """The installed drivers described under these folders, in order of folder and name.

    A later folder's manifest replaces an earlier one with the same id. A manifest none of whose module paths
    exists here, or whose `only_with_env` variables are not set, is left out. A wrong manifest goes to `on_fault` and
    is left out; without `on_fault` it raises XiekaError E-MOD-05 naming the file and the fault.
    """
    found: dict[str, Driver] = {}
    for folder in folders:
        for path in sorted(folder.glob("*/driver.toml")):
            try:
                manifest = _read(path)
            except XiekaError as error:
                if on_fault is None:
                    raise
                on_fault(path, error)
                continue
            if not all(name in os.environ for name in manifest.pop("only_with_env")):
                continue
            module = next((Path(m) for m in manifest["module"] if Path(m).is_file()), None)
            if module:
                found.pop(manifest["id"], None)
                found[manifest["id"]] = Driver(**(manifest | {"module": module}))
    return tuple(found.values())


def driver_for_module(path: Path) -> Driver:
    """A driver for any PKCS#11 library given by path, configured by the environment of this program.

    Raises XiekaError E-MOD-01 when there is no such file.
    """
    if not path.is_file():
        raise XiekaError("E-MOD-01", path=str(path))
    return Driver(
        id="module",
        name=path.name,
        module=path.absolute(),
        env={},
        relist="list",
        watch=None,
        pin_flags=False,
        practice=False,
    )


class _ManifestError(ValueError):
    """What is wrong with a manifest, told in the user's language (catalogue keys `manifest_…`)."""

    def __init__(self, fault: str, **params: str) -> None:
        super().__init__(messages.text(f"manifest_{fault}", **params))


def _read(path: Path) -> dict[str, Any]:
    try:
        return _check(tomllib.loads(path.read_text("utf-8")))
    except _ManifestError as error:
        raise XiekaError("E-MOD-05", path=str(path), detail=str(error)) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise XiekaError("E-MOD-05", path=str(path), detail=messages.text("manifest_toml")) from error


def _check(raw: dict[str, Any]) -> dict[str, Any]:
    """The manifest's values, checked; `module` is the list of paths for this system."""
    raw = dict(raw)
    module = _take(raw, "module", dict)
    env = _take(raw, "env", dict, {})
    watch = _take(raw, "watch", str, "")
    windows = _take(raw, "windows", dict, {})
    manifest = {
        "id": _take(raw, "id", str),
        "name": _take(raw, "name", str),
        "env": env,
        "relist": _take(raw, "relist", str, "list"),
        "watch": Path(watch) if watch else None,
        "pin_flags": _take(raw, "pin_flags", bool, False),
        "practice": _take(raw, "practice", bool, False),
        "only_with_env": _take(raw, "only_with_env", list, []),
    }
    if raw:
        raise _ManifestError("extra", key=sorted(raw)[0])
    if not _ID.fullmatch(manifest["id"]):
        raise _ManifestError("id")
    if not manifest["name"].strip():
        raise _ManifestError("name")
    if manifest["relist"] not in ("list", "reinitialize"):
        raise _ManifestError("relist")
    if watch and not Path(watch).is_absolute():
        raise _ManifestError("watch")
    if not all(isinstance(name, str) for name in manifest["only_with_env"]):
        raise _ManifestError("only_with_env")
    if not all(isinstance(value, str) for value in env.values()):
        raise _ManifestError("env")
    paths = {platform: _paths(module, platform) for platform in _PLATFORMS}
    if module:
        raise _ManifestError("extra", key=f"module.{sorted(module)[0]}")
    return manifest | {"module": paths[PLATFORM], "windows": _windows(windows) if windows else None}


def _windows(raw: dict[str, Any]) -> WindowsKeys:
    raw = dict(raw)
    keys = WindowsKeys(
        provider=_take(raw, "provider", str),
        provider_type=_take(raw, "type", int),
        container=_take(raw, "container", str),
        key=_take(raw, "key", str, "signature"),
    )
    if raw:
        raise _ManifestError("extra", key=f"windows.{sorted(raw)[0]}")
    named = keys.provider.strip() and keys.provider.isprintable()
    # bool is an int; 0 … 999 holds every PROV_… of wincrypt.h.
    if not named or isinstance(keys.provider_type, bool) or not 0 <= keys.provider_type <= 999:
        raise _ManifestError("windows_provider")
    if keys.container not in NAMINGS or keys.key not in KEY_SPECS:
        raise _ManifestError("windows_container")
    return keys


def _take(raw: dict[str, Any], key: str, kind: type, default: object = None) -> Any:
    """Remove and return a value of this kind; without a default the key is required."""
    value = raw.pop(key, default)
    if value is None:
        raise _ManifestError("missing", key=key)
    if not isinstance(value, kind):
        raise _ManifestError("kind", key=key)
    return value


def _paths(module: dict[str, Any], platform: str) -> list[str]:
    paths: list[str] = _take(module, platform, list, [])
    absolute = _PLATFORMS[platform]
    if not all(isinstance(path, str) and absolute(path).is_absolute() for path in paths):
        raise _ManifestError("paths", key=f"module.{platform}")
    return paths

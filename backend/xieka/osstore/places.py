"""Where programs of this user on Linux look for PKCS#11 libraries. Nothing is created here.

NSS: lib/sysinit/nsssysinit.c names ~/.pki/nssdb, then pki/nssdb of the XDG data folder; Chromium reads the first.
Firefox keeps one per profile. p11-kit: pkcs11.conf(5), its user folder is pkcs11/modules of the XDG config folder.
Programs from Snap and Flatpak live in homes of their own, where a library of this system cannot be loaded: left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from xieka.osstore.models import Kind

_PROFILES: Final = 50
"""More of Firefox's profiles are not looked at."""
P11_SYSTEM: Final = (Path("/etc/pkcs11/modules"), Path("/usr/share/p11-kit/modules"))
"""Modules that the system's administrator and packages have registered."""


def home(environment: Mapping[str, str]) -> Path | None:
    """The user's home; None when the environment names none."""
    named = environment.get("HOME", "")
    return Path(named) if named and Path(named).is_absolute() else None


def _xdg(environment: Mapping[str, str], name: str, usual: Path) -> Path:
    # A relative path is to be ignored (XDG Base Directory Specification 0.8).
    named = Path(environment.get(name) or usual)
    return named if named.is_absolute() else usual


def databases(environment: Mapping[str, str]) -> Iterator[tuple[Kind, Path]]:
    """The NSS databases that are there: the user's shared ones, then Firefox's profiles."""
    root = home(environment)
    if root is None:
        return
    data = _xdg(environment, "XDG_DATA_HOME", root / ".local" / "share")
    for folder in dict.fromkeys((root / ".pki" / "nssdb", data / "pki" / "nssdb")):
        if _is_database(folder):
            yield "nss", folder
    config = _xdg(environment, "XDG_CONFIG_HOME", root / ".config")
    profiles = [
        path
        for base in (root / ".mozilla" / "firefox", config / "mozilla" / "firefox")
        for path in sorted(base.glob("*/"))
        if _is_database(path)
    ]
    for path in profiles[:_PROFILES]:
        yield "firefox", path


def p11_kit(environment: Mapping[str, str]) -> Path | None:
    """The user's folder of p11-kit modules, there or not; None where there is no p11-kit."""
    root = home(environment)
    if root is None or not any(folder.parent.is_dir() for folder in P11_SYSTEM):
        return None
    return _xdg(environment, "XDG_CONFIG_HOME", root / ".config") / "pkcs11" / "modules"


def _is_database(folder: Path) -> bool:
    # Either file is enough: half a database is one that is broken, and is told.
    return (folder / "pkcs11.txt").exists() or (folder / "cert9.db").exists()

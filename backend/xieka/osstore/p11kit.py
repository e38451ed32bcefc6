"""p11-kit's list of PKCS#11 libraries: one file for each, of lines `key: value` (pkcs11.conf(5)).

p11-kit does not read a user's own modules in programs that run as root or set-uid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.osstore.models import Item, mark
from xieka.osstore.nss import same
from xieka.osstore.places import P11_SYSTEM

PROGRAMS: Final = ("epiphany", "WebKitNetworkProcess")
"""GNOME Web. Without `enable-in` a vendor's library would be loaded into every program that does TLS with GnuTLS; the
browsers that read an NSS database have it from there. Unverified on a GNOME desktop."""
_LIMIT: Final = 1 << 16
_NAME: Final = re.compile(r"xieka-([a-z0-9-]{1,32})-[0-9a-f]{8}\.module")


def libraries(folder: Path) -> list[tuple[Path, str, bool]]:
    """(file, library, whether it is ours) of every module of the user and of the system. Raises OSError."""
    found = []
    for place in (folder, *P11_SYSTEM):
        for path in sorted(place.glob("*.module")):
            library = _library(path)
            name = _NAME.fullmatch(path.name)
            ours = place == folder and name is not None and path.stem == mark(name[1], library)
            found.append((path, library, ours))
    return found


def add(folder: Path, item: Item) -> None:
    """Register the library unless p11-kit knows it. Raises XiekaError E-OSS-03, E-OSS-05 (no name for a text file)."""
    if not str(item.module).isprintable():
        raise XiekaError("E-OSS-05", path=str(item.module))
    try:
        if any(same(library, item.module) for _, library, _ in libraries(folder)):
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = ("# xieka", f"module: {item.module}", f"enable-in: {', '.join(PROGRAMS)}", "")
        write_whole("\n".join(lines).encode(), folder / f"{item.mark}.module")
    except OSError as error:
        raise XiekaError("E-OSS-03", path=str(folder)) from error


def remove(folder: Path) -> None:
    """Take our modules away, and the folder when it is empty then. Raises XiekaError E-OSS-03."""
    try:
        mine: Iterable[Path] = [path for path, _, ours in libraries(folder) if ours]
        for path in mine:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise XiekaError("E-OSS-03", path=str(folder)) from error
    if mine:
        with suppress(OSError):
            folder.rmdir()
            folder.parent.rmdir()


def _library(path: Path) -> str:
    with path.open("rb") as file:
        text = file.read(_LIMIT).decode("utf-8", "surrogateescape")
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "module":
            return value.strip()
    return ""

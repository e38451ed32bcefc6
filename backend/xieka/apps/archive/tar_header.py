"""A tar header, read strictly (POSIX.1-2017 pax, “ustar Interchange Format”; GNU tar manual, “Basic Tar Format”)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from xieka.apps.archive import refusal

BLOCK: Final = 512

_SPECIAL: Final = {
    b"1": "link",
    b"2": "link",
    b"3": "device",
    b"4": "device",
    b"6": "pipe",
    b"7": "contiguous",
    b"K": "link",
    b"S": "sparse",
    b"D": "gnu-special",
    b"M": "gnu-special",
    b"N": "gnu-special",
    b"V": "gnu-special",
}
_NUMBER: Final = re.compile(rb" *([0-7]+)[ \0]*")
_RECORD: Final = re.compile(rb"([1-9][0-9]{0,5}) ([^=\n]+)=")
_HARMLESS: Final = frozenset({"atime", "ctime", "mtime", "uid", "gid", "uname", "gname", "comment"})


@dataclass(frozen=True, slots=True)
class Header:
    """One header, as it stands there."""

    name: bytes
    kind: bytes
    """`0` file, `5` folder, `x` `g` pax records, `L` GNU long name."""
    size: int
    mode: int
    modified: int


def header(block: bytes) -> Header:
    """The header in 512 bytes. Raises XiekaError E-PKG-11, E-PKG-13, E-PKG-17, E-PKG-20, E-PKG-21."""
    magic = block[257:265]
    if magic not in (b"ustar\x0000", b"ustar  \0"):
        raise refusal.unsupported("tar-format")
    if _number(block[148:156]) != sum(block) - sum(block[148:156]) + 8 * 0x20:
        raise refusal.damaged("header-sum")
    name = _text(block[:100])
    if magic == b"ustar\x0000" and (prefix := _text(block[345:500])):
        name = prefix + b"/" + name
    kind = b"0" if block[156:157] == b"\0" else block[156:157]
    if kind in _SPECIAL:
        raise refusal.special(name, _SPECIAL[kind])
    if kind not in b"05xgL":
        raise refusal.unsupported(f"tar-type-{kind.hex()}")
    if _text(block[157:257]):
        raise refusal.special(name, "link")
    size = _number(block[124:136])
    if kind == b"5" and size:
        raise refusal.contradiction("folder-with-data")
    return Header(name, kind, size, _number(block[100:108]), _number(block[136:148]))


def records(data: bytes) -> dict[str, bytes]:
    """The records of a pax header: only names, times and owners; a size or link of its own is refused.

    Raises XiekaError E-PKG-13, E-PKG-20.
    """
    found: dict[str, bytes] = {}
    while data:
        match = _RECORD.match(data)
        length = int(match[1]) if match else 0
        if match is None or length > len(data) or length <= match.end() or data[length - 1 : length] != b"\n":
            raise refusal.contradiction("pax")
        key = match[2].decode("utf-8", "replace")
        if key == "linkpath" or key.startswith("GNU.sparse"):
            raise refusal.special(key, "link" if key == "linkpath" else "sparse")
        if key in found or key not in _HARMLESS | {"path"}:
            raise refusal.contradiction(f"pax-{refusal.shown(key)}")
        found[key] = data[match.end() : length - 1]
        data = data[length:]
    return found


def _text(field: bytes) -> bytes:
    value, _, rest = field.partition(b"\0")
    if rest.strip(b"\0"):
        raise refusal.bad_name(value, "control")
    return value


def _number(field: bytes) -> int:
    match = _NUMBER.fullmatch(field)
    if match is None:
        # Also GNU's binary numbers: no file of a package has 8 GiB.
        raise refusal.contradiction("tar-number")
    return int(match[1], 8)

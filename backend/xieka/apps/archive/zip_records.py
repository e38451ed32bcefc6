"""The records of a zip file, read strictly (PKWARE APPNOTE.TXT 6.3: 4.3.7, 4.3.9, 4.3.12, 4.3.14 … 16, 4.5.3)."""

from __future__ import annotations

import calendar
import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

from xieka.apps.archive import refusal

FULL: Final = 0xFFFF_FFFF
"""A 32-bit size or place that stands in the zip64 field instead."""
DESCRIPTOR: Final = 0x08
"""Flag: check sum and sizes follow the data."""
UTF8: Final = 0x800
"""Flag: the name is UTF-8."""

_ENCRYPTED: Final = 0x01 | 0x40 | 0x2000
_ALLOWED: Final = 0x06 | DESCRIPTOR | UTF8
_ZIP64: Final = 0x0001
_UNICODE_PATH: Final = 0x7075
_AES: Final = 0x9901
_COMPRESSION: Final = {0: "stored", 8: "deflate"}


@dataclass(frozen=True, slots=True)
class Header:
    """What the central directory and the local header both say of an entry."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int


@dataclass(frozen=True, slots=True)
class Central:
    """An entry of the central directory."""

    header: Header
    mode: int
    """Unix mode, 0 where the packing system had none."""
    attributes: int
    """MS-DOS and Windows attributes."""
    modified: int
    offset: int


def exactly(file: BinaryIO, size: int) -> bytes:
    """The next bytes. Raises XiekaError E-PKG-21 when there are fewer."""
    data = file.read(size)
    if len(data) != size:
        raise refusal.damaged("end-of-file")
    return data


def central(file: BinaryIO) -> tuple[Central, int]:
    """The next entry of the central directory and its length in bytes. Raises XiekaError."""
    fixed = struct.unpack("<4s6H3I5H2I", exactly(file, 46))
    signature, _, _, flags, method, when, day, crc, packed, size = fixed[:10]
    names, extras, comment, disk, _, attributes, offset = fixed[10:]
    if signature != b"PK\x01\x02" or disk:
        raise refusal.contradiction("central-directory")
    name = exactly(file, names)
    wide = _zip64(_fields(exactly(file, extras)), [size, packed, offset])
    exactly(file, comment)
    found = Central(
        header=_header(name, flags, method, crc, wide[1], wide[0]),
        mode=attributes >> 16,
        attributes=attributes & 0xFFFF,
        modified=_seconds(day, when),
        offset=wide[2],
    )
    return found, 46 + names + extras + comment


def local(file: BinaryIO, agreed: Header) -> int:
    """The length of the local header, which says the same as the central one. Raises XiekaError."""
    names: int
    extras: int
    signature, _, flags, method, _, _, crc, packed, size, names, extras = struct.unpack("<4s5H3I2H", exactly(file, 30))
    if signature != b"PK\x03\x04":
        raise refusal.contradiction("local-header")
    name = exactly(file, names)
    fields = _fields(exactly(file, extras))
    if (name, flags, method) != (agreed.name, agreed.flags, agreed.method):
        raise refusal.contradiction("local-header")
    if flags & DESCRIPTOR:
        if crc not in (0, agreed.crc) or packed not in (0, FULL, agreed.packed) or size not in (0, FULL, agreed.size):
            raise refusal.contradiction("local-header")
    elif crc != agreed.crc or _zip64(fields, [size, packed]) != [agreed.size, agreed.packed]:
        raise refusal.contradiction("local-header")
    return 30 + names + extras


def descriptor(data: bytes, agreed: Header) -> bool:
    """Whether what follows the data is the descriptor it must be, with or without signature, 32 or 64 bits."""
    data = data.removeprefix(b"PK\x07\x08") if len(data) in (16, 24) else data
    form = {12: "<3I", 20: "<I2Q"}.get(len(data))
    return form is not None and struct.unpack(form, data) == (agreed.crc, agreed.packed, agreed.size)


def _header(name: bytes, flags: int, method: int, crc: int, packed: int, size: int) -> Header:
    if flags & _ENCRYPTED:
        raise refusal.encrypted()
    if flags & ~_ALLOWED:
        raise refusal.unsupported(f"flags-{flags:x}")
    if method not in _COMPRESSION:
        raise refusal.unsupported(f"method-{method}")
    if method == 0 and packed != size:
        raise refusal.contradiction("stored-size")
    return Header(name, flags, method, crc, packed, size)


def _fields(extra: bytes) -> dict[int, bytes]:
    """The extra field's parts by their number."""
    found: dict[int, bytes] = {}
    place = 0
    while place < len(extra):
        if place + 4 > len(extra):
            raise refusal.contradiction("extra-field")
        number, size = struct.unpack_from("<2H", extra, place)
        place += 4
        if place + size > len(extra) or number in found:
            raise refusal.contradiction("extra-field")
        found[number] = extra[place : place + size]
        place += size
    if _AES in found:
        raise refusal.encrypted()
    if _UNICODE_PATH in found:
        # A second name: one program would read this one, another that one.
        raise refusal.contradiction("unicode-path")
    return found


def _zip64(fields: dict[int, bytes], values: list[int]) -> list[int]:
    """The values, those that stand in the zip64 field read from there; it holds nothing else, or the same once more."""
    wide = fields.get(_ZIP64, b"")
    if wide == struct.pack(f"<{len(values)}Q", *values):
        # Said twice, as Python's own zipfile did before 3.11.4.
        return values
    needed = sum(value == FULL for value in values)
    if len(wide) != 8 * needed:
        raise refusal.contradiction("zip64")
    rest = iter(struct.unpack(f"<{needed}Q", wide))
    return [next(rest) if value == FULL else value for value in values]


def _seconds(day: int, when: int) -> int:
    """MS-DOS date and time, taken for UTC, as seconds since 1970; nonsense is 0."""
    year, month, date = 1980 + (day >> 9), day >> 5 & 15, day & 31
    if not (1 <= month <= 12 and 1 <= date <= 31):
        return 0
    return calendar.timegm((year, month, date, when >> 11, when >> 5 & 63, (when & 31) * 2, 0, 0, 0))

"""Zip: everything that can be judged is judged before the first byte is written.

The whole file must be covered by the entries and the directory, each byte once: nothing before, behind or between, and
no two entries that share bytes (David Fifield, “A better zip bomb”, USENIX WOOT 2019).
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from xieka.apps.archive import refusal, zip_records
from xieka.apps.archive.names import Names
from xieka.apps.archive.writing import BLOCK, Writer
from xieka.apps.archive.zip_records import FULL, Central, exactly
from xieka.contract.apps import FILES_LIMIT

_FOLDER: Final = 0x10
"""MS-DOS attribute."""
_JUNCTION: Final = 0x400
"""Windows attribute of a link."""
_READ: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Directory:
    count: int
    start: int
    end: int


@dataclass(slots=True)
class _Entry:
    central: Central
    parts: tuple[str, ...]
    """Empty for a folder."""
    data: int = 0
    """Where its bytes begin."""


def unpack_zip(file: BinaryIO, writer: Writer, limit: int) -> None:
    """Write all files. Raises XiekaError E-PKG-10 … 21, E-INS-18, OSError."""
    entries = _entries(file, _directory(file), limit)
    for entry in entries:
        if entry.parts:
            writer.file(entry.parts, bool(entry.central.mode & 0o111), entry.central.modified, _content(file, entry))


def _directory(file: BinaryIO) -> _Directory:
    """Where the central directory is, by the record at the very end of the file."""
    size = file.seek(0, os.SEEK_END)
    if size < 22:
        raise refusal.damaged("end-of-file")
    file.seek(size - 22)
    signature, disk, first, here, count, length, start, comment = struct.unpack("<4s4H2IH", exactly(file, 22))
    if signature != b"PK\x05\x06" or comment:
        raise refusal.damaged("no-directory-at-end")
    found = _Directory(count, start, size - 22)
    if (disk, first) != (0, 0) or here != count:
        raise refusal.contradiction("disks")
    if size >= 98:
        file.seek(size - 42)
        locator = exactly(file, 20)
        if locator.startswith(b"PK\x06\x07"):
            found, length = _wide(file, locator, size - 98, (count, length, start))
    if found.start + length != found.end:
        raise refusal.contradiction("directory-place")
    return found


def _wide(file: BinaryIO, locator: bytes, place: int, narrow: tuple[int, int, int]) -> tuple[_Directory, int]:
    """The same from the zip64 records, which must not contradict the short one."""
    _, disk, offset, disks = struct.unpack("<4sIQI", locator)
    file.seek(place)
    signature, rest, _, _, here, first, own, count, length, start = struct.unpack("<4sQ2H2I4Q", exactly(file, 56))
    if signature != b"PK\x06\x06" or (disk, disks, here, first) != (0, 1, 0, 0) or rest != 44 or offset != place:
        raise refusal.contradiction("zip64")
    said = zip((count, length, start), narrow, (0xFFFF, FULL, FULL), strict=True)
    if own != count or any(short not in (wide, full) for wide, short, full in said):
        raise refusal.contradiction("zip64")
    return _Directory(count, start, place), length


def _entries(file: BinaryIO, directory: _Directory, limit: int) -> list[_Entry]:
    """All entries in the order of their bytes, names and sizes judged."""
    if directory.count > 2 * FILES_LIMIT:
        raise refusal.too_many(FILES_LIMIT)
    names, entries, total = Names(), [], 0
    file.seek(directory.start)
    place = directory.start
    for _ in range(directory.count):
        found, length = zip_records.central(file)
        place += length
        entries.append(_Entry(found, _judged(found, names)))
        total += found.header.size
    if place != directory.end:
        raise refusal.contradiction("directory-size")
    if total > limit:
        raise refusal.too_big(limit)
    entries.sort(key=lambda entry: entry.central.offset)
    _cover(file, entries, directory.start)
    return entries


def _judged(found: Central, names: Names) -> tuple[str, ...]:
    header = found.header
    if b"\0" in header.name:
        raise refusal.bad_name(header.name, "control")
    try:
        name = header.name.decode("utf-8" if header.flags & zip_records.UTF8 else "ascii")
    except UnicodeDecodeError:
        raise refusal.encoding(header.name) from None
    kind = stat.S_IFMT(found.mode)
    if found.attributes & _JUNCTION or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refusal.special(name, "link" if kind == stat.S_IFLNK else "special")
    folder = name.endswith("/")
    if folder != (kind == stat.S_IFDIR) if kind else found.attributes & _FOLDER and not folder:
        raise refusal.contradiction("folder-or-file")
    if not folder:
        return names.file(name)
    if header.size or header.packed > 2:
        raise refusal.contradiction("folder-with-data")
    names.folder(name)
    return ()


def _cover(file: BinaryIO, entries: list[_Entry], end: int) -> None:
    """Every byte before the directory belongs to exactly one entry."""
    place = 0
    for number, entry in enumerate(entries):
        header = entry.central.header
        if entry.central.offset != place:
            raise refusal.contradiction("gap-or-overlap")
        file.seek(place)
        entry.data = place + zip_records.local(file, header)
        place = entry.data + header.packed
        if header.flags & zip_records.DESCRIPTOR:
            following = entries[number + 1].central.offset if number + 1 < len(entries) else end
            file.seek(place)
            if not 12 <= following - place <= 24 or not zip_records.descriptor(
                exactly(file, following - place), header
            ):
                raise refusal.contradiction("descriptor")
            place = following
    if place != end:
        raise refusal.contradiction("gap-or-overlap")


def _content(file: BinaryIO, entry: _Entry) -> Iterator[bytes]:
    """The file's bytes; too many, too few or others than the header says are refused."""
    header = entry.central.header
    file.seek(entry.data)
    crc, size = 0, 0
    for block in _stored(file, header.packed) if header.method == 0 else _inflated(file, header.packed):
        crc, size = zlib.crc32(block, crc), size + len(block)
        if size > header.size:
            raise refusal.contradiction("size")
        yield block
    if size != header.size:
        raise refusal.contradiction("size")
    if crc != header.crc:
        raise refusal.damaged("crc")


def _stored(file: BinaryIO, packed: int) -> Iterator[bytes]:
    while packed:
        block = exactly(file, min(packed, BLOCK))
        packed -= len(block)
        yield block


def _inflated(file: BinaryIO, packed: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    data = b""
    while not inflate.eof:
        if not data:
            data = exactly(file, min(packed, _READ))
            packed -= len(data)
        try:
            block = inflate.decompress(data, BLOCK)
        except zlib.error as error:
            raise refusal.damaged("deflate") from error
        data = inflate.unconsumed_tail
        if block:
            yield block
        elif not (data or packed or inflate.eof):
            raise refusal.damaged("deflate")
    if packed or data or inflate.unused_data:
        raise refusal.contradiction("bytes-behind-data")

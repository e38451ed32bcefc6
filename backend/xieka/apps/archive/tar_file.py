"""tar.xz, read once from front to back: every name is judged before anything of its file is written.

Twice would cost the unpacking twice; the folder is a staging folder, and goes with the first refusal.
"""

from __future__ import annotations

from typing import BinaryIO, Final

from xieka.apps.archive import refusal
from xieka.apps.archive.names import PATH_BYTES, Names
from xieka.apps.archive.tar_header import BLOCK, Header, header, records
from xieka.apps.archive.writing import Writer
from xieka.apps.archive.xz_stream import XzStream

_END: Final = bytes(BLOCK)
_RECORDS: Final = 16 << 10
"""Bytes of pax records at most."""
_PADDING: Final = 1 << 20
"""Bytes of zeros after the last entry at most; tar fills up to 10 KiB, or to the size of a tape's record."""


def unpack_tar_xz(file: BinaryIO, writer: Writer) -> None:
    """Write all files. Raises XiekaError E-PKG-10 … 22, E-INS-18, OSError."""
    stream, names = XzStream(file), Names()
    name: bytes | None = None
    """From a pax or GNU header before, for the next entry."""
    first = True
    while (block := stream.exactly(BLOCK)) != _END:
        writer.pause()
        found = header(block)
        if found.kind == b"g" and not first:
            raise refusal.contradiction("pax-global")
        first = False
        if found.kind in (b"x", b"g", b"L"):
            if name is not None:
                raise refusal.contradiction("two-names")
            name = _long_name(stream, found)
            continue
        _entry(stream, found, name or found.name, names, writer)
        name = None
    if name is not None:
        raise refusal.contradiction("name-of-nothing")
    _nothing_more(stream)


def _entry(stream: XzStream, found: Header, raw: bytes, names: Names, writer: Writer) -> None:
    if b"\0" in raw:
        raise refusal.bad_name(raw, "control")
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        raise refusal.encoding(raw) from None
    if found.kind == b"5":
        names.folder(name)
        return
    parts = names.file(name)
    writer.file(parts, bool(found.mode & 0o111), found.modified, stream.blocks(found.size))
    _pad(stream, found.size)


def _long_name(stream: XzStream, found: Header) -> bytes | None:
    """What such a header says of the next entry: its name; empty: nothing; None: it is about none."""
    if found.size > (_RECORDS if found.kind != b"L" else PATH_BYTES + 2):
        raise refusal.too_long(found.name.decode("utf-8", "replace"))
    data = stream.exactly(found.size)
    _pad(stream, found.size)
    if found.kind == b"L":
        return data.removesuffix(b"\0")
    said = records(data)
    if found.kind == b"x":
        return said.get("path", b"")
    if "path" in said:
        # One name for all that follow: only an attack has that.
        raise refusal.contradiction("pax-global")
    return None


def _pad(stream: XzStream, size: int) -> None:
    if stream.exactly(-size % BLOCK).strip(b"\0"):
        raise refusal.contradiction("padding")


def _nothing_more(stream: XzStream) -> None:
    """After the first empty block come only zeros, and the stream and the file end."""
    seen = 0
    while piece := stream.some(BLOCK):
        seen += len(piece)
        if piece.strip(b"\0") or seen > _PADDING:
            raise refusal.contradiction("bytes-behind-data")
    if seen < BLOCK:
        raise refusal.damaged("end-of-file")

"""The outer form of DER (X.690), looked at before a parser makes an object of every value."""

from __future__ import annotations

from xieka.core.errors import XiekaError

MAX_VALUES = 4000
"""Values in one seal or signature; a seal with a thousand certificates has half of them."""
MAX_DEPTH = 16

SEQUENCE = 0x30

_CONSTRUCTED = 0x20
_LONG_TAG = 0x1F


def look(data: bytes) -> None:
    """One SEQUENCE, whole, and nothing after it; everything in it whole too.

    Raises XiekaError E-SEA-01 (not ASN.1 as seals have it), E-SEA-04 (cut short), E-SEA-05 (bytes behind the end),
    E-SEA-06 (more values, or deeper, than any seal).
    """
    if data[:1] != bytes((SEQUENCE,)):
        raise XiekaError("E-SEA-01")
    if (header := _header(data, 0, len(data))) is None or header[1] > len(data):
        raise XiekaError("E-SEA-04")
    if header[1] < len(data):
        raise XiekaError("E-SEA-05")
    # (where the next value begins, where its parent ends) of every level that is open.
    open_levels = [(0, len(data))]
    values = 0
    while open_levels:
        position, end = open_levels.pop()
        if position == end:
            continue
        values += 1
        if values > MAX_VALUES or len(open_levels) >= MAX_DEPTH:
            raise XiekaError("E-SEA-06")
        inner = _header(data, position, end)
        if inner is None or inner[1] > end:
            raise XiekaError("E-SEA-01")
        open_levels.append((inner[1], end))
        if data[position] & _CONSTRUCTED:
            open_levels.append(inner)


def children(contents: bytes) -> int:
    """How many values stand side by side in contents that `look` has seen."""
    number = position = 0
    while position < len(contents):
        header = _header(contents, position, len(contents))
        if header is None:
            raise ValueError("no value")
        position = header[1]
        number += 1
    return number


def wrap(tag: int, contents: bytes) -> bytes:
    """One DER value with a low tag number."""
    length = len(contents)
    if length < 0x80:
        return bytes((tag, length)) + contents
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + contents


def _header(data: bytes, position: int, end: int) -> tuple[int, int] | None:
    """(where the contents begin, where they should end); None when the header itself is cut short.

    Raises XiekaError E-SEA-01 for long tags and indefinite lengths.
    """
    if position + 2 > end:
        return None
    tag, length = data[position], data[position + 1]
    start = position + 2
    if tag & _LONG_TAG == _LONG_TAG or length == 0x80:
        raise XiekaError("E-SEA-01")
    if length & 0x80:
        octets = length & 0x7F
        if octets > 8:
            raise XiekaError("E-SEA-01")
        if start + octets > end:
            return None
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
    return start, start + length

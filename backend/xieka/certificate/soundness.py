"""A look at a DER's outline before it is parsed: what would keep the parser busy for seconds is refused here.

asn1crypto reads a tag number of any length, in time that grows with its square, and follows indefinite lengths.
"""

from __future__ import annotations

MAX_DEPTH = 40
"""Nesting of the deepest real certificates is below 12."""
_TAG_BYTES = 4
_LENGTH_BYTES = 4


def sound(data: bytes, depth: int = MAX_DEPTH) -> bool:
    """Whether every element, `depth` levels deep, has a short tag and a definite length inside the one around it.

    With the full depth, one more level is unsound; with a smaller one, what lies deeper is not looked at.
    """
    waiting = [(0, len(data), 0)]
    while waiting:
        at, end, level = waiting.pop()
        while at < end:
            constructed = data[at] & 0x20
            found = contents(data, at, end)
            if found is None:
                return False
            start, at = found
            if constructed and start < at:
                if level + 1 < depth:
                    waiting.append((start, at, level + 1))
                elif depth == MAX_DEPTH:
                    return False
    return True


def contents(data: bytes, at: int, end: int) -> tuple[int, int] | None:
    """(where the contents of the element at `at` begin, where they end), None when it is not sound."""
    place = at + 1
    if data[at] & 0x1F == 0x1F:
        while place < end and data[place] & 0x80:
            place += 1
        place += 1
        if place - at > _TAG_BYTES:
            return None
    if place >= end:
        return None
    length = data[place]
    place += 1
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= _LENGTH_BYTES or place + size > end:
            return None
        length = int.from_bytes(data[place : place + size], "big")
        place += size
    return (place, place + length) if place + length <= end else None

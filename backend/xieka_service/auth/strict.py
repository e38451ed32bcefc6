"""Reading what strangers send: one value has one encoding, one text one meaning."""

from __future__ import annotations

import binascii
import json
from collections.abc import Callable
from typing import Any


def demand(holds: bool) -> None:
    """Raises ValueError when it does not hold."""
    if not holds:
        raise ValueError("proof")


def json_object(data: bytes) -> dict[str, Any]:
    """An object in UTF-8 no name of which stands twice, at any depth. Raises ValueError, RecursionError."""
    value = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The pairs as an object. Raises ValueError for a name that stands twice."""
    # RFC 7515, 4: names are unique. Else two readers may read two different things.
    demand(len({name for name, _ in pairs}) == len(pairs))
    return dict(pairs)


def one_encoding(text: str, decode: Callable[[str], bytes], encode: Callable[[bytes], bytes], *, pad: bool) -> bytes:
    """The bytes of base64. Raises ValueError for any but the one encoding of them; `pad`: it is without padding."""
    try:
        data = decode(text + "=" * (-len(text) % 4) if pad else text)
    except binascii.Error as broken:
        raise ValueError("base64") from broken
    # No padding where there is none, no unused bits, no foreign characters.
    demand(text.isascii() and encode(data) == text.encode("ascii"))
    return data

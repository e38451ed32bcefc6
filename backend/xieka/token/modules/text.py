"""Text from tokens: UTF-8 as the standard says, GB18030 as many Chinese tokens do."""

from __future__ import annotations


def decode(raw: bytes) -> str:
    """Labels and names as text, padding removed. Never raises.

    UTF-8 cut in the middle of its last character (fixed 32-byte fields) loses only that character.
    """
    raw = raw.rstrip(b" \0")
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > 0:
            return raw[: error.start].decode("utf-8").strip()
    try:
        return raw.decode("gb18030").strip()
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace").strip()

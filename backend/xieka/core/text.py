"""Text from outside (certificates, seals, tokens) decoded and made safe to show."""

from __future__ import annotations

import unicodedata
from codecs import getincrementaldecoder
from typing import Final

# Controls, format characters (bidi overrides could make a name read as another), line separators, surrogates.
_UNSAFE: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def plain(value: str) -> str:
    """`value` with every invisible or direction-changing character replaced by U+FFFD."""
    return "".join("\ufffd" if unicodedata.category(char) in _UNSAFE else char for char in value)


def decode_chinese(raw: bytes) -> str:
    """Bytes of an unnamed encoding as text, blanks and NULs around it removed. Never raises; not yet `plain`.

    UTF-8 as the standards say, else GB18030 as many Chinese programs do. Fixed fields may cut the last character in
    two; only that one is lost.
    """
    raw = raw.strip(b" \0")
    for encoding in ("utf-8", "gb18030"):
        try:
            # Not final: an unfinished character at the end is no error.
            text = getincrementaldecoder(encoding)().decode(raw)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" and text.isascii() and len(text) < len(raw):
            continue  # one GB18030 character behind ASCII looks like the beginning of one in UTF-8
        return text
    return raw.decode("utf-8", "replace")

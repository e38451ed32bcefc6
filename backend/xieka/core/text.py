"""Text from outside (certificates, seals, tokens) made safe to show."""

from __future__ import annotations

import unicodedata

# Controls, format characters (bidi overrides could make a name read as another), line separators, surrogates.
_UNSAFE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})


def plain(value: str) -> str:
    """`value` with every invisible or direction-changing character replaced by U+FFFD."""
    return "".join("\ufffd" if unicodedata.category(char) in _UNSAFE else char for char in value)

"""Names compared as RFC 5280, 7.1 wants it: by their characters, whatever string type, case and spacing they have."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any as Untyped

from xieka.certificate.structure import Name

LONGEST = 2048
"""Bytes of a name that is read; real ones have some hundred. Normalising takes a time that grows with the square of
the combining marks, and whoever has written the name need not be known."""


@lru_cache(maxsize=512)
def comparable(name: bytes) -> bytes:
    """A form of a name's DER that is the same for equal names. What is unreadable or long is compared as it is."""
    if len(name) > LONGEST:
        return name
    try:
        parts = [sorted(_attribute(attribute) for attribute in relative) for relative in Name.load(name, strict=True)]
    except Exception:  # noqa: BLE001
        # asn1crypto lets errors of many types through; such a name equals only itself.
        return name
    return repr(parts).encode()


def _attribute(attribute: Untyped) -> tuple[str, str]:
    value = attribute["value"].parse().native
    if not isinstance(value, str):
        return attribute["type"].dotted, attribute["value"].dump().hex()
    return attribute["type"].dotted, "=" + " ".join(unicodedata.normalize("NFKC", value).casefold().split())

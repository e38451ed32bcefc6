"""Certificate files: reading them, and naming one."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from pathlib import Path

from xieka.certificate.structure import MAX_BYTES

_ARMOUR = re.compile(rb"-----BEGIN (X509 )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END (?:X509 )?CERTIFICATE-----")
# Base64 with line ends and a few remarks around it stays below this for every certificate we accept.
_MAX_FILE = 2 * MAX_BYTES

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# Names Windows keeps for devices, with or without an ending.
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)", re.IGNORECASE)
# 40 Chinese characters: with the rest far below the 255 bytes (Linux) or characters (Windows) of a name.
_MAX_NAME_BYTES = 120
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def read(path: Path) -> bytes | None:
    """The DER of a certificate file in DER or PEM form (the first one of several); None if it is neither.

    Nothing is checked beyond the outer form. Raises OSError.
    """
    data = content(path, _MAX_FILE)
    if data is None:
        return None
    if data[:1] == b"\x30":
        return data
    armoured = _ARMOUR.search(data)
    if armoured is None:
        return None
    try:
        return base64.b64decode(b"".join(armoured[2].split()), validate=True)
    except binascii.Error:
        return None


def content(path: Path, limit: int) -> bytes | None:
    """The bytes of a regular file, None when they are more than `limit`. Raises OSError."""
    if not path.is_file():
        # Opening a pipe or a device could wait for ever.
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        data = file.read(limit + 1)
    return data if len(data) <= limit else None


def safe_name(name: str) -> str:
    """`name` as part of a file name on Windows and Linux: no separators, device names, edge dots; capped.

    May return an empty string.
    """
    cleaned = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name))
    cleaned = "".join(char for char in cleaned if unicodedata.category(char) not in _INVISIBLE)
    cleaned = cleaned.replace("\ufffd", "").strip(". ")
    cleaned = cleaned.encode("utf-8")[:_MAX_NAME_BYTES].decode("utf-8", "ignore").strip(". ")
    return f"_{cleaned}" if _DEVICES.match(cleaned) else cleaned

"""Several certificates in one file: PEM blocks one after the other, or a PKCS#7 (P7B), the Chinese one too."""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

import base64
import binascii
import re
from typing import ClassVar

from asn1crypto.core import Any, Integer, ObjectIdentifier, Sequence, SetOf

from xieka.certificate.soundness import sound
from xieka.certificate.structure import Certificate, Fields

MAX_BYTES = 1024 * 1024
MAX_CERTIFICATES = 50

_SIGNED_DATA = frozenset({"1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2"})
"""RFC 5652; GM/T 0010-2012."""
_BLOCK = re.compile(rb"-----BEGIN (?:(?:X509 )?CERTIFICATE|PKCS7|CMS)-----([A-Za-z0-9+/=\s]+)-----END [A-Z0-9 ]+-----")


class _Anything(SetOf):
    _child_spec = Any


class _Certificates(SetOf):
    _child_spec = Certificate


class _SignedData(Sequence):
    # What follows the certificates is not looked at.
    _fields: ClassVar[Fields] = [
        ("version", Integer),
        ("digests", _Anything),
        ("content", Any),
        ("certificates", _Certificates, {"implicit": 0, "optional": True}),
        ("lists", _Anything, {"implicit": 1, "optional": True}),
        ("signers", _Anything),
    ]


class _ContentInfo(Sequence):
    _fields: ClassVar[Fields] = [("type", ObjectIdentifier), ("content", _SignedData, {"explicit": 0})]


def certificates(data: bytes) -> list[bytes]:
    """DER of what may be certificates, in the file's order; none when it is of another form. Never raises."""
    found: list[bytes] = []
    for der in [data] if data[:1] == b"\x30" else _blocks(data):
        found += _inside(der)
    return found[:MAX_CERTIFICATES]


def _blocks(data: bytes) -> list[bytes]:
    found = []
    for block in _BLOCK.finditer(data):
        try:
            found.append(base64.b64decode(b"".join(block[1].split()), validate=True))
        except binascii.Error:
            return []
    return found


def _inside(der: bytes) -> list[bytes]:
    """The certificates of a PKCS#7; anything else is taken for a certificate itself."""
    if not sound(der):
        return [der]
    try:
        info = _ContentInfo.load(der, strict=True)
        if info["type"].dotted not in _SIGNED_DATA:
            return [der]
        return [one.dump() for one in info["content"]["certificates"] or ()]
    except Exception:  # noqa: BLE001
        # asn1crypto lets errors of many types through.
        return [der]

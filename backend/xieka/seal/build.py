"""Makes electronic seals of GB/T 38540-2020 (V4).

The field names are the standard's own, spelling included ("SES_ESPictrueInfo").
"""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import (
    GeneralizedTime,
    IA5String,
    Integer,
    ObjectIdentifier,
    OctetBitString,
    OctetString,
    Sequence,
    SequenceOf,
    UTF8String,
)

RSA_SHA256 = "1.2.840.113549.1.1.11"
"""signAlgID of PKCS#1 v1.5 with SHA-256."""

_VERSION = 4
_CERTIFICATES = 1
_Fields = list[tuple[Untyped, ...]]


@dataclass(frozen=True, slots=True)
class SealContent:
    """What a seal says; instants carry a zone, sizes are millimetres."""

    vendor: str
    """SES_Header.Vid, ASCII."""
    es_id: str
    """Unique number of the seal, ASCII."""
    kind: int
    name: str
    certificates: tuple[bytes, ...]
    """DER of the signers' certificates the seal is bound to."""
    created: datetime
    not_before: datetime
    not_after: datetime
    picture_type: str
    picture: bytes
    width_mm: int
    height_mm: int


class Header(Sequence):
    """SES_Header."""

    _fields: ClassVar[_Fields] = [("ID", IA5String), ("version", Integer), ("Vid", IA5String)]


class CertInfoList(SequenceOf):
    """The signers' certificates."""

    _child_spec = OctetString


class Property(Sequence):
    """SES_ESPropertyInfo."""

    _fields: ClassVar[_Fields] = [
        ("type", Integer),
        ("name", UTF8String),
        ("certListType", Integer),
        ("certList", CertInfoList),
        ("createDate", GeneralizedTime),
        ("validStart", GeneralizedTime),
        ("validEnd", GeneralizedTime),
    ]


class PictrueInfo(Sequence):
    """SES_ESPictrueInfo."""

    _fields: ClassVar[_Fields] = [
        ("type", IA5String),
        ("data", OctetString),
        ("width", Integer),
        ("height", Integer),
    ]


class SealInfo(Sequence):
    """SES_SealInfo; we add no extDatas."""

    _fields: ClassVar[_Fields] = [
        ("header", Header),
        ("esID", IA5String),
        ("property", Property),
        ("picture", PictrueInfo),
    ]


class Seal(Sequence):
    """SESeal."""

    _fields: ClassVar[_Fields] = [
        ("eSealInfo", SealInfo),
        ("cert", OctetString),
        ("signAlgID", ObjectIdentifier),
        ("signedValue", OctetBitString),
    ]


def build(content: SealContent, maker_certificate: bytes, algorithm: str, sign: Callable[[bytes], bytes]) -> bytes:
    """The DER of a seal signed by its maker.

    `sign` gets the DER of SES_SealInfo (what V4 signs) and returns the signature made under `algorithm` (an OID)
    with the key of `maker_certificate`, which needs digitalSignature. Raises ValueError for text that is not
    ASCII where the standard wants IA5String, and for instants without a zone.
    """
    info = SealInfo(
        {
            "header": {"ID": "ES", "version": _VERSION, "Vid": _ascii(content.vendor)},
            "esID": _ascii(content.es_id),
            "property": {
                "type": content.kind,
                "name": content.name,
                "certListType": _CERTIFICATES,
                "certList": list(content.certificates),
                "createDate": content.created.replace(microsecond=0),
                "validStart": content.not_before.replace(microsecond=0),
                "validEnd": content.not_after.replace(microsecond=0),
            },
            "picture": {
                "type": _ascii(content.picture_type),
                "data": content.picture,
                "width": content.width_mm,
                "height": content.height_mm,
            },
        }
    )
    seal = Seal(
        {
            "eSealInfo": info,
            "cert": maker_certificate,
            "signAlgID": algorithm,
            "signedValue": sign(info.dump()),
        }
    )
    der: bytes = seal.dump()
    return der


def _ascii(value: str) -> str:
    if not value.isascii():
        raise ValueError("IA5String takes ASCII only")
    return value

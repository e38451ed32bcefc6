"""Makes electronic seals of GB/T 38540-2020 (V4), in its own string and time types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto.core import GeneralizedTime, IA5String, OctetString, UTF8String

from xieka.seal.structure import Seal, SealInfo, Time

RSA_SHA256 = "1.2.840.113549.1.1.11"
"""signAlgID of PKCS#1 v1.5 with SHA-256."""

_VERSION = 4
_CERTIFICATES = 1


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


def build(content: SealContent, maker_certificate: bytes, algorithm: str, sign: Callable[[bytes], bytes]) -> bytes:
    """The DER of a seal signed by its maker.

    `sign` gets the DER of SES_SealInfo (what V4 signs) and returns the signature made under `algorithm` (an OID)
    with the key of `maker_certificate`, which needs digitalSignature. Raises ValueError for text that is not
    ASCII where the standard wants IA5String, and for instants without a zone.
    """
    info = SealInfo(
        {
            "header": {"ID": IA5String("ES"), "version": _VERSION, "Vid": _ascii(content.vendor)},
            "esID": _ascii(content.es_id),
            "property": {
                "type": content.kind,
                "name": UTF8String(content.name),
                "certListType": _CERTIFICATES,
                "certList": [OctetString(entry) for entry in content.certificates],
                "createDate": _time(content.created),
                "validStart": _time(content.not_before),
                "validEnd": _time(content.not_after),
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


def _ascii(value: str) -> IA5String:
    if not value.isascii():
        raise ValueError("IA5String takes ASCII only")
    return IA5String(value)


def _time(instant: datetime) -> Time:
    return Time("general", GeneralizedTime(instant.replace(microsecond=0)))

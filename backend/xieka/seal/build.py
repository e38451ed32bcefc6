"""Makes electronic seals of V1, V4 and V5, in the standards' own string and time types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any as Untyped

from asn1crypto.core import Any, GeneralizedTime, IA5String, ObjectIdentifier, OctetString, UTCTime, UTF8String

from xieka.seal import der, structure
from xieka.seal.content import SealContent

RSA_SHA256 = "1.2.840.113549.1.1.11"
"""signAlgID of PKCS#1 v1.5 with SHA-256."""

_CERTIFICATES, _DIGESTS = 1, 2


def build(content: SealContent, maker_certificate: bytes, algorithm: str, sign: Callable[[bytes], bytes]) -> bytes:
    """The DER of a seal signed by its maker.

    `sign` gets what a seal of this version signs (V1: SES_SealInfo, certificate and algorithm; later ones: DER of
    SES_SealInfo) and returns the signature made under `algorithm` (an OID) with the key of `maker_certificate`, which
    needs digitalSignature. Raises ValueError for text that is not ASCII where the standard wants IA5String, for
    instants without a zone, for certificates and digests in one seal, and for versions other than 1, 4 and 5.
    """
    if content.version not in (1, 4, 5):
        raise ValueError("no such version")
    if bool(content.certificates) == bool(content.digests) or (content.digests and content.version == 1):
        raise ValueError("either certificates or, since V4, their digests")
    return (
        _version_1(content, maker_certificate, algorithm, sign)
        if content.version == 1
        else _later(content, maker_certificate, algorithm, sign)
    )


def _version_1(content: SealContent, maker: bytes, algorithm: str, sign: Callable[[bytes], bytes]) -> bytes:
    info = structure.SealInfoV1(_info(content))
    signed = der.wrap(der.SEQUENCE, info.dump() + OctetString(maker).dump() + ObjectIdentifier(algorithm).dump())
    signing = {"cert": maker, "signatureAlgorithm": algorithm, "signData": sign(signed)}
    made: bytes = structure.SealV1({"esealInfo": info, "signInfo": signing}).dump()
    return made


def _later(content: SealContent, maker: bytes, algorithm: str, sign: Callable[[bytes], bytes]) -> bytes:
    info = structure.SealInfo(_info(content))
    parts = {"eSealInfo": info, "cert": maker, "signAlgID": algorithm, "signedValue": sign(info.dump())}
    made: bytes = structure.Seal(parts).dump()
    return made


def _info(content: SealContent) -> dict[str, Untyped]:
    time = _utc_time if content.version == 1 else _generalized_time
    entries = [OctetString(entry) for entry in content.certificates] or [
        structure.CertDigestObj({"type": digest.algorithm, "value": digest.value}) for digest in content.digests
    ]
    info: dict[str, Untyped] = {
        "header": {"ID": IA5String("ES"), "version": content.version, "Vid": _ascii(content.vendor)},
        "esID": _ascii(content.es_id),
        "property": {
            "type": content.kind,
            "name": UTF8String(content.name),
            "certList": [Any(entry) for entry in entries],
            "createDate": time(content.created),
            "validStart": time(content.not_before),
            "validEnd": time(content.not_after),
        },
        "picture": {
            "type": _ascii(content.picture_type),
            "data": content.picture,
            "width": content.width_mm,
            "height": content.height_mm,
        },
    }
    if content.version != 1:
        info["property"]["certListType"] = _DIGESTS if content.digests else _CERTIFICATES
    if content.extensions:
        info["extDatas"] = [
            {"extnID": extension.oid, "critical": extension.critical, "extnValue": extension.value}
            for extension in content.extensions
        ]
    return info


def _ascii(value: str) -> IA5String:
    if not value.isascii():
        raise ValueError("IA5String takes ASCII only")
    return IA5String(value)


def _generalized_time(instant: datetime) -> structure.Time:
    return structure.Time("general", GeneralizedTime(instant.replace(microsecond=0)))


def _utc_time(instant: datetime) -> structure.Time:
    return structure.Time("utc", UTCTime(instant.replace(microsecond=0)))

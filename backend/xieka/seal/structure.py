"""SESeal and SES_Signature of GM/T 0031-2014 (V1), GB/T 38540-2020 (V4) and GM/T 0031-2025 (V5) for asn1crypto.

For reading and writing both. Loose where real seals differ from the text: string types, UTCTime or GeneralizedTime,
identifiers in place of certificates, untagged extensions, `critical` present or not. The field names are the
standards' own, spelling included ("SES_ESPictrueInfo").
"""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import (
    Any,
    Boolean,
    Choice,
    GeneralizedTime,
    Integer,
    ObjectIdentifier,
    OctetBitString,
    OctetString,
    PrintableString,
    Sequence,
    SequenceOf,
    UTCTime,
)

_Fields = list[tuple[Untyped, ...]]


class Header(Sequence):
    """SES_Header."""

    _fields: ClassVar[_Fields] = [("ID", Any), ("version", Integer), ("Vid", Any)]


class Time(Choice):
    """An instant in either form."""

    _alternatives: ClassVar[_Fields] = [("utc", UTCTime), ("general", GeneralizedTime)]


class CertList(SequenceOf):
    """The signers' certificates, or digests (certListType 2), or identifiers (some V1 seals)."""

    _child_spec = Any


class CertDigestObj(Sequence):
    """An entry of CertDigestList."""

    _fields: ClassVar[_Fields] = [("type", PrintableString), ("value", OctetString)]


class ExtData(Sequence):
    """One extension. `critical` has the default FALSE and is written nevertheless: some readers insist."""

    _fields: ClassVar[_Fields] = [
        ("extnID", ObjectIdentifier),
        ("critical", Boolean, {"optional": True}),
        ("extnValue", OctetString),
    ]


class ExtensionDatas(SequenceOf):
    """Untagged inside SES_SealInfo, whatever the text of 2014 says."""

    _child_spec = ExtData


_TIMES: _Fields = [("createDate", Time), ("validStart", Time), ("validEnd", Time)]


class PropertyV1(Sequence):
    """SES_ESPropertyInfo of V1."""

    _fields: ClassVar[_Fields] = [("type", Integer), ("name", Any), ("certList", CertList), *_TIMES]


class Property(Sequence):
    """SES_ESPropertyInfo since V4."""

    _fields: ClassVar[_Fields] = [
        ("type", Integer),
        ("name", Any),
        ("certListType", Integer),
        ("certList", CertList),
        *_TIMES,
    ]


class PictrueInfo(Sequence):
    """SES_ESPictrueInfo."""

    _fields: ClassVar[_Fields] = [("type", Any), ("data", OctetString), ("width", Integer), ("height", Integer)]


class SealInfo(Sequence):
    """SES_SealInfo since V4."""

    _fields: ClassVar[_Fields] = [
        ("header", Header),
        ("esID", Any),
        ("property", Property),
        ("picture", PictrueInfo),
        ("extDatas", ExtensionDatas, {"optional": True}),
    ]


class SealInfoV1(Sequence):
    """SES_SealInfo of V1."""

    _fields: ClassVar[_Fields] = [
        (name, PropertyV1 if name == "property" else spec, *more) for name, spec, *more in SealInfo._fields
    ]


class SignInfo(Sequence):
    """SES_SignInfo of V1."""

    _fields: ClassVar[_Fields] = [
        ("cert", OctetString),
        ("signatureAlgorithm", ObjectIdentifier),
        ("signData", OctetBitString),
    ]


class SealV1(Sequence):
    """SESeal of V1."""

    _fields: ClassVar[_Fields] = [("esealInfo", SealInfoV1), ("signInfo", SignInfo)]


_TIME_STAMP = ("timeStamp", OctetBitString, {"explicit": 0, "optional": True})


class Seal(Sequence):
    """SESeal since V4; the time stamp (RFC 3161, over signedValue) since V5."""

    _fields: ClassVar[_Fields] = [
        ("eSealInfo", SealInfo),
        ("cert", OctetString),
        ("signAlgID", ObjectIdentifier),
        ("signedValue", OctetBitString),
        _TIME_STAMP,
    ]


class ToSignV1(Sequence):
    """TBS_Sign of V1. timeInfo holds a UTCTime, a GeneralizedTime, an ISO string or a time stamp."""

    _fields: ClassVar[_Fields] = [
        ("version", Integer),
        ("eseal", SealV1),
        ("timeInfo", OctetBitString),
        ("dataHash", OctetBitString),
        ("propertyInfo", Any),
        ("cert", OctetString),
        ("signatureAlgorithm", ObjectIdentifier),
    ]


class SignatureV1(Sequence):
    """SES_Signature of V1."""

    _fields: ClassVar[_Fields] = [("toSign", ToSignV1), ("signature", OctetBitString)]


class ToSign(Sequence):
    """TBS_Sign since V4."""

    _fields: ClassVar[_Fields] = [
        ("version", Integer),
        ("eseal", Seal),
        ("timeInfo", Time),
        ("dataHash", OctetBitString),
        ("propertyInfo", Any),
        ("extDatas", ExtensionDatas, {"explicit": 0, "optional": True}),
    ]


class Signature(Sequence):
    """SES_Signature since V4."""

    _fields: ClassVar[_Fields] = [
        ("toSign", ToSign),
        ("cert", OctetString),
        ("signatureAlgID", ObjectIdentifier),
        ("signature", OctetBitString),
        _TIME_STAMP,
    ]

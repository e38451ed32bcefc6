"""SESeal of GM/T 0031-2014 (V1), GB/T 38540-2020 (V4) and GM/T 0031-2025 (V5) for asn1crypto, read loosely.

Loose where real seals differ from the text: string types, UTCTime or GeneralizedTime, identifiers in place of
certificates, untagged extensions. The field names are the standards' own, spelling included ("SES_ESPictrueInfo").
"""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import (
    Any,
    Choice,
    GeneralizedTime,
    Integer,
    ObjectIdentifier,
    OctetBitString,
    OctetString,
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
        ("extDatas", Any, {"optional": True}),
    ]


class SealInfoV1(Sequence):
    """SES_SealInfo of V1."""

    _fields: ClassVar[_Fields] = [
        (name, PropertyV1 if name == "property" else spec, *more) for name, spec, *more in SealInfo._fields
    ]


class Seal(Sequence):
    """SESeal since V4."""

    _fields: ClassVar[_Fields] = [
        ("eSealInfo", SealInfo),
        ("cert", OctetString),
        ("signAlgID", ObjectIdentifier),
        ("signedValue", OctetBitString),
        ("timeStamp", Any, {"optional": True}),
    ]

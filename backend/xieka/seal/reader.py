"""Reads electronic seals (SESeal) of GM/T 0031-2014 (V1), GB/T 38540-2020 (V4) and GM/T 0031-2025 (V5).

Reading is loose where real seals differ from the text: string types, UTCTime or GeneralizedTime, identifiers
in place of certificates, untagged extensions. Nothing is verified here.
"""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import (
    Any,
    Choice,
    GeneralizedTime,
    Integer,
    OctetString,
    Sequence,
    SequenceOf,
    UTCTime,
)

from xieka.core.errors import XiekaError
from xieka.core.text import plain

log = logging.getLogger(__name__)

MAX_BYTES = 4 * 1024 * 1024
"""Far above any seal that fits a Ukey; bounds the work on hostile input."""

_BEIJING = timezone(timedelta(hours=8))
_Fields = list[tuple[Untyped, ...]]
_MAX_NUMBER = 1_000_000
_MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class Seal:
    """The content of a seal, unverified. Names as in SES_SealInfo."""

    version: int
    vendor: str
    es_id: str
    kind: int
    name: str
    certificates: tuple[bytes, ...]
    """Entries of certList: DER certificates, or digests (certListType 2), or identifiers (some V1 seals)."""
    created: datetime
    not_before: datetime
    not_after: datetime
    picture_type: str
    """Upper case."""
    picture: bytes
    width_mm: int
    height_mm: int


class _Header(Sequence):
    _fields: ClassVar[_Fields] = [("id", Any), ("version", Integer), ("vendor", Any)]


class _Time(Choice):
    _alternatives: ClassVar[_Fields] = [("utc", UTCTime), ("general", GeneralizedTime)]


class _Entries(SequenceOf):
    _child_spec = Any


class _PropertyV1(Sequence):
    _fields: ClassVar[_Fields] = [
        ("type", Integer),
        ("name", Any),
        ("certificates", _Entries),
        ("created", _Time),
        ("not_before", _Time),
        ("not_after", _Time),
    ]


class _PropertyV4(Sequence):
    _fields: ClassVar[_Fields] = [
        ("type", Integer),
        ("name", Any),
        ("list_type", Integer),
        ("certificates", _Entries),
        ("created", _Time),
        ("not_before", _Time),
        ("not_after", _Time),
    ]


class _Picture(Sequence):
    _fields: ClassVar[_Fields] = [
        ("type", Any),
        ("data", OctetString),
        ("width", Integer),
        ("height", Integer),
    ]


def _info(properties: type[Sequence]) -> type[Sequence]:
    class Info(Sequence):
        _fields: ClassVar[_Fields] = [
            ("header", _Header),
            ("es_id", Any),
            ("property", properties),
            ("picture", _Picture),
            ("extensions", Any, {"optional": True}),
        ]

    return Info


_INFO_V1 = _info(_PropertyV1)
_INFO_V4 = _info(_PropertyV4)


def read(der: bytes) -> Seal:
    """Understand a seal. Raises XiekaError E-SEA-01, whatever the bytes are."""
    if len(der) > MAX_BYTES:
        raise XiekaError("E-SEA-01")
    with _understanding():
        outer = Sequence.load(der, strict=True)
        # V1: SealInfo and SignInfo; V4 and V5: SealInfo, cert, signAlgID, signedValue and perhaps timeStamp.
        # The number in the header is no help here: V1 seals carry several.
        spec = _INFO_V1 if len(outer) == 2 else _INFO_V4
        info = spec.load(outer[0].dump(), strict=True)
        return _seal(info)


def _seal(info: Untyped) -> Seal:
    header, properties, picture = info["header"], info["property"], info["picture"]
    if _text(header["id"]) != "ES":
        raise ValueError("not a seal")
    return Seal(
        version=_number(header["version"]),
        vendor=_text(header["vendor"]),
        es_id=_text(info["es_id"]),
        kind=_number(properties["type"]),
        name=_text(properties["name"]),
        certificates=tuple(entry.parse().contents for entry in properties["certificates"]),
        created=_instant(properties["created"]),
        not_before=_instant(properties["not_before"]),
        not_after=_instant(properties["not_after"]),
        picture_type=_text(picture["type"]).upper(),
        picture=picture["data"].native,
        width_mm=_number(picture["width"]),
        height_mm=_number(picture["height"]),
    )


@contextmanager
def _understanding() -> Iterator[None]:
    try:
        yield
    except Exception as broken:
        # asn1crypto parses lazily and lets errors of many types through; none may reach the caller, who shows
        # the code and goes on with the next object.
        log.debug("seal not understood", exc_info=True)
        raise XiekaError("E-SEA-01") from broken


def _text(value: Untyped) -> str:
    # Whatever string type was written: UTF-8 (the prescribed ones are subsets of it), else the national code.
    contents: bytes = value.parse().contents
    try:
        text = contents.decode("utf-8")
    except UnicodeDecodeError:
        text = contents.decode("gb18030", "replace")
    return plain(text[:_MAX_TEXT])


def _number(value: Untyped) -> int:
    number = int(value.native)
    if not 0 <= number <= _MAX_NUMBER:
        raise ValueError("number out of any sense")
    return number


def _instant(value: Untyped) -> datetime:
    native = value.native
    if not isinstance(native, datetime):
        raise ValueError("year 0")
    # A GeneralizedTime without zone is local time (X.680), which for these seals is Beijing's.
    return (native if native.tzinfo else native.replace(tzinfo=_BEIJING)).astimezone(UTC)

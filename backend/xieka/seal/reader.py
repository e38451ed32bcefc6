"""Understands electronic seals (SESeal, V1 to V5). Nothing is verified here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any as Untyped

from asn1crypto.core import Sequence

from xieka.core.errors import XiekaError
from xieka.core.text import decode_chinese, plain
from xieka.seal import structure

log = logging.getLogger(__name__)

MAX_BYTES = 4 * 1024 * 1024
"""Far above any seal that fits a Ukey; bounds the work on hostile input."""

MAX_CERTIFICATES = 1000
"""Entries of certList; real seals have a handful."""

_BEIJING = timezone(timedelta(hours=8))
# Of any SEQUENCE but certList; extensions may follow the fields we know.
_MAX_FIELDS = 16
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


@lru_cache(maxsize=8)
def read(der: bytes) -> Seal:
    """Understand a seal, once: it is asked for whenever the page is told of its Ukey.

    Raises XiekaError E-SEA-01, whatever the bytes are.
    """
    if len(der) > MAX_BYTES:
        raise XiekaError("E-SEA-01")
    with _understanding():
        outer = Sequence.load(der, strict=True)
        # V1: SealInfo and SignInfo; V4 and V5: SealInfo, cert, signAlgID, signedValue and perhaps timeStamp.
        # The number in the header is no help here: V1 seals carry several.
        version_1 = _count(outer.contents, _MAX_FIELDS) == 2
        spec = structure.SealInfoV1 if version_1 else structure.SealInfo
        return _seal(spec.load(outer[0].dump(), strict=True))


def _seal(info: Untyped) -> Seal:
    _count(info.contents, _MAX_FIELDS)
    header, properties, picture = info["header"], info["property"], info["picture"]
    for part in (header, properties, picture):
        _count(part.contents, _MAX_FIELDS)
    if _text(header["ID"]) != "ES":
        raise ValueError("not a seal")
    _count(properties["certList"].contents, MAX_CERTIFICATES)
    return Seal(
        version=_number(header["version"]),
        vendor=_text(header["Vid"]),
        es_id=_text(info["esID"]),
        kind=_number(properties["type"]),
        name=_text(properties["name"]),
        certificates=tuple(entry.parse().contents for entry in properties["certList"]),
        created=_instant(properties["createDate"]),
        not_before=_instant(properties["validStart"]),
        not_after=_instant(properties["validEnd"]),
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


def _count(contents: bytes, most: int) -> int:
    """Values in DER contents. Raises ValueError above `most`, before a parser makes an object of each."""
    number = position = 0
    while position < len(contents):
        number += 1
        tag, length = contents[position : position + 2]
        if number > most or tag & 0x1F == 0x1F or length == 0x80:
            raise ValueError("too many values, or not DER as seals have it")
        position += 2
        if length & 0x80:
            octets = length & 0x7F
            length = int.from_bytes(contents[position : position + octets], "big")
            position += octets
        position += length
    return number


def _text(value: Untyped) -> str:
    # Whatever string type was written.
    return plain(decode_chinese(value.parse().contents)[:_MAX_TEXT])


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

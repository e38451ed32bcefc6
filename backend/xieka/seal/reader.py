"""Understands electronic seals (SESeal, V1 to V5). Nothing is verified here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any as Untyped

from asn1crypto.core import Sequence, Void

from xieka.core.errors import XiekaError
from xieka.seal import der, fields, structure
from xieka.seal.content import Digest, Extension, SealContent

MAX_BYTES = 4 * 1024 * 1024
"""Far above any seal that fits a Ukey; bounds the work on hostile input."""

MAX_CERTIFICATES = 1000
"""Entries of certList; real seals have a handful."""

_DIGESTS = 2
_OCTET_STRING = 4


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal, unverified."""

    form: int
    """Which layout: 1 (GM/T 0031-2014) or 4 (GB/T 38540-2020, GM/T 0031-2025)."""
    content: SealContent
    maker: bytes
    """DER of the certificate of who made it, as far as anybody checked."""
    algorithm: str
    """OID."""
    signed: bytes
    """What the maker's signature covers."""
    signature: bytes
    time_stamp: bytes | None
    """RFC 3161 token over the signature (V5)."""


@lru_cache(maxsize=8)
def read(data: bytes) -> Seal:
    """Understand a seal, once: it is asked for whenever the page is told of its Ukey.

    Whatever the bytes are, it raises nothing but XiekaError: E-SEA-01 (no seal), E-SEA-04 (cut short), E-SEA-05
    (something behind it), E-SEA-06 (too large).
    """
    value = parse(data)
    with fields.understanding("E-SEA-01"):
        return seal(value)


def parse(data: bytes) -> Untyped:
    """The seal as the parser's object (structure.SealV1 or structure.Seal). Raises as `read`."""
    if len(data) > MAX_BYTES:
        raise XiekaError("E-SEA-06")
    der.look(data)
    with fields.understanding("E-SEA-01"):
        return fields.load(spec(data), data)


def spec(data: bytes) -> type[Sequence]:
    """Which layout a seal has: V1 is SealInfo and SignInfo, later ones have four fields or five.

    The number in the header is no help: V1 seals carry several.
    """
    outer = Sequence.load(data, strict=True)
    return structure.SealV1 if der.children(outer.contents) == 2 else structure.Seal


def seal(value: Untyped) -> Seal:
    """The values of a parsed seal. Raises anything: use it inside `fields.understanding`."""
    if isinstance(value, structure.SealV1):
        info, sign = value["esealInfo"], value["signInfo"]
        maker, algorithm, signature = sign["cert"], sign["signatureAlgorithm"], sign["signData"]
        # SignedV1, of the bytes as they stand there.
        signed = der.wrap(der.SEQUENCE, info.dump() + maker.dump() + algorithm.dump())
        form, time_stamp = 1, None
    else:
        info, maker, algorithm, signature = (value[n] for n in ("eSealInfo", "cert", "signAlgID", "signedValue"))
        form, signed, time_stamp = 4, info.dump(), value["timeStamp"].native
    return Seal(form, _content(info), maker.native, algorithm.dotted, signed, signature.native, time_stamp)


def _content(info: Untyped) -> SealContent:
    header, properties, picture = info["header"], info["property"], info["picture"]
    if fields.text(header["ID"]) != "ES":
        raise ValueError("not a seal")
    certificates, digests, identifiers = _signers(properties)
    return SealContent(
        version=fields.number(header["version"]),
        vendor=fields.text(header["Vid"]),
        es_id=fields.text(info["esID"]),
        kind=fields.number(properties["type"]),
        name=fields.text(properties["name"]),
        certificates=certificates,
        digests=digests,
        identifiers=identifiers,
        created=fields.instant(properties["createDate"]),
        not_before=fields.instant(properties["validStart"]),
        not_after=fields.instant(properties["validEnd"]),
        picture_type=fields.text(picture["type"]).upper(),
        picture=picture["data"].native,
        width_mm=fields.number(picture["width"]),
        height_mm=fields.number(picture["height"]),
        extensions=extensions(info["extDatas"]),
    )


def _signers(properties: Untyped) -> tuple[tuple[bytes, ...], tuple[Digest, ...], tuple[bytes, ...]]:
    if der.children(properties["certList"].contents) > MAX_CERTIFICATES:
        raise XiekaError("E-SEA-06")
    # CertInfoList and CertDigestList carry no tags: certListType alone tells which it is.
    listed = properties["certListType"].native if isinstance(properties, structure.Property) else 1
    if listed == _DIGESTS:
        entries = [fields.load(structure.CertDigestObj, entry.dump()) for entry in properties["certList"]]
        return (), tuple(Digest(fields.text_of(e["type"].contents), e["value"].native) for e in entries), ()
    if listed != 1:
        raise ValueError("certListType")
    found = [entry.parse() for entry in properties["certList"]]
    return (
        tuple(entry.native for entry in found if entry.tag == _OCTET_STRING),
        (),
        tuple(entry.contents for entry in found if entry.tag != _OCTET_STRING),
    )


def extensions(value: Untyped) -> tuple[Extension, ...]:
    """ExtensionDatas as plain values."""
    if isinstance(value, Void):
        return ()
    return tuple(
        Extension(entry["extnID"].dotted, bool(entry["critical"].native), entry["extnValue"].native) for entry in value
    )

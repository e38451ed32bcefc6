"""Understands signatures of documents made with a seal (SES_Signature, V1 to V5). Nothing is verified here."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any as Untyped

from asn1crypto.core import Asn1Value, Sequence
from asn1crypto.core import load as load_any

from xieka.certificate.soundness import sound
from xieka.core.errors import XiekaError
from xieka.seal import der, fields, reader, structure
from xieka.seal.content import Extension

_COMPACT = re.compile(r"\d{14}Z?")


@dataclass(frozen=True, slots=True)
class SealSignature:
    """A document's signature, unverified."""

    version: int
    """TBS_Sign.version."""
    seal: reader.Seal
    seal_der: bytes
    signed_at: datetime | None
    """timeInfo, by the signer's own clock; None when it is in none of the known forms."""
    data_hash: bytes
    data_name: str
    """propertyInfo: what of the document was hashed, e.g. a file inside an OFD package."""
    signer: bytes
    """DER of the certificate of who signed, as far as anybody checked."""
    algorithm: str
    """OID."""
    signed: bytes
    """What the signature covers (TBS_Sign)."""
    signature: bytes
    time_stamp: bytes | None
    extensions: tuple[Extension, ...]


def read(data: bytes) -> SealSignature:
    """Understand a signature.

    Whatever the bytes are, it raises nothing but XiekaError: E-SEA-40 (no signature), E-SEA-04 (cut short), E-SEA-05
    (something behind it), E-SEA-06 (too large).
    """
    value = parse(data)
    with fields.understanding("E-SEA-40"):
        return _signature(value)


def parse(data: bytes) -> Untyped:
    """The signature as the parser's object (structure.SignatureV1 or structure.Signature). Raises as `read`."""
    if len(data) > reader.MAX_BYTES:
        raise XiekaError("E-SEA-06")
    try:
        der.look(data)
    except XiekaError as error:
        if error.code == "E-SEA-01":
            raise XiekaError("E-SEA-40") from error
        raise
    with fields.understanding("E-SEA-40"):
        outer = Sequence.load(data, strict=True)
        version_1 = der.children(outer.contents) == 2
        return fields.load(structure.SignatureV1 if version_1 else structure.Signature, data)


def _signature(value: Untyped) -> SealSignature:
    to_sign, seal = value["toSign"], value["toSign"]["eseal"]
    version_1 = isinstance(value, structure.SignatureV1)
    signer = to_sign["cert"] if version_1 else value["cert"]
    algorithm = to_sign["signatureAlgorithm"] if version_1 else value["signatureAlgID"]
    time = to_sign["timeInfo"]
    return SealSignature(
        version=fields.number(to_sign["version"]),
        seal=reader.seal(seal),
        seal_der=seal.dump(),
        signed_at=_loose_instant(time.native) if version_1 else fields.instant(time),
        data_hash=to_sign["dataHash"].native,
        data_name=fields.text(to_sign["propertyInfo"]),
        signer=signer.native,
        algorithm=algorithm.dotted,
        signed=to_sign.dump(),
        signature=value["signature"].native,
        time_stamp=None if version_1 else value["timeStamp"].native,
        extensions=() if version_1 else reader.extensions(to_sign["extDatas"]),
    )


def _loose_instant(raw: bytes) -> datetime | None:
    """timeInfo of V1: DER of a time, or a time as text, without zone in Beijing's."""
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        if sound(raw):
            value: Asn1Value = load_any(raw, strict=True)
            return fields.instant(value)
    with contextlib.suppress(ValueError, OverflowError):
        text = raw.decode("ascii").strip()
        if _COMPACT.fullmatch(text):
            text = f"{text[:8]}T{text[8:]}"
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=fields.BEIJING)).astimezone(UTC)
    return None

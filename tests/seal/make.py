"""Seals and signatures for tests, signed by keys made here."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime

from asn1crypto.core import Any, GeneralizedTime, IA5String
from PIL import Image

from tests.seal.signers import Signer, signer
from xieka.gm import sm2, sm3
from xieka.seal import build, reader, structure
from xieka.seal.content import SealContent


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    encoded = io.BytesIO()
    Image.new("RGB", size, (224, 16, 24)).save(encoded, kind)
    return encoded.getvalue()


CONTENT = SealContent(
    vendor="Test",
    es_id="31011500000001",
    kind=4,
    name="示例公司合同专用章",
    certificates=(b"first certificate", b"second"),
    created=datetime(2026, 1, 1, 2, 3, 4, tzinfo=UTC),
    not_before=datetime(2026, 1, 1, tzinfo=UTC),
    not_after=datetime(2027, 1, 1, tzinfo=UTC),
    picture_type="PNG",
    picture=picture(),
    width_mm=40,
    height_mm=30,
)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SIGNED_AT = datetime(2026, 5, 1, 8, 0, 0, tzinfo=UTC)
DOCUMENT = b"<Signature>the signed document</Signature>"


def seal(maker: Signer | None = None, **changes: object) -> bytes:
    """A seal by RSA's maker unless another one is named."""
    maker = maker or signer("rsa")
    content = replace(CONTENT, **changes)  # type: ignore[arg-type]
    return build.build(content, maker.certificate, maker.algorithm, maker.key.sign)


def bound_seal(kind: str, version: int, **changes: object) -> bytes:
    """A seal of this kind of key, for the signer of the same kind."""
    certificates = {"certificates": (signer(kind, "signer").certificate,)}
    return seal(signer(kind), **{"version": version} | certificates | changes)


def signature(
    eseal: bytes,
    who: Signer,
    *,
    at: Any = SIGNED_AT,
    data: bytes | None = None,
    name: str = "/Doc_0/Signature.xml",
    algorithm: str | None = None,
) -> bytes:
    """SES_Signature with this seal. `at`: an instant, or the bytes of V1's timeInfo. `data`: the hash itself."""
    algorithm = algorithm or who.algorithm
    digest = data or (sm3.digest(DOCUMENT) if algorithm == sm2.SIGNATURE_OID else hashlib.sha256(DOCUMENT).digest())
    fields = {"version": 4, "dataHash": digest, "propertyInfo": Any(IA5String(name))}
    if version_1(eseal):
        time = at if isinstance(at, bytes) else GeneralizedTime(at).dump()
        own = {"cert": who.certificate, "signatureAlgorithm": algorithm, "timeInfo": time}
        to_sign = structure.ToSignV1(fields | own | {"version": 1, "eseal": structure.SealV1.load(eseal)})
        return bytes(structure.SignatureV1({"toSign": to_sign, "signature": who.key.sign(to_sign.dump())}).dump())
    time = structure.Time("general", GeneralizedTime(at))
    to_sign = structure.ToSign(fields | {"timeInfo": time, "eseal": structure.Seal.load(eseal)})
    parts = {"cert": who.certificate, "signatureAlgID": algorithm, "signature": who.key.sign(to_sign.dump())}
    return bytes(structure.Signature({"toSign": to_sign, **parts}).dump())


def version_1(eseal: bytes) -> bool:
    return reader.spec(eseal) is structure.SealV1

"""Seals for tests, signed by a key made here."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from PIL import Image

from xieka.seal import build
from xieka.seal.content import SealContent


@cache
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def sign(content: bytes) -> bytes:
    return key().sign(content, padding.PKCS1v15(), hashes.SHA256())


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


def seal(**changes: object) -> bytes:
    content = replace(CONTENT, **changes)  # type: ignore[arg-type]
    return build.build(content, b"maker certificate", build.RSA_SHA256, sign)

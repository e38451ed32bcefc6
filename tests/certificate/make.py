"""Certificates with any extension, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from asn1crypto.core import PrintableString
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)


@cache
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def usage(*bits: int) -> x509.KeyUsage:
    return x509.KeyUsage(*(number in bits for number in range(9)))


def private(oid: str, text: str) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), PrintableString(text).dump())


def raw(oid: str, der: bytes) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), der)


def certificate(
    *extensions: x509.ExtensionType,
    common_name: str | None = "示例公司",
    organisation: str | None = None,
    begin: datetime = BEGIN,
    end: datetime = END,
    serial: int = 0x1234,
) -> bytes:
    names = [(NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common_name)]
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in names if value is not None])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "测试 CA")]))
        .serial_number(serial)
        .not_valid_before(begin)
        .not_valid_after(end)
        .public_key(key().public_key())
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key(), hashes.SHA256()).public_bytes(serialization.Encoding.DER)

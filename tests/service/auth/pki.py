"""Certificates of every shape, good and hostile, made for one test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto.core import Null
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from xieka.certificate import structure

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ORGANISATION = "上海沪申示例贸易有限公司"
USCC = "91310115MA1K00007Q"
SIGNING = frozenset({"digital_signature", "content_commitment"})
ENCRYPTION = frozenset({"key_encipherment", "data_encipherment"})
RSA_SHA1 = "1.2.840.113549.1.1.5"
RSA_SHA256 = "1.2.840.113549.1.1.11"
RSA_SHA512 = "1.2.840.113549.1.1.13"
AUTHORITY = frozenset({"key_cert_sign", "crl_sign"})
_ALL = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Key `number` of this size: made once a run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key(number: int = 0, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    """Key `number` on this curve: made once a run."""
    return ec.generate_private_key(curve())


def name(common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


@dataclass(frozen=True)
class Shape:
    """Everything that decides a certificate."""

    subject: str
    key: Key = field(default_factory=ec_key)
    begins: datetime = NOW - 30 * DAY
    ends: datetime = NOW + 300 * DAY
    authority: bool | None = False
    """basicConstraints cA; None: no such extension."""
    path_length: int | None = None
    usages: frozenset[str] | None = SIGNING
    """None: no keyUsage."""
    extra: tuple[tuple[str, bytes, bool], ...] = ()
    """(oid, value, critical)."""
    issuer_name: str | None = None
    """Written instead of the issuer's own name."""


@dataclass(frozen=True)
class Made:
    """A certificate with its private key."""

    shape: Shape
    certificate: x509.Certificate

    @property
    def key(self) -> Key:
        return self.shape.key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def issue(self, shape: Shape) -> Made:
        """What this one signs, whether it may or not."""
        return _make(shape, self.shape.subject, self.key)


def authority(subject: str, number: int, *, path_length: int | None = None, rsa: bool = False) -> Shape:
    """An ordinary authority's shape."""
    key: Key = rsa_key(number) if rsa else ec_key(number)
    return Shape(subject, key, NOW - 3650 * DAY, NOW + 3650 * DAY, True, path_length, AUTHORITY)


def self_signed(shape: Shape) -> Made:
    """A root."""
    return _make(shape, shape.subject, shape.key)


def holder(
    subject: str = "上海沪申示例贸易有限公司", number: int = 50, *, rsa: bool = False, **changes: object
) -> Shape:
    """An ordinary signing certificate's shape, with the organisation's code as SHECA writes it."""
    key: Key = rsa_key(number) if rsa else ec_key(number)
    uscc = (("1.2.156.112570.11.210", b"\x13\x12" + USCC.encode(), False),)
    return replace(Shape(subject, key, extra=uscc), **changes)  # type: ignore[arg-type]


def _make(shape: Shape, issuer: str, key: Key) -> Made:
    builder = (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .subject_name(name(shape.subject))
        .issuer_name(name(shape.issuer_name or issuer))
        .public_key(shape.key.public_key())
        .not_valid_before(shape.begins)
        .not_valid_after(shape.ends)
    )
    if shape.authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(shape.authority, shape.path_length), critical=True)
    if shape.usages is not None:
        builder = builder.add_extension(x509.KeyUsage(*(bit in shape.usages for bit in _ALL)), critical=True)
    for oid, value, critical in shape.extra:
        builder = builder.add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical)
    return Made(shape, builder.sign(key, hashes.SHA256()))


def resigned(
    der: bytes, key: rsa.RSAPrivateKey, *, algorithm: str = RSA_SHA256, extensions: Iterable[bytes] = ()
) -> bytes:
    """The certificate with another algorithm or further extensions, signed again: what no honest tool builds."""
    certificate = structure.Certificate.load(der)
    tbs = certificate["tbs_certificate"]
    tbs["signature"] = identifier = {"algorithm": algorithm, "parameters": Null()}
    if more := [structure.Extension.load(one) for one in extensions]:
        tbs["extensions"] = structure.Extensions([*tbs["extensions"], *more])
    digest = hashes.SHA1() if algorithm == RSA_SHA1 else hashes.SHA256()  # noqa: S303 - this is the attack
    signature = key.sign(tbs.dump(force=True), padding.PKCS1v15(), digest)
    fields = {"tbs_certificate": tbs, "signature_algorithm": identifier, "signature_value": signature}
    result: bytes = structure.Certificate(fields).dump(force=True)
    return result

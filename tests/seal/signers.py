"""Keys with certificates that sign seals in tests: RSA and SM2, made here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Protocol

from asn1crypto.core import BitString, Null, ObjectIdentifier, PrintableString, UTCTime
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from xieka.certificate import structure
from xieka.gm import sm2

RSA_SHA256, RSA_SHA1 = "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.5"
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
SIGNING, ENCRYPTING = (0, 1), (2, 3)
RESPONDING = bytes.fromhex("300a06082b06010505070309")
"""Extended key usage: OCSP answers."""
ACTING = bytes.fromhex("300a06082b06010505070302")
"""clientAuth."""


class Key(Protocol):
    algorithm: str

    def info(self) -> bytes: ...
    def sign(self, content: bytes) -> bytes: ...


class RsaKey:
    algorithm = RSA_SHA256

    def __init__(self, bits: int = 2048) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=bits)

    def info(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, content: bytes) -> bytes:
        return self._key.sign(content, padding.PKCS1v15(), hashes.SHA256())


class Sm2Key:
    algorithm = sm2.SIGNATURE_OID

    def __init__(self) -> None:
        self._private, self.public = sm2.generate()

    def info(self) -> bytes:
        algorithm = {"algorithm": "1.2.840.10045.2.1", "parameters": ObjectIdentifier(sm2.CURVE_OID)}
        made: bytes = structure.PublicKeyInfo({"algorithm": algorithm, "public_key": self.public}).dump()
        return made

    def sign(self, content: bytes) -> bytes:
        return sm2.sign(self._private, content)


@dataclass(frozen=True)
class Signer:
    """A key and its certificate."""

    key: Key
    certificate: bytes

    @property
    def algorithm(self) -> str:
        return self.key.algorithm


@cache
def key(kind: str, who: str) -> Key:
    return Sm2Key() if kind == "sm2" else RsaKey(int(kind.removeprefix("rsa") or 2048))


@cache
def signer(
    kind: str = "sm2",
    who: str = "maker",
    usage: tuple[int, ...] | None = SIGNING,
    begin: datetime = BEGIN,
    end: datetime = END,
    purposes: bytes | None = None,
) -> Signer:
    """`kind`: sm2, rsa, rsa1024 …; `purposes`: DER of the extended key usage.

    The certificate is signed by its own key: nobody here asks for a path.
    """
    own = key(kind, who)
    parameters = Null() if own.algorithm == RSA_SHA256 else None
    algorithm = structure.AlgorithmIdentifier({"algorithm": own.algorithm, "parameters": parameters})
    name = structure.Name([structure.RelativeName([{"type": "2.5.4.3", "value": PrintableString(who)}])])
    tbs = structure.TbsCertificate(
        {
            "version": 2,
            "serial_number": len(who) + 1,
            "signature": algorithm,
            "issuer": name,
            "validity": {"not_before": _time(begin), "not_after": _time(end)},
            "subject": name,
            "subject_public_key_info": structure.PublicKeyInfo.load(own.info()),
        }
    )
    if usage is not None:
        bits = BitString(tuple(int(bit in usage) for bit in range(max(usage) + 1)))
        more = [{"oid": "2.5.29.37", "value": purposes}] if purposes is not None else []
        tbs["extensions"] = [{"oid": "2.5.29.15", "critical": True, "value": bits.dump()}, *more]
    certificate = structure.Certificate(
        {"tbs_certificate": tbs, "signature_algorithm": algorithm, "signature_value": own.sign(tbs.dump())}
    )
    return Signer(own, certificate.dump())


def _time(instant: datetime) -> structure.Time:
    return structure.Time("utc", UTCTime(instant))

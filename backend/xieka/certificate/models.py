"""Values of the certificate room, ready for the page and for scripts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Role(StrEnum):
    """What the key of a dual-certificate Ukey is for (GB/T 20518, keyUsage)."""

    SIGNING = "signing"
    ENCRYPTION = "encryption"


class ValidityState(StrEnum):
    """Where today lies against notBefore/notAfter. Says nothing about trust or revocation."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    NOT_YET = "not_yet"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Extension(_Value):
    """One X.509 extension, named where the name is known."""

    oid: str
    name: str
    """Name in the user's language, or the OID again."""
    known: bool
    critical: bool
    value: str
    """The value for people; hex of the DER where its meaning is not known."""


class CertificateSummary(_Value):
    """What the card on the page shows."""

    role: Role | None
    """None when keyUsage allows neither or is absent and nothing else decides."""
    subject: str
    """The holder's name: CN, else O, else the whole distinguished name."""
    issuer: str
    serial: str
    """Upper-case hex without separators."""
    not_before: datetime
    not_after: datetime
    days_left: int
    """Whole days until notAfter; negative after expiry."""
    state: ValidityState
    life_used: float
    """Share of the validity period that has passed, 0…1."""
    uscc: str | None
    """统一社会信用代码 from the certificate (1.2.156.112570.11.210), if present."""
    org_code: str | None
    kind: str
    """`yizhengtong`, `legacy`, `business` (for one business only) or `unknown`, by the operator profile (kinds.py)."""
    algorithm: str
    """Key algorithm with size, e.g. `RSA 2048`, `SM2`."""
    usages: list[str]
    """keyUsage bits in the user's language."""


class CertificateDetail(CertificateSummary):
    """Everything a certificate says, for the detail view and `certificate show`."""

    version: int
    subject_fields: list[tuple[str, str]]
    """(attribute name in the user's language, value), in the certificate's order."""
    issuer_fields: list[tuple[str, str]]
    signature_algorithm: str
    signature_algorithm_oid: str
    public_key: str
    """Hex: the modulus for RSA, the uncompressed point for EC/SM2."""
    extended_usages: list[str]
    extensions: list[Extension]
    sha1: str
    sha256: str
    """Fingerprints over the DER, upper-case hex."""
    size: int
    """Length of the DER in bytes."""

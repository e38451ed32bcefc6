"""What a seal says, as plain values: read from one, or to be built into one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """One entry of a digest list (CertDigestObj): the digest of a certificate and how it was made."""

    algorithm: str
    """Free text by the standard; we write the OID."""
    value: bytes


@dataclass(frozen=True, slots=True)
class Extension:
    """One ExtData."""

    oid: str
    critical: bool
    value: bytes


@dataclass(frozen=True, slots=True)
class SealContent:
    """SES_SealInfo; instants carry a zone, sizes are millimetres. Names are the standard's."""

    vendor: str
    """SES_Header.Vid, ASCII."""
    es_id: str
    """Unique number of the seal, ASCII."""
    kind: int
    """SES_ESPropertyInfo.type."""
    name: str
    certificates: tuple[bytes, ...]
    """DER of the signers' certificates the seal is bound to."""
    created: datetime
    not_before: datetime
    not_after: datetime
    picture_type: str
    """As written, read in upper case."""
    picture: bytes
    width_mm: int
    height_mm: int
    digests: tuple[Digest, ...] = ()
    """In place of certificates (certListType 2, since V4)."""
    identifiers: tuple[bytes, ...] = ()
    """Strings where certificates should stand, in some V1 seals."""
    extensions: tuple[Extension, ...] = ()
    version: int = 4
    """SES_Header.version: 1 (several numbers in V1 seals), 4, 5."""

    @property
    def bound(self) -> int:
        """Entries of certList, of whatever kind."""
        return len(self.certificates) + len(self.digests) + len(self.identifiers)

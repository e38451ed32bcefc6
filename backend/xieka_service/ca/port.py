"""The port: what the service asks of any certificate authority, its own or an external engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from xieka.certificate.models import Role


class Profile(StrEnum):
    """Which identity extensions a certificate carries."""

    LEGACY = "legacy"
    """SHECA before 一证通: one container 1.2.156.1.8888 with the organisation code in .148."""
    YIZHENGTONG = "yizhengtong"
    """GM/T 0015 organisation identities and SHECA's 1.2.156.112570.11.205 and .210."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The organisation a certificate is issued to; its identity has been checked before."""

    name: str
    uscc: str
    """统一社会信用代码, 18 characters."""
    org_code: str
    """组织机构代码, 9 characters without hyphen."""
    registration: str | None = None
    """工商注册号, 15 digits; organisations registered since 2015 may have none."""


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that decides the bytes of a certificate but its serial number."""

    profile: Profile
    role: Role
    public_key: bytes
    """DER of SubjectPublicKeyInfo. Possession of the private key has been proven before."""
    subject: Subject
    not_before: datetime
    not_after: datetime


class CertificateAuthority(Protocol):
    """Issues certificates. Serial numbers are reserved first, so that a repeated order gives the same bytes."""

    def reserve(self) -> int:
        """A serial number that will never be given out again. Raises OSError when it cannot be recorded."""
        ...

    def issue(self, order: Order, serial: int) -> bytes:
        """The certificate's DER; the same order and serial give the same bytes however often they are issued.

        Raises ValueError for a serial that is not reserved or belongs to another order, for validity outside the
        authority's own, and for a public key of another kind than the authority's, or an RSA key below 2048 bits.
        """
        ...

    def chain(self) -> tuple[bytes, ...]:
        """DER of the authority's certificates, the issuing one first, the root last."""
        ...

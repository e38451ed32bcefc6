"""What an authority signs, put together in DER: certificates, lists, OCSP answers; RSA and SM2 alike.

cryptography's builders know no SM2; its extensions are used, for they are the same.
"""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from asn1crypto.core import Any, GeneralizedTime, Integer, OctetBitString, Sequence, SequenceOf, UTCTime
from cryptography import x509

from xieka.certificate import structure
from xieka.certificate.structure import AlgorithmIdentifier, Fields
from xieka_service.ca.suites import Key, Suite, key_bits

Extensions = Iterable[tuple[x509.ExtensionType, bool]]
"""(extension, critical)."""


class Signed(Sequence):
    """SIGNED of X.509: what is signed, how, the signature."""

    _fields: ClassVar[Fields] = [
        ("body", Any),
        ("algorithm", AlgorithmIdentifier),
        ("signature", OctetBitString),
    ]


class _Revoked(Sequence):
    _fields: ClassVar[Fields] = [
        ("serial", Integer),
        ("at", structure.Time),
        ("extensions", structure.Extensions, {"optional": True}),
    ]


class _RevokedList(SequenceOf):
    _child_spec = _Revoked


class ListBody(Sequence):
    """TBSCertList, RFC 5280, 5.1."""

    _fields: ClassVar[Fields] = [
        ("version", Integer),
        ("signature", AlgorithmIdentifier),
        ("issuer", structure.Name),
        ("this_update", structure.Time),
        ("next_update", structure.Time),
        ("revoked", _RevokedList, {"optional": True}),
        ("extensions", structure.Extensions, {"explicit": 0}),
    ]


@dataclass(frozen=True, slots=True)
class Blank:
    """A certificate before somebody signs it."""

    serial: int
    subject: x509.Name
    key_info: bytes
    """DER of SubjectPublicKeyInfo."""
    begins: datetime
    ends: datetime
    extensions: tuple[tuple[x509.ExtensionType, bool], ...]


def certificate_body(blank: Blank, issuer: bytes, suite: Suite) -> bytes:
    """DER of TBSCertificate (RFC 5280, 4.1.2). `issuer`: DER of the signer's name."""
    fields = {
        "version": 2,
        "serial_number": blank.serial,
        "signature": AlgorithmIdentifier.load(suite.identifier),
        "issuer": structure.Name.load(issuer),
        "validity": {"not_before": time(blank.begins), "not_after": time(blank.ends)},
        "subject": structure.Name.load(blank.subject.public_bytes()),
        "subject_public_key_info": structure.PublicKeyInfo.load(blank.key_info),
        "extensions": list_of(blank.extensions),
    }
    body: bytes = structure.TbsCertificate(fields).dump()
    return body


def sign(body: bytes, key: Key, suite: Suite) -> bytes:
    """DER of the body with its signature."""
    fields = {
        "body": Any.load(body),
        "algorithm": AlgorithmIdentifier.load(suite.identifier),
        "signature": key.sign(body),
    }
    der: bytes = Signed(fields).dump()
    return der


def list_of(extensions: Extensions) -> list[structure.Extension]:
    """For asn1crypto."""
    return [
        structure.Extension({"oid": one.oid.dotted_string, "critical": critical, "value": one.public_bytes()})
        for one, critical in extensions
    ]


def time(moment: datetime) -> structure.Time:
    """Whole seconds, in the form of its year (RFC 5280, 4.1.2.5)."""
    moment = moment.replace(microsecond=0)
    if moment.year < 2050:
        return structure.Time("utc", UTCTime(moment))
    return structure.Time("general", GeneralizedTime(moment))


def key_identifier(info: bytes) -> bytes:
    """SHA-1 of the key, as every certificate names it (RFC 5280, 4.2.1.2, method 1)."""
    return hashlib.sha1(key_bits(info), usedforsecurity=False).digest()


def subject_key(info: bytes) -> x509.SubjectKeyIdentifier:
    """The extension about the own key."""
    return x509.SubjectKeyIdentifier(key_identifier(info))


def authority_key(info: bytes) -> x509.AuthorityKeyIdentifier:
    """The extension about the issuer's key."""
    return x509.AuthorityKeyIdentifier(key_identifier(info), None, None)

"""X.509 certificates for asn1crypto, declared loosely so that every certificate met in practice can be shown.

asn1crypto's own `x509.Certificate` insists on string types, known algorithms and known curves; a card
that shows what a certificate says must not. Showing is all this room does: nothing here decides about trust.
"""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import (
    Any,
    BitString,
    Boolean,
    Choice,
    GeneralizedTime,
    Integer,
    ObjectIdentifier,
    OctetBitString,
    OctetString,
    Sequence,
    SequenceOf,
    SetOf,
    UTCTime,
)

from xieka.certificate.soundness import sound
from xieka.core.errors import XiekaError

log = logging.getLogger(__name__)

Fields = list[tuple[Untyped, ...]]
"""What asn1crypto takes as `_fields`: name, type and, where needed, tagging."""

MAX_BYTES = 32 * 1024
"""Larger than any real end-entity certificate by an order of magnitude; bounds the work on hostile input."""


class AlgorithmIdentifier(Sequence):
    """RFC 5280, 4.1.1.2."""

    _fields: ClassVar[Fields] = [("algorithm", ObjectIdentifier), ("parameters", Any, {"optional": True})]


class Attribute(Sequence):
    """AttributeTypeAndValue, RFC 5280, 4.1.2.4, with whatever string type the issuer chose."""

    _fields: ClassVar[Fields] = [("type", ObjectIdentifier), ("value", Any)]


class RelativeName(SetOf):
    """RelativeDistinguishedName."""

    _child_spec = Attribute


class Name(SequenceOf):
    """RDNSequence."""

    _child_spec = RelativeName


class Time(Choice):
    """RFC 5280, 4.1.2.5."""

    _alternatives: ClassVar[Fields] = [("utc", UTCTime), ("general", GeneralizedTime)]


class Validity(Sequence):
    """RFC 5280, 4.1.2.5."""

    _fields: ClassVar[Fields] = [("not_before", Time), ("not_after", Time)]


class PublicKeyInfo(Sequence):
    """SubjectPublicKeyInfo, RFC 5280, 4.1.2.7."""

    _fields: ClassVar[Fields] = [("algorithm", AlgorithmIdentifier), ("public_key", OctetBitString)]


class Extension(Sequence):
    """RFC 5280, 4.1.2.9. `critical` may stand there as an explicit FALSE, as in real SM2 roots."""

    _fields: ClassVar[Fields] = [
        ("oid", ObjectIdentifier),
        ("critical", Boolean, {"default": False}),
        ("value", OctetString),
    ]


class Extensions(SequenceOf):
    """RFC 5280, 4.1.2.9."""

    _child_spec = Extension


class TbsCertificate(Sequence):
    """RFC 5280, 4.1.2."""

    _fields: ClassVar[Fields] = [
        ("version", Integer, {"explicit": 0, "default": 0}),
        ("serial_number", Integer),
        ("signature", AlgorithmIdentifier),
        ("issuer", Name),
        ("validity", Validity),
        ("subject", Name),
        ("subject_public_key_info", PublicKeyInfo),
        ("issuer_unique_id", BitString, {"implicit": 1, "optional": True}),
        ("subject_unique_id", BitString, {"implicit": 2, "optional": True}),
        ("extensions", Extensions, {"explicit": 3, "optional": True}),
    ]


class Certificate(Sequence):
    """RFC 5280, 4.1.1."""

    _fields: ClassVar[Fields] = [
        ("tbs_certificate", TbsCertificate),
        ("signature_algorithm", AlgorithmIdentifier),
        ("signature_value", OctetBitString),
    ]


@contextmanager
def understanding() -> Iterator[None]:
    """Turn whatever parsing hostile bytes may raise into E-CRT-05."""
    try:
        yield
    except XiekaError:
        raise
    except Exception as broken:
        # asn1crypto parses lazily and lets errors of many types through (ValueError, KeyError, OverflowError,
        # RecursionError …); none may reach the caller, who shows the code and goes on with the next object.
        log.debug("certificate not understood", exc_info=True)
        raise XiekaError("E-CRT-05") from broken


def load(der: bytes) -> Untyped:
    """The certificate, parsed as it is read. Use it inside `understanding`: hostile bytes raise anything."""
    if len(der) > MAX_BYTES or not sound(der):
        raise XiekaError("E-CRT-05")
    return Certificate.load(der, strict=True)


def instant(time: Untyped) -> datetime:
    """A Time as an instant in UTC. Raises ValueError when it carries no zone or lies outside years 1…9999."""
    native = time.native
    if not isinstance(native, datetime) or native.tzinfo is None:
        raise ValueError("time without zone")
    return native.astimezone(UTC)

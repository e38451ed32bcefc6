"""A certificate as path validation needs it: parsed once, completely, and in one encoding only.

Shared by the client's trust and the service's log-in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import x509

from xieka.certificate import structure
from xieka.certificate.soundness import sound
from xieka.core.errors import XiekaError

_BASIC_CONSTRAINTS = "2.5.29.19"
_KEY_USAGE = "2.5.29.15"
_READ = ("2.5.29.", "1.3.6.1.5.5.7.")
"""Arcs of the extensions that are parsed; what stands in the others is not always DER."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What RFC 5280, section 6 asks about a certificate. Nothing here is checked yet but its form."""

    der: bytes
    serial: int
    signed: bytes
    """The bytes the signature is over (tbsCertificate)."""
    algorithm: str
    """Signature algorithm, dotted."""
    signature: bytes
    issuer: bytes
    """Names as their DER: an authority copies its subject into what it issues (RFC 5280, 4.1.2.6)."""
    subject: bytes
    key_info: bytes
    not_before: datetime
    not_after: datetime
    usages: frozenset[str] | None
    """keyUsage bits by their names in RFC 5280 as asn1crypto spells them; None without the extension."""
    is_authority: bool
    """basicConstraints cA."""
    path_length: int | None
    extensions: frozenset[str]
    critical: frozenset[str]
    values: Mapping[str, bytes] = field(default_factory=dict, compare=False)
    """OID → DER of the extension's value."""

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 over the DER."""
        return hashlib.sha256(self.der).digest()


def parse(der: bytes) -> Certificate:
    """Read a certificate. Raises ValueError for anything but one well-formed certificate in its one encoding."""
    try:
        with structure.understanding():
            return _parse(der)
    except XiekaError as malformed:
        raise ValueError("certificate") from malformed


def _parse(der: bytes) -> Certificate:
    outer = structure.load(der)
    tbs = outer["tbs_certificate"]
    inner_algorithm, outer_algorithm = tbs["signature"].dump(), outer["signature_algorithm"].dump()
    # RFC 5280, 4.1.1.2: both say the same.
    if inner_algorithm != outer_algorithm:
        raise ValueError("algorithm")
    if not _one_encoding(der, tbs.dump() + outer_algorithm + outer["signature_value"].dump()):
        raise ValueError("encoding")
    values, critical = _extensions(tbs)
    constraints = values.get(_BASIC_CONSTRAINTS)
    basic = None if constraints is None else x509.BasicConstraints.load(constraints, strict=True)
    usage = values.get(_KEY_USAGE)
    length = basic["path_len_constraint"].native if basic else None
    if length is not None and not 0 <= length < 256:
        raise ValueError("path length")
    return Certificate(
        der=der,
        serial=tbs["serial_number"].native,
        signed=tbs.dump(),
        algorithm=outer["signature_algorithm"]["algorithm"].dotted,
        signature=bytes(outer["signature_value"]),
        issuer=tbs["issuer"].dump(),
        subject=tbs["subject"].dump(),
        key_info=tbs["subject_public_key_info"].dump(),
        not_before=structure.instant(tbs["validity"]["not_before"]),
        not_after=structure.instant(tbs["validity"]["not_after"]),
        usages=None if usage is None else frozenset(x509.KeyUsage.load(usage, strict=True).native),
        is_authority=bool(basic and basic["ca"].native),
        path_length=length,
        extensions=frozenset(values),
        critical=critical,
        values=values,
    )


def _extensions(tbs: Any) -> tuple[dict[str, bytes], frozenset[str]]:
    values: dict[str, bytes] = {}
    critical = set()
    # RFC 5280, 4.1.2.9: extensions exist from version 3 on (the number 2).
    if tbs["version"].native == 2 and tbs["extensions"]:
        for extension in tbs["extensions"]:
            oid = extension["oid"].dotted
            if oid in values:
                raise ValueError("the same extension twice")
            values[oid] = extension["value"].native
            if oid.startswith(_READ) and not sound(values[oid]):
                raise ValueError("outline of an extension")
            if extension["critical"].native:
                critical.add(oid)
    elif tbs["extensions"]:
        raise ValueError("extensions before version 3")
    return values, frozenset(critical)


def _one_encoding(der: bytes, body: bytes) -> bool:
    """Whether what lies outside the signature is written in the one way of DER: else a certificate has many digests."""
    length = len(body)
    size = (length.bit_length() + 7) // 8
    head = bytes((0x30, length)) if length < 0x80 else bytes((0x30, 0x80 | size)) + length.to_bytes(size)
    return der == head + body

"""Certificate revocation lists (RFC 5280, section 5), whole or partitioned by distribution point."""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

import re
from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any as Untyped
from typing import ClassVar

from asn1crypto import crl
from asn1crypto.core import Integer, OctetBitString, Sequence, SequenceOf

from xieka.certificate import structure
from xieka.certificate.revocation.models import Answer, Status, timely
from xieka.certificate.soundness import sound
from xieka.certificate.structure import AlgorithmIdentifier, Extensions, Fields, Name, Time
from xieka.certificate.trust import signatures
from xieka.certificate.trust.names import comparable
from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.places import names_at
from xieka.certificate.trust.signatures import Judgement

MAX_BYTES = 16 * 1024 * 1024
LONGEST = timedelta(days=7)
"""How long a list that does not say its end counts (RFC 5280 wants one to say it)."""

_POINT = "2.5.29.28"
_DELTA = "2.5.29.27"
# Not by asn1crypto, whose time grows with the square of the lines.
_ARMOUR = re.compile(rb"\s*-----BEGIN X509 CRL-----\s([A-Za-z0-9+/=\s]+)-----END X509 CRL-----\s*")
_REASON = "2.5.29.21"
_UNDERSTOOD = frozenset({_POINT, "2.5.29.20", "2.5.29.35", "2.5.29.18"})
"""Issuing distribution point, number, key identifier, alternative names. A delta list's mark is not among them."""


class _Revoked(Sequence):
    _fields: ClassVar[Fields] = [
        ("serial", Integer),
        ("at", Time),
        ("extensions", Extensions, {"optional": True}),
    ]


class _RevokedList(SequenceOf):
    _child_spec = _Revoked


class _Tbs(Sequence):
    # TBSCertList, RFC 5280, 5.1
    _fields: ClassVar[Fields] = [
        ("version", Integer, {"optional": True}),
        ("signature", AlgorithmIdentifier),
        ("issuer", Name),
        ("this_update", Time),
        ("next_update", Time, {"optional": True}),
        ("revoked", _RevokedList, {"optional": True}),
        ("extensions", Extensions, {"explicit": 0, "optional": True}),
    ]


class CertificateList(Sequence):
    """A CRL, declared as loosely as certificates are."""

    _fields: ClassVar[Fields] = [
        ("tbs", _Tbs),
        ("signature_algorithm", AlgorithmIdentifier),
        ("signature", OctetBitString),
    ]


def judge(data: bytes, url: str, certificate: Certificate, issuer: Certificate, now: datetime) -> Answer:
    """What the list found at `url` says about `certificate`. Never raises."""
    try:
        return _judge(data, url, certificate, issuer, now)
    except Exception as error:  # noqa: BLE001
        # asn1crypto lets errors of many types through; a stranger's bytes must not end the checking.
        return Answer(Status.UNREADABLE, detail=type(error).__name__)


def _judge(data: bytes, url: str, certificate: Certificate, issuer: Certificate, now: datetime) -> Answer:
    if (armoured := _ARMOUR.fullmatch(data)) is not None:
        data = b64decode(armoured[1])
    # What is read before the signature has been looked at; the entries alone may be millions.
    if not sound(data, 3):
        raise ValueError("outline")
    whole = CertificateList.load(data, strict=True)
    tbs = whole["tbs"]
    algorithm = whole["signature_algorithm"]["algorithm"].dotted
    if not sound(tbs["issuer"].dump()):
        raise ValueError("issuer")
    if not _may_sign(issuer) or comparable(tbs["issuer"].dump()) != comparable(certificate.issuer):
        return Answer(Status.WRONG_SIGNER)
    judgement = signatures.judge(issuer.key_info, algorithm, tbs.dump(), bytes(whole["signature"]))
    if judgement is not Judgement.GOOD:
        return Answer(Status.WRONG_SIGNER)
    if (trouble := _not_for(tbs, url, certificate)) is not None:
        return Answer(Status.UNREADABLE, detail=trouble)
    this_update = structure.instant(tbs["this_update"])
    next_update = structure.instant(tbs["next_update"]) if tbs["next_update"].native is not None else None
    untimely = timely(this_update, next_update, now, LONGEST)
    entry = _entry(tbs["revoked"], certificate.serial)
    if entry is None:
        return Answer(untimely or Status.GOOD, this_update, next_update)
    reason = _reason(entry)
    # Revoked stays revoked, even where the list is old; only a hold can end.
    final = reason != "certificate_hold" and untimely is not Status.FUTURE
    status = Status.REVOKED if final or not untimely else untimely
    return Answer(status, this_update, next_update, structure.instant(entry["at"]), reason)


def _may_sign(issuer: Certificate) -> bool:
    return issuer.usages is None or "crl_sign" in issuer.usages


def _not_for(tbs: Untyped, url: str, certificate: Certificate) -> str | None:
    """Why the list does not answer for this certificate; None when it does (RFC 5280, 5.2.5, 6.3.3)."""
    for extension in tbs["extensions"] or ():
        oid = extension["oid"].dotted
        if extension["critical"].native and oid not in _UNDERSTOOD:
            return f"critical {oid}"
        if oid == _POINT:
            point = crl.IssuingDistributionPoint.load(extension["value"].native, strict=True)
            if (trouble := _other_part(point, url, certificate)) is not None:
                return trouble
        if oid == _DELTA:
            return "delta"
    return None


def _other_part(point: Untyped, url: str, certificate: Certificate) -> str | None:
    if point["indirect_crl"].native or point["only_contains_attribute_certs"].native:
        return "indirect"
    if point["only_some_reasons"].native is not None:
        return "some reasons"
    if point["only_contains_user_certs"].native and certificate.is_authority:
        return "users only"
    if point["only_contains_ca_certs"].native and not certificate.is_authority:
        return "authorities only"
    where = point["distribution_point"]
    # One of the names in the list and of those in the certificate must be the same: else one part of the list would
    # stand in for another. A name relative to the issuer's is not among ours.
    if where and (where.name != "full_name" or not {name.dump() for name in where.chosen} & names_at(certificate, url)):
        return "another part"
    return None


def _entry(revoked: Untyped, serial: int) -> Untyped:
    """The entry of a serial number, or None."""
    if not revoked or revoked.contents is None:
        return None
    # A list may have hundreds of thousands of entries: they are walked only if these bytes occur among them at all.
    if serial.to_bytes((serial.bit_length() + 8) // 8 or 1, "big", signed=True).lstrip(b"\0") not in revoked.contents:
        return None
    return next((entry for entry in revoked if entry["serial"].native == serial), None)


def _reason(entry: Untyped) -> str:
    for extension in entry["extensions"] or ():
        if extension["oid"].dotted == _REASON:
            return str(crl.CRLReason.load(extension["value"].native, strict=True).native)
    return ""

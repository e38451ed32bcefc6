"""Turns the bytes of a certificate into the room's values. Loads the parser, so the face imports it late."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any as Untyped

from xieka.certificate import describe, extensions, kinds, structure, text
from xieka.certificate.kinds import Rule
from xieka.certificate.models import CertificateDetail, CertificateSummary, Role, ValidityState


def summary(der: bytes, now: datetime, expiring_days: int, rules: Sequence[Rule]) -> CertificateSummary:
    """See service.summarize."""
    with structure.understanding():
        tbs = structure.load(der)["tbs_certificate"]
        return CertificateSummary.model_validate(_summary(tbs, now, expiring_days, rules))


def detail(der: bytes, now: datetime, expiring_days: int, rules: Sequence[Rule]) -> CertificateDetail:
    """See service.detail."""
    with structure.understanding():
        certificate = structure.load(der)
        tbs = certificate["tbs_certificate"]
        algorithm = certificate["signature_algorithm"]["algorithm"].dotted
        purposes = describe.extension_values(tbs).get(extensions.EXTENDED_KEY_USAGE)
        return CertificateDetail(
            **_summary(tbs, now, expiring_days, rules),
            version=_version(tbs),
            subject_fields=[(name, value) for _, name, value in text.fields(tbs["subject"])],
            issuer_fields=[(name, value) for _, name, value in text.fields(tbs["issuer"])],
            signature_algorithm=describe.signature_algorithm(algorithm),
            signature_algorithm_oid=algorithm,
            public_key=describe.public_key(tbs["subject_public_key_info"])[1],
            extended_usages=extensions.purposes(purposes) if purposes is not None else [],
            extensions=extensions.read(tbs),
            sha1=text.hexadecimal(hashlib.sha1(der, usedforsecurity=False).digest()),
            sha256=text.hexadecimal(hashlib.sha256(der).digest()),
            size=len(der),
        )


def role(der: bytes) -> Role | None:
    """See service.role_of."""
    with structure.understanding():
        return describe.role(describe.extension_values(structure.load(der)["tbs_certificate"]))


def _summary(tbs: Untyped, now: datetime, expiring_days: int, rules: Sequence[Rule]) -> dict[str, Untyped]:
    not_before = structure.instant(tbs["validity"]["not_before"])
    not_after = structure.instant(tbs["validity"]["not_after"])
    issuer = text.holder(tbs["issuer"])
    values = describe.extension_values(tbs)
    uscc, org_code = describe.organisation_ids(values)
    # Exact instants on both sides, floored to whole days (24 h): no calendar, so no time zone plays a part.
    days_left = (not_after - now).days
    return {
        "role": describe.role(values),
        "subject": text.holder(tbs["subject"]),
        "issuer": issuer,
        "serial": text.integer(tbs["serial_number"].native),
        "not_before": not_before,
        "not_after": not_after,
        "days_left": days_left,
        "state": _state(not_before, not_after, now, expiring_days),
        "life_used": _life_used(not_before, not_after, now),
        "uscc": uscc,
        "org_code": org_code,
        "kind": kinds.classify(values, issuer, rules),
        "algorithm": describe.public_key(tbs["subject_public_key_info"])[0],
        "usages": describe.usages(values),
    }


def _version(tbs: Untyped) -> int:
    number = tbs["version"].native
    # RFC 5280, 4.1.2.1 knows 0 to 2. An INTEGER may have thousands of digits: such a one never leaves here.
    if not 0 <= number <= 2:
        raise ValueError("version")
    return int(number) + 1


def _state(not_before: datetime, not_after: datetime, now: datetime, expiring_days: int) -> ValidityState:
    # RFC 5280, 4.1.2.5: both ends belong to the validity period.
    if now < not_before:
        return ValidityState.NOT_YET
    if now > not_after:
        return ValidityState.EXPIRED
    return ValidityState.EXPIRING if (not_after - now).days <= expiring_days else ValidityState.VALID


def _life_used(not_before: datetime, not_after: datetime, now: datetime) -> float:
    length = (not_after - not_before).total_seconds()
    if length <= 0:
        return 1.0 if now >= not_before else 0.0
    return min(1.0, max(0.0, (now - not_before).total_seconds() / length))

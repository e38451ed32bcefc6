"""The face of the certificate room. Every function takes a certificate as the bytes it was found as (DER)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any as Untyped

from xieka.certificate import describe, extensions, files, structure, text
from xieka.certificate.models import CertificateDetail, CertificateSummary, Role, ValidityState
from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole

EXPIRING_DAYS = 90
"""From this many whole days before notAfter on, a certificate counts as expiring."""


def summarize(der: bytes, now: datetime) -> CertificateSummary:
    """What the card shows. `now` is an instant with a zone. Raises XiekaError E-CRT-05."""
    with structure.understanding():
        return CertificateSummary.model_validate(_summary(structure.load(der)["tbs_certificate"], now))


def detail(der: bytes, now: datetime) -> CertificateDetail:
    """Everything the certificate says. `now` is an instant with a zone. Raises XiekaError E-CRT-05."""
    with structure.understanding():
        certificate = structure.load(der)
        tbs = certificate["tbs_certificate"]
        algorithm = certificate["signature_algorithm"]["algorithm"].dotted
        purposes = describe.extension_values(tbs).get(extensions.EXTENDED_KEY_USAGE)
        return CertificateDetail(
            **_summary(tbs, now),
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


def role_of(der: bytes) -> Role | None:
    """Signing or encryption, by keyUsage; None for neither and for an authority's own. Raises E-CRT-05."""
    with structure.understanding():
        return describe.role(describe.extension_values(structure.load(der)["tbs_certificate"]))


def read_file(path: Path) -> bytes:
    """The DER of a certificate file (DER or PEM).

    Raises XiekaError E-FIL-01 when it cannot be read, E-CRT-06 when it holds no certificate.
    """
    try:
        der = files.read(path)
    except OSError as error:
        raise XiekaError("E-FIL-01", path=str(path)) from error
    if der is None:
        raise XiekaError("E-CRT-06", path=str(path))
    try:
        role_of(der)
    except XiekaError as error:
        raise XiekaError("E-CRT-06", path=str(path)) from error
    return der


def export_name(summary: CertificateSummary) -> str:
    """File name 单位名_签名|加密_序列号后4位.cer, safe on Windows and Linux; no role, no such part."""
    parts = [files.safe_name(summary.subject) or messages.text("export_unit_unknown")]
    if summary.role is not None:
        parts.append(messages.text(f"role_{summary.role.value}"))
    parts.append(summary.serial[-4:].lstrip("-"))
    return "_".join(parts) + ".cer"


def write_export(der: bytes, path: Path) -> None:
    """Write exactly these bytes, whole or not at all, replacing a file of that name. Raises E-EXP-01."""
    try:
        write_whole(der, path)
    except OSError as error:
        raise XiekaError("E-EXP-01", path=str(path)) from error


def _summary(tbs: Untyped, now: datetime) -> dict[str, Untyped]:
    not_before = structure.instant(tbs["validity"]["not_before"])
    not_after = structure.instant(tbs["validity"]["not_after"])
    values = describe.extension_values(tbs)
    uscc, org_code = describe.organisation_ids(values)
    # Exact instants on both sides, floored to whole days (24 h): no calendar, so no time zone plays a part.
    days_left = (not_after - now).days
    return {
        "role": describe.role(values),
        "subject": text.holder(tbs["subject"]),
        "issuer": text.holder(tbs["issuer"]),
        "serial": text.integer(tbs["serial_number"].native),
        "not_before": not_before,
        "not_after": not_after,
        "days_left": days_left,
        "state": _state(not_before, not_after, now),
        "life_used": _life_used(not_before, not_after, now),
        "uscc": uscc,
        "org_code": org_code,
        "kind": describe.kind(values),
        "algorithm": describe.public_key(tbs["subject_public_key_info"])[0],
        "usages": describe.usages(values),
    }


def _version(tbs: Untyped) -> int:
    number = tbs["version"].native
    # RFC 5280, 4.1.2.1 knows 0 to 2. An INTEGER may have thousands of digits: such a one never leaves here.
    if not 0 <= number <= 2:
        raise ValueError("version")
    return int(number) + 1


def _state(not_before: datetime, not_after: datetime, now: datetime) -> ValidityState:
    # RFC 5280, 4.1.2.5: both ends belong to the validity period.
    if now < not_before:
        return ValidityState.NOT_YET
    if now > not_after:
        return ValidityState.EXPIRED
    return ValidityState.EXPIRING if (not_after - now).days <= EXPIRING_DAYS else ValidityState.VALID


def _life_used(not_before: datetime, not_after: datetime, now: datetime) -> float:
    length = (not_after - not_before).total_seconds()
    if length <= 0:
        return 1.0 if now >= not_before else 0.0
    return min(1.0, max(0.0, (now - not_before).total_seconds() / length))

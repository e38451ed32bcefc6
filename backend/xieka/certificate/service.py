"""The face of the certificate room. Every function takes a certificate as the bytes it was found as (DER).

The parser behind it is loaded with the first certificate, not with the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xieka.certificate.kinds import DEFAULT, Rule
from xieka.certificate.models import CertificateDetail, CertificateSummary, Role, ValidityState
from xieka.core import messages
from xieka.core.errors import XiekaError

if TYPE_CHECKING:
    from xieka.certificate.comparison import Comparison
    from xieka.certificate.trust.models import TrustView

EXPIRING_DAYS = 90
"""From this many whole days before notAfter on, a certificate counts as expiring."""


def summarize(der: bytes, now: datetime, rules: Sequence[Rule] = DEFAULT) -> CertificateSummary:
    """What the card shows. `now` is an instant with a zone; `rules` tell its kind. Raises XiekaError E-CRT-05."""
    from xieka.certificate import reading

    return reading.summary(der, now, EXPIRING_DAYS, rules)


def detail(der: bytes, now: datetime, rules: Sequence[Rule] = DEFAULT) -> CertificateDetail:
    """Everything the certificate says. `now` is an instant with a zone. Raises XiekaError E-CRT-05."""
    from xieka.certificate import reading

    return reading.detail(der, now, EXPIRING_DAYS, rules)


def role_of(der: bytes) -> Role | None:
    """Signing or encryption, by keyUsage; None for neither and for an authority's own. Raises E-CRT-05."""
    from xieka.certificate import reading

    return reading.role(der)


def read_file(path: Path) -> bytes:
    """The DER of a certificate file (DER or PEM).

    Raises XiekaError E-FIL-01 when it cannot be read, E-CRT-06 when it holds no certificate.
    """
    from xieka.certificate import files

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


def read_bundle(path: Path) -> list[bytes]:
    """DER of every certificate in a file (DER, PEM, P7B), at least one, in its order.

    Raises XiekaError E-FIL-01 when it cannot be read, E-CRT-07 when it is too long, E-CRT-06 when it holds none or
    something else among them.
    """
    from xieka.certificate import bundle, files

    try:
        data = files.content(path, bundle.MAX_BYTES)
    except OSError as error:
        raise XiekaError("E-FIL-01", path=str(path)) from error
    if data is None:
        raise XiekaError("E-CRT-07", path=str(path), most=bundle.MAX_BYTES // 1024)
    return bundle_of(data, str(path))


def bundle_of(data: bytes, name: str) -> list[bytes]:
    """As `read_bundle`, of bytes that are at hand; people know the file by `name`. Raises E-CRT-06, E-CRT-07."""
    from xieka.certificate import bundle

    if len(data) > bundle.MAX_BYTES:
        raise XiekaError("E-CRT-07", path=name, most=bundle.MAX_BYTES // 1024)
    found = bundle.certificates(data)
    try:
        for der in found:
            role_of(der)
    except XiekaError as error:
        raise XiekaError("E-CRT-06", path=name) from error
    if not found:
        raise XiekaError("E-CRT-06", path=name)
    return found


def holders_own(found: Sequence[bytes], role: Role | None = None) -> bytes:
    """The holder's certificate among those of the authorities that stand in the same file: the first with a role.

    Of a pair, the one with `role`. Raises XiekaError E-CRT-05.
    """
    roles = [role_of(one) for one in found]
    alike = (one for one, its in zip(found, roles, strict=True) if its is not None and its is role)
    return next(alike, next((one for one, its in zip(found, roles, strict=True) if its is not None), found[0]))


def compare(
    first: tuple[str, bytes], second: tuple[str, bytes], now: datetime, rules: Sequence[Rule] = DEFAULT
) -> Comparison:
    """How two certificates differ; each is (where it comes from, DER). Raises XiekaError E-CRT-05."""
    from xieka.certificate import comparison

    named = [comparison.Named(name, detail(der, now, rules)) for name, der in (first, second)]
    return comparison.compare(*named)


def summary_file(
    der: bytes, trust: TrustView, now: datetime, rules: Sequence[Rule] = DEFAULT, *, practice: bool
) -> tuple[str, str]:
    """(file name without its ending, HTML) of the certificate on one sheet of paper. Raises XiekaError E-CRT-05."""
    from xieka.certificate import summary

    certificate = detail(der, now, rules)
    name = f"{export_name(certificate).removesuffix('.cer')}_{messages.text('summary_file')}"
    return name, summary.page(certificate, trust, now, title=name, practice=practice)


def export_name(summary: CertificateSummary) -> str:
    """File name 单位名_签名|加密_序列号后4位.cer, safe on Windows and Linux; no role, no such part."""
    from xieka.certificate import files

    parts = [files.safe_name(summary.subject) or messages.text("export_unit_unknown")]
    if summary.role is not None:
        parts.append(messages.text(f"role_{summary.role.value}"))
    parts.append(summary.serial[-4:].lstrip("-"))
    return "_".join(parts) + ".cer"


def calendar_file(der: bytes, now: datetime) -> tuple[str, bytes]:
    """(file name, content) of a calendar entry for the certificate's last day. Raises XiekaError E-CAL-01, E-CRT-05."""
    from xieka.certificate import calendar

    certificate = detail(der, now)
    if certificate.state is ValidityState.EXPIRED:
        raise XiekaError("E-CAL-01")
    stem = export_name(certificate).removesuffix(".cer")
    return f"{stem}_{messages.text('calendar_file')}.ics", calendar.entry(certificate, now)


def write_export(der: bytes, path: Path) -> None:
    """Write exactly these bytes, whole or not at all, replacing a file of that name. Raises E-EXP-01."""
    from xieka.core.files import write_whole

    try:
        write_whole(der, path)
    except OSError as error:
        raise XiekaError("E-EXP-01", path=str(path)) from error

"""How a Ukey is doing, judged once for page, tray and scripts. Pure. It speaks of dates: trust is not checked yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from xieka.certificate.models import Role, ValidityState
from xieka.ukey.models import CertificateEntry, Health, HealthKey, PinView

# The most urgent first. error: the Ukey cannot be used until somebody acts; warn: it can, but not for ever.
_LEVELS: dict[HealthKey, Literal["ok", "warn", "error"]] = {
    "locked": "error",
    "final": "error",
    "unset": "error",
    "expired": "error",
    "unreadable": "error",
    "none": "error",
    "low": "warn",
    "today": "warn",
    "expiring": "warn",
    # Most often only the computer's clock is wrong.
    "not_yet": "warn",
    "valid": "ok",
}


def judge(pin: PinView, entries: Sequence[CertificateEntry]) -> list[Health]:
    """What there is to say, the most urgent first, each thing once; never empty.

    `entries` in the order of views.view: of several certificates of one role only the first counts, an older one
    that stays on the Ukey after a renewal is no trouble.
    """
    found = [*_of_pin(pin), *(_of_certificate(entry) for entry in meant(entries))]
    if not entries:
        found.append(("none", None))
    present = {key for key, _ in found}
    soonest = min((days for _, days in found if days is not None), default=None)
    return [
        Health(level=level, key=key, days=soonest if key == "expiring" else None)
        for key, level in _LEVELS.items()
        if key in present
    ]


def _of_pin(pin: PinView) -> Iterator[tuple[HealthKey, int | None]]:
    if pin.state == "final" or pin.remaining == 1:
        yield "final", None
    elif pin.state in ("locked", "unset", "low"):
        yield pin.state, None


def meant(entries: Sequence[CertificateEntry]) -> Iterator[CertificateEntry]:
    """Those that count: of several of one role the first, in the order of views.view."""
    seen: set[Role] = set()
    for entry in entries:
        if entry.role is None or entry.role not in seen:
            yield entry
        if entry.role is not None:
            seen.add(entry.role)


def _of_certificate(entry: CertificateEntry) -> tuple[HealthKey, int | None]:
    if entry.summary is None:
        return "unreadable", None
    match entry.summary.state:
        case ValidityState.EXPIRED:
            return "expired", None
        case ValidityState.NOT_YET:
            return "not_yet", None
        case ValidityState.VALID:
            return "valid", None
    days = entry.summary.days_left
    return ("expiring", days) if days > 0 else ("today", None)

"""Which certificates of a Ukey are near their end, and at which step. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from xieka.certificate.models import CertificateSummary, ValidityState
from xieka.reminders.models import EXPIRED
from xieka.ukey.health import meant
from xieka.ukey.models import Ukey


class Due(NamedTuple):
    """A certificate at a step."""

    key: str
    step: int
    days_left: int


def step_of(certificate: CertificateSummary, steps: Sequence[int]) -> int | None:
    """The smallest of `steps` (days before the end) that is reached; EXPIRED after the end; None before the first.

    What has not begun is judged by nobody: there the computer's clock is wrong more often than the certificate.
    """
    match certificate.state:
        case ValidityState.NOT_YET:
            return None
        case ValidityState.EXPIRED:
            return EXPIRED
    return min((step for step in steps if certificate.days_left <= step), default=None)


def due(ukey: Ukey, steps: Sequence[int]) -> list[Due]:
    """The Ukey's certificates that are at a step, the most urgent first; of each role only the one that counts."""
    found = []
    for entry in meant(ukey.certificates):
        if entry.summary is not None and (step := step_of(entry.summary, steps)) is not None:
            found.append(Due(key(entry.summary), step, entry.summary.days_left))
    return sorted(found, key=lambda one: (one.step, one.days_left))


def key(certificate: CertificateSummary) -> str:
    """What a certificate is remembered by: issuer and serial number name it (RFC 5280, 4.1.2.2)."""
    return hashlib.sha256(f"{certificate.issuer}\n{certificate.serial}".encode()).hexdigest()

"""What RFC 5280, section 6 asks of a path whose signatures are good. What is not understood is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.path import Path

UNDERSTOOD = frozenset(f"2.5.29.{number}" for number in (14, 15, 17, 18, 19, 31, 32, 35, 37))
"""Key identifiers, key usage, alternative names, basic constraints, CRL points, policies, extended key usage."""
_NAME_CONSTRAINTS = "2.5.29.30"


class Rule(StrEnum):
    """One question about one certificate of a path."""

    DATES = "dates"
    AUTHORITY = "authority"
    """May it issue certificates at all: basicConstraints cA, keyUsage keyCertSign."""
    PATH_LENGTH = "path_length"
    EXTENSIONS = "extensions"
    """Is everything understood that must be: critical extensions, name constraints."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one rule."""

    rule: Rule
    index: int
    """Which certificate of the path; 0 is the holder's."""
    good: bool
    detail: str = ""
    """For DATES `not_yet` or `expired`; for EXTENSIONS the OIDs."""


def judge(path: Path, now: datetime) -> tuple[Finding, ...]:
    """Every rule for every certificate it concerns. The anchor is trusted as it is, but for its dates and its limit."""
    return tuple(finding for index in range(len(path)) for finding in _certificate(path, index, now))


def _certificate(path: Path, index: int, now: datetime) -> Iterator[Finding]:
    certificate = path[index]
    anchor = index == len(path) - 1
    detail = "not_yet" if now < certificate.not_before else "expired" if now > certificate.not_after else ""
    yield Finding(Rule.DATES, index, not detail, detail)
    if index > 0 and not anchor:
        yield Finding(Rule.AUTHORITY, index, may_issue(certificate))
    if index > 0:
        # Self-issued certificates are counted as well, which RFC 5280 would let pass: none is needed here.
        limit = certificate.path_length
        yield Finding(Rule.PATH_LENGTH, index, limit is None or index - 1 <= limit, str(limit))
    if not anchor or index == 0:
        unknown = not_understood(certificate)
        yield Finding(Rule.EXTENSIONS, index, not unknown, ", ".join(unknown))


def may_issue(certificate: Certificate) -> bool:
    """Whether it is an authority's: basicConstraints cA, keyUsage keyCertSign."""
    return certificate.is_authority and certificate.usages is not None and "key_cert_sign" in certificate.usages


def not_understood(certificate: Certificate) -> list[str]:
    """OIDs of the extensions that must be obeyed and are not known here."""
    # Name constraints must bind even where an authority forgot to mark them critical (RFC 5280, 4.2.1.10).
    return sorted(certificate.critical - UNDERSTOOD | certificate.extensions & {_NAME_CONSTRAINTS})

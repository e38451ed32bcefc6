"""From everything that was found to one word. What is worst comes first; nothing is good by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from asn1crypto.x509 import AuthorityKeyIdentifier

from xieka.certificate.revocation.models import Standing, Status
from xieka.certificate.trust import rules
from xieka.certificate.trust.models import Level
from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.path import Found, Path
from xieka.certificate.trust.rules import Finding, Rule
from xieka.certificate.trust.signatures import Judgement

CLOCK_TOLERANCE = timedelta(minutes=5)

_SUBJECT_KEY = "2.5.29.14"
_AUTHORITY_KEY = "2.5.29.35"


class Verdict(StrEnum):
    """Every outcome; the texts are `verdict` in the catalogue."""

    GOOD = "good"
    CHECKING = "checking"
    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    STALE = "stale"
    WRONG_SIGNER = "wrong_signer"
    UNREADABLE = "unreadable"
    NOT_KNOWN = "not_known"
    """The responder does not know the certificate."""
    NO_SOURCE = "no_source"
    CLOCK = "clock"
    """The computer's clock is wrong, so that dates mean nothing."""
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    UNTRUSTED = "untrusted"
    FORGED = "forged"
    WEAK = "weak"
    UNSUPPORTED = "unsupported"
    MISISSUED = "misissued"
    """Issued by a certificate that may not issue."""
    ISSUER_EXPIRED = "issuer_expired"
    ISSUER_REVOKED = "issuer_revoked"


LEVELS: Mapping[Verdict, Level] = {
    Verdict.GOOD: "ok",
    Verdict.CHECKING: "wait",
    **dict.fromkeys(
        (
            Verdict.OFFLINE,
            Verdict.UNREACHABLE,
            Verdict.STALE,
            Verdict.WRONG_SIGNER,
            Verdict.UNREADABLE,
            Verdict.NOT_KNOWN,
            Verdict.NO_SOURCE,
            Verdict.CLOCK,
        ),
        "warn",
    ),
}
"""Everything else is `bad`."""

_OPEN = {
    Status.UNKNOWN: Verdict.NOT_KNOWN,
    Status.WRONG_SIGNER: Verdict.WRONG_SIGNER,
    Status.UNREADABLE: Verdict.UNREADABLE,
    Status.STALE: Verdict.STALE,
    Status.FUTURE: Verdict.CLOCK,
    Status.UNREACHABLE: Verdict.UNREACHABLE,
    Status.OFFLINE: Verdict.OFFLINE,
    Status.UNASKED: Verdict.CHECKING,
    Status.NO_SOURCE: Verdict.NO_SOURCE,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a verdict rests on."""

    path: Path
    anchored: bool
    findings: tuple[Finding, ...]
    refused: Sequence[tuple[Certificate, Certificate, Judgement]]
    standings: Mapping[int, Standing] = field(default_factory=dict)
    """By place in the path; none for the anchor."""
    ahead: timedelta | None = None

    @property
    def may_ask(self) -> bool:
        """Whether addresses in the path come from authorities that are trusted, and their answers could matter."""
        return self.anchored and not any(not one.good for one in self.findings)


def evidence(found: Found, now: datetime) -> Evidence:
    """Path and findings: of several paths the one with the least against it."""
    if not found.paths:
        return Evidence(found.longest, False, (), found.refused)
    judged = [(path, rules.judge(path, now)) for path in found.paths]
    path, findings = min(judged, key=lambda pair: (_against(pair[1]), len(pair[0])))
    return Evidence(path, True, findings, found.refused)


def _against(findings: tuple[Finding, ...]) -> tuple[int, int]:
    bad = [one for one in findings if not one.good]
    return sum(one.rule is not Rule.DATES for one in bad), len(bad)


def decide(seen: Evidence) -> Verdict:
    """The one word."""
    if not seen.anchored:
        return _unanchored(seen)
    bad = [one for one in seen.findings if not one.good]
    if any(one.rule is Rule.EXTENSIONS for one in bad):
        return Verdict.UNSUPPORTED
    if any(one.rule is not Rule.DATES for one in bad):
        return Verdict.MISISSUED
    holder = seen.standings.get(0)
    if holder is not None and holder.status is Status.REVOKED:
        held = holder.answer.reason == "certificate_hold"
        return Verdict.SUSPENDED if held else Verdict.REVOKED
    if any(one.status is Status.REVOKED for one in seen.standings.values()):
        return Verdict.ISSUER_REVOKED
    wrong_clock = clock_is_wrong(seen.ahead)
    if bad:
        if wrong_clock:
            return Verdict.CLOCK
        own = [one for one in bad if one.index == 0]
        return Verdict(own[0].detail) if own else Verdict.ISSUER_EXPIRED
    if holder is None:
        # An anchor itself: nobody stands above it who could revoke it.
        return Verdict.GOOD if len(seen.path) == 1 else Verdict.CHECKING
    if holder.status is Status.GOOD:
        # Whose issuer may have been revoked has not been found good. That a root says nothing of it is no doubt.
        above = [one.status for index, one in seen.standings.items() if index > 0]
        unclear = [status for status in above if status not in (Status.GOOD, Status.NO_SOURCE)]
        return _OPEN[unclear[0]] if unclear else Verdict.GOOD
    if holder.status is Status.STALE and wrong_clock:
        return Verdict.CLOCK
    return _OPEN[holder.status]


def clock_is_wrong(ahead: timedelta | None) -> bool:
    """Whether servers tell another time than this computer."""
    return ahead is not None and abs(ahead) > CLOCK_TOLERANCE


def _unanchored(seen: Evidence) -> Verdict:
    last = seen.path[-1]
    for certificate, issuer, judgement in seen.refused:
        if certificate is not last:
            continue
        if judgement is Judgement.WEAK:
            return Verdict.WEAK
        if judgement is Judgement.UNKNOWN:
            return Verdict.UNSUPPORTED
        # Another key under the same name is another authority, not a forgery.
        if _names_key_of(certificate, issuer):
            return Verdict.FORGED
    return Verdict.UNTRUSTED


def _names_key_of(certificate: Certificate, issuer: Certificate) -> bool:
    try:
        wanted = AuthorityKeyIdentifier.load(certificate.values[_AUTHORITY_KEY], strict=True)["key_identifier"]
        return bool(wanted.native) and issuer.values[_SUBJECT_KEY].endswith(wanted.native)
    except Exception:  # noqa: BLE001
        # Without key identifiers nobody can say; asn1crypto lets errors of many types through.
        return False

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
    FUTURE = "future"
    """The answer's time has not come, and nobody says that this computer's clock is wrong."""
    NO_SOURCE = "no_source"
    ISSUER_NO_SOURCE = "issuer_no_source"
    """Nobody can be asked about an issuer that is known only from beside the certificate."""
    CLOCK = "clock"
    """The computer's clock is wrong, so that what its dates let pass means nothing."""
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
            Verdict.FUTURE,
            Verdict.NO_SOURCE,
            Verdict.ISSUER_NO_SOURCE,
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
    Status.FUTURE: Verdict.FUTURE,
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
    """By this computer's clock."""
    refused: Sequence[tuple[Certificate, Certificate, Judgement]]
    standings: Mapping[int, Standing] = field(default_factory=dict)
    """By place in the path; none for the anchor."""
    ahead: timedelta | None = None
    listed: frozenset[bytes] = frozenset()
    """DER of the issuers the profile itself names."""
    over_by_servers: bool = False
    """Whether the dates speak against the path by the time that servers tell."""

    @property
    def may_ask(self) -> bool:
        """Whether addresses in the path come from authorities that are trusted, and their answers could matter."""
        return self.anchored and not any(not one.good for one in self.findings)

    def doubts(self) -> list[tuple[int, Status]]:
        """(place in the path, status) of everybody of whom it is not known that he is not revoked.

        That an issuer names nobody to ask is none where the profile itself names this issuer: with the root it says
        whom to believe, and an update takes out who has lost it. Of an issuer that came along with the certificate
        nobody says so.
        """
        return [(index, one.status) for index, one in sorted(self.standings.items()) if self._doubtful(index, one)]

    def unasked_issuers(self) -> list[int]:
        """Places of the profile's issuers that name nobody to ask."""
        return [
            index
            for index, one in sorted(self.standings.items())
            if one.status is Status.NO_SOURCE and not self._doubtful(index, one)
        ]

    def _doubtful(self, index: int, standing: Standing) -> bool:
        if standing.status is Status.NO_SOURCE:
            return index == 0 or self.path[index].der not in self.listed
        return standing.status is not Status.GOOD


def evidence(found: Found, now: datetime, ahead: timedelta | None = None) -> Evidence:
    """Path and findings: of several paths the one with the least against it. `ahead`: of servers, before `now`."""
    if not found.paths:
        return Evidence(found.longest, False, (), found.refused, ahead=ahead, listed=found.listed)
    judged = [(path, rules.judge(path, now)) for path in found.paths]
    path, findings = min(judged, key=lambda pair: (_against(pair[1]), len(pair[0])))
    over = ahead is not None and any(not one.good for one in rules.judge(path, now + ahead))
    return Evidence(path, True, findings, found.refused, ahead=ahead, listed=found.listed, over_by_servers=over)


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
    if bad:
        # A clock that is said to be wrong does not soften this: it is a hint beside it.
        own = [one for one in bad if one.index == 0]
        return Verdict(own[0].detail) if own else Verdict.ISSUER_EXPIRED
    if holder is None:
        # An anchor itself: nobody stands above it who could revoke it.
        return Verdict.GOOD if len(seen.path) == 1 else Verdict.CHECKING
    doubts = seen.doubts()
    if not doubts:
        return Verdict.CLOCK if clock_is_wrong(seen.ahead) and seen.over_by_servers else Verdict.GOOD
    # Whose issuer may have been revoked has not been found good either; the holder's own doubt comes first.
    index, status = doubts[0]
    if status in (Status.STALE, Status.FUTURE) and clock_is_wrong(seen.ahead):
        return Verdict.CLOCK
    if status is Status.NO_SOURCE and index > 0:
        return Verdict.ISSUER_NO_SOURCE
    return _OPEN[status]


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

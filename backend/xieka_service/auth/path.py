"""Whom this service believes: the certificate room's paths and rules, and a little more.

An anchor must be an authority itself and understood, a holder must have been issued by somebody else, and paths are
shorter. Revocation is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from xieka.certificate.trust import rules
from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.path import Path, Store, find
from xieka.certificate.trust.rules import Rule
from xieka_service.auth.refusals import CERTIFICATE_DATES, CERTIFICATE_UNTRUSTED
from xieka_service.http.problems import Refusal

MAX_LENGTH = 5
"""Certificates of a path, holder and anchor included."""
COUNTING = frozenset(Rule)
"""Every rule counts; the tests' proof that each does takes one away."""


def validate(
    holder: Certificate, between: Sequence[Certificate], anchors: Sequence[Certificate], now: datetime
) -> Path:
    """A path from `holder` over any of `between` to one of `anchors` that holds in every point.

    Raises Refusal: auth.certificate_dates when only the dates are against a path, else auth.certificate_untrusted.
    """
    outdated = False
    for path in find(holder, Store(tuple(anchors)), between).paths:
        if not 2 <= len(path) <= MAX_LENGTH:
            continue
        against = set(_against(path, now)) & COUNTING
        if not against:
            return path
        outdated = outdated or against == {Rule.DATES}
    raise Refusal(CERTIFICATE_DATES if outdated else CERTIFICATE_UNTRUSTED)


def _against(path: Path, now: datetime) -> Iterator[Rule]:
    yield from (finding.rule for finding in rules.judge(path, now) if not finding.good)
    anchor = path[-1]
    if not rules.may_issue(anchor):
        yield Rule.AUTHORITY
    if rules.not_understood(anchor):
        yield Rule.EXTENSIONS

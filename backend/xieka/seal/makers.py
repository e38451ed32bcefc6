"""Who may make seals, by the rules of the operator profile. That a certificate is trusted says nothing about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xieka.core.errors import XiekaError

_POLICIES = "2.5.29.32"


@dataclass(frozen=True, slots=True)
class MakerRule:
    """What marks a maker's certificate (settings.models.MakerRule); every condition that is given must hold."""

    issuers: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    sha256: frozenset[str] = frozenset()


def listed(der: bytes, rules: Sequence[MakerRule]) -> bool | None:
    """Whether a rule fits a certificate that is trusted; None where there is no rule. Unreadable ones fit none."""
    if not rules:
        return None
    from xieka.certificate import structure

    try:
        with structure.understanding():
            return any(_fits(der, rule) for rule in rules)
    except XiekaError:
        return False


def _fits(der: bytes, rule: MakerRule) -> bool:
    from xieka.certificate import structure, text
    from xieka.certificate.extensions import policy_ids
    from xieka.certificate.trust.parsed import parse

    certificate = parse(der)
    tbs = structure.load(der)["tbs_certificate"]
    organisations = {value for oid, _, value in text.fields(tbs["subject"]) if oid == text.ORGANIZATION}
    policies = policy_ids(certificate.values[_POLICIES]) if _POLICIES in certificate.values else []
    conditions = (
        (rule.sha256, {certificate.fingerprint.hex()}),
        (rule.issuers, {text.holder(tbs["issuer"])}),
        (rule.policies, set(policies)),
        (rule.extensions, set(certificate.extensions)),
    )
    # One that names another organisation as well is nobody's own.
    own = not rule.organisations or (bool(organisations) and organisations <= rule.organisations)
    return own and all(wanted & found for wanted, found in conditions if wanted)

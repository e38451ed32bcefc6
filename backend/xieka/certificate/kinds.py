"""What kind of certificate it is, by the rules of the operator profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["yizhengtong", "legacy", "business", "unknown"]

_POLICIES = "2.5.29.32"


@dataclass(frozen=True, slots=True)
class Rule:
    """What marks certificates of one kind (settings.models.KindRule); every condition that is given must hold."""

    kind: Kind
    extensions: frozenset[str] = frozenset()
    issuers: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()


DEFAULT = (
    Rule(
        "yizhengtong",
        frozenset(
            {
                "1.2.156.10260.4.1.3",
                "1.2.156.10260.4.1.4",
                "1.2.156.10260.4.1.5",
                "1.2.156.112570.11.205",
                "1.2.156.112570.11.210",
            }
        ),
    ),
    Rule("legacy", frozenset({"1.2.156.1.8888"})),
)
"""A Shanghai portal's own test, for where no profile is at hand: organisation identities (GM/T 0015) or SHECA's unique
id or credit code mark a 一证通; a certificate of the older kind carries only the container."""


def classify(extensions: Mapping[str, bytes], issuer: str, rules: Sequence[Rule]) -> Kind:
    """The kind of the first rule that fits. `issuer`: the name people see (text.holder)."""
    policies: list[str] | None = None
    for rule in rules:
        if rule.extensions and not extensions.keys() & rule.extensions:
            continue
        if rule.issuers and issuer not in rule.issuers:
            continue
        if rule.policies:
            policies = _policies(extensions) if policies is None else policies
            if not rule.policies.intersection(policies):
                continue
        return rule.kind
    return "unknown"


def _policies(extensions: Mapping[str, bytes]) -> list[str]:
    # Imported here: the names of kinds are wanted before the parser is.
    from xieka.certificate.extensions import policy_ids

    return policy_ids(extensions[_POLICIES]) if _POLICIES in extensions else []

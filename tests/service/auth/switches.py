"""What an attack is, how it is refused, and the switches that turn single checks off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.service.auth.stage import Stage
from xieka.certificate.trust import path as search
from xieka.certificate.trust import signatures
from xieka.certificate.trust.rules import Rule
from xieka.certificate.trust.signatures import Judgement
from xieka.contract.auth import AssertionClaims
from xieka_service.auth import path

ASSERTION = "auth.assertion"
CHALLENGE = "auth.challenge"
DATES = "auth.certificate_dates"
REVOKED = "auth.certificate_revoked"
UNTRUSTED = "auth.certificate_untrusted"
USAGE = "auth.certificate_usage"

Without = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Attack:
    """`answer` makes the assertion; it may move the clock and use the stage as a client would.

    `without` switches off the check that refuses it. test_attacks.py runs every attack with all checks on (it is
    refused) and without its check (it succeeds): so every row is a real attack, and every check is shown to be the one
    that counts.
    """

    answer: Callable[[Stage], str]
    code: str
    without: Without


def off(module: object, *names: str, returns: Any = True) -> Without:
    """Switch checks off that say yes or no, or raise."""

    def without(patch: pytest.MonkeyPatch) -> None:
        for name in names:
            patch.setattr(module, name, lambda *_, **__: returns() if callable(returns) else returns)

    return without


def all_of(*parts: Without) -> Without:
    def without(patch: pytest.MonkeyPatch) -> None:
        for part in parts:
            part(patch)

    return without


def instead(module: object, name: str, value: Any) -> Without:
    return lambda patch: patch.setattr(module, name, value)


def lenient_claims(payload: dict[str, Any]) -> AssertionClaims:
    return AssertionClaims.model_construct(None, **payload)


def unremembered(patch: pytest.MonkeyPatch) -> None:
    """What was judged with the check on must not be remembered."""
    patch.setattr(signatures, "remembered", signatures.judge)


def any_signature(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(signatures, "remembered", lambda *_: Judgement.GOOD)


def any_name(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(search, "comparable", lambda _name: b"")


def without_rules(*which: Rule) -> Without:
    return instead(path, "COUNTING", path.COUNTING.difference(which))

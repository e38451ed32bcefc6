from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xieka.certificate.models import CertificateSummary, Role, ValidityState
from xieka.core import messages
from xieka.ukey.health import _LEVELS, judge
from xieka.ukey.models import CertificateEntry, ErrorView, Health, PinView

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def entry(state: ValidityState, days: int = 300, role: Role | None = Role.SIGNING) -> CertificateEntry:
    summary = CertificateSummary(
        role=role, subject="甲", issuer="CA", serial="1", not_before=NOW, not_after=NOW + timedelta(days=days),
        days_left=days, state=state, life_used=0.5, uscc=None, org_code=None, kind="legacy", algorithm="RSA 2048",
        usages=[],
    )  # fmt: skip
    return CertificateEntry(summary=summary, error=None)


def pin(state: Any = "normal", remaining: int | None = None) -> PinView:
    return PinView(state=state, remaining=remaining, maximum=None if remaining is None else 6)


VALID = entry(ValidityState.VALID)
ENCRYPTION = entry(ValidityState.VALID, role=Role.ENCRYPTION)
EXPIRED = entry(ValidityState.EXPIRED, -1)
UNREADABLE = CertificateEntry(summary=None, error=ErrorView(code="E-CRT-05", what="", kept="", do=""))


def expiring(days: int, role: Role = Role.SIGNING) -> CertificateEntry:
    return entry(ValidityState.EXPIRING, days, role)


@pytest.mark.parametrize(
    ("pin_view", "entries", "expected"),
    [
        pytest.param(pin(), [VALID, ENCRYPTION], ["ok valid"], id="all well"),
        pytest.param(pin("unknown"), [VALID], ["ok valid"], id="a driver that tells no counter is no trouble"),
        pytest.param(pin("normal", 6), [VALID], ["ok valid"], id="all tries left"),
        pytest.param(pin("locked"), [VALID], ["error locked", "ok valid"], id="locked"),
        pytest.param(pin("final"), [VALID], ["error final", "ok valid"], id="last try"),
        pytest.param(pin("low", 1), [VALID], ["error final", "ok valid"], id="last try by number"),
        pytest.param(pin("unset"), [VALID], ["error unset", "ok valid"], id="no 口令 set"),
        pytest.param(pin("low"), [VALID], ["warn low", "ok valid"], id="few tries left"),
        pytest.param(pin(), [], ["error none"], id="no certificate"),
        pytest.param(pin("unset"), [], ["error unset", "error none"], id="a blank Ukey"),
        pytest.param(pin(), [UNREADABLE], ["error unreadable"], id="unreadable"),
        pytest.param(pin(), [VALID, UNREADABLE], ["error unreadable", "ok valid"], id="one of two unreadable"),
        pytest.param(pin(), [EXPIRED], ["error expired"], id="expired"),
        pytest.param(pin("low"), [EXPIRED], ["error expired", "warn low"], id="the worst comes first"),
        pytest.param(pin(), [entry(ValidityState.NOT_YET)], ["warn not_yet"], id="not yet valid"),
        pytest.param(pin(), [expiring(18)], ["warn expiring 18"], id="expiring"),
        pytest.param(pin(), [expiring(0)], ["warn today"], id="last day"),
        pytest.param(
            pin(), [expiring(40), expiring(18, Role.ENCRYPTION)], ["warn expiring 18"], id="said once, the soonest"
        ),
        pytest.param(
            pin(), [VALID, expiring(18, Role.ENCRYPTION)], ["warn expiring 18", "ok valid"], id="encryption counts too"
        ),
        pytest.param(pin(), [VALID, EXPIRED], ["ok valid"], id="an old one beside its successor is no trouble"),
        pytest.param(
            pin(),
            [entry(ValidityState.VALID, role=None), entry(ValidityState.EXPIRED, role=None)],
            ["error expired", "ok valid"],
            id="without a role none is another's successor",
        ),
    ],
)
def test_judged(pin_view: PinView, entries: list[CertificateEntry], expected: list[str]) -> None:
    assert [said(health) for health in judge(pin_view, entries)] == expected


def said(health: Health) -> str:
    return f"{health.level} {health.key}" + ("" if health.days is None else f" {health.days}")


@pytest.mark.parametrize("key", _LEVELS)
def test_every_key_has_its_words(key: str) -> None:
    assert messages.text(f"health_{key}", d=18)

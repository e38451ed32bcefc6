from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xieka.certificate.models import CertificateSummary, Role, ValidityState
from xieka.desktop.status import Icon, Status, status_of
from xieka.ukey.models import CertificateEntry, ErrorView, PinView, Ukey, UkeyList

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def certificate(state: ValidityState, days: int, role: Role = Role.SIGNING) -> CertificateEntry:
    summary = CertificateSummary(
        role=role, subject="甲", issuer="CA", serial="1", not_before=NOW, not_after=NOW + timedelta(days=days),
        days_left=days, state=state, life_used=0.5, uscc=None, org_code=None, kind="legacy", algorithm="RSA 2048",
        usages=[],
    )  # fmt: skip
    return CertificateEntry(role=role, summary=summary, error=None)


VALID = certificate(ValidityState.VALID, 300)
UNREADABLE = CertificateEntry(role=None, summary=None, error=ErrorView(code="E-CRT-05", what="", kept="", do=""))


def ukey(holder: str = "甲", *certificates: CertificateEntry, pin: Any = "normal") -> Ukey:
    return Ukey(
        id=holder, holder=holder, label="", serial="", manufacturer="", model="", driver="", driver_name="",
        practice=False, pin=PinView(state=pin, remaining=None, maximum=None), certificates=list(certificates),
        seals=[],
    )  # fmt: skip


def state(*ukeys: Ukey, reading: bool = False, current: str | None = None) -> UkeyList:
    chosen = current or (ukeys[0].id if ukeys else None)
    return UkeyList(reading=reading, current=chosen, remembered=None, tokens=list(ukeys), problems=[])


@pytest.mark.parametrize(
    ("ukeys", "expected"),
    [
        pytest.param(state(), Status(Icon.NONE, "协卡助手 · 未插入 Ukey"), id="none"),
        pytest.param(state(reading=True), Status(Icon.NONE, "协卡助手 · 正在读取 Ukey"), id="reading"),
        pytest.param(state(ukey("甲", VALID)), Status(Icon.OK, "协卡助手 · 甲 · 证书在有效期内"), id="valid"),
        pytest.param(
            state(ukey("甲", VALID), reading=True),
            Status(Icon.OK, "协卡助手 · 甲 · 证书在有效期内"),
            id="one more to read",
        ),
        pytest.param(
            state(ukey("甲", VALID, certificate(ValidityState.EXPIRING, 18, Role.ENCRYPTION))),
            Status(Icon.WARN, "协卡助手 · 甲 · 证书 18 天后到期"),
            id="the soonest counts",
        ),
        pytest.param(
            state(ukey("甲", VALID, certificate(ValidityState.EXPIRED, -1))),
            Status(Icon.BAD, "协卡助手 · 甲 · 需要处理"),
            id="expired",
        ),
        pytest.param(
            state(ukey("甲", certificate(ValidityState.NOT_YET, 900))),
            Status(Icon.BAD, "协卡助手 · 甲 · 需要处理"),
            id="not yet valid",
        ),
        pytest.param(state(ukey("甲", UNREADABLE)), Status(Icon.BAD, "协卡助手 · 甲 · 需要处理"), id="unreadable"),
        pytest.param(state(ukey("甲")), Status(Icon.BAD, "协卡助手 · 甲 · 需要处理"), id="no certificate"),
        pytest.param(state(ukey("甲", VALID, pin="locked")), Status(Icon.BAD, "协卡助手 · 甲 · 需要处理"), id="locked"),
        pytest.param(
            state(ukey("甲"), ukey("乙", VALID), current="乙"),
            Status(Icon.OK, "协卡助手 · 乙 · 证书在有效期内"),
            id="the managed one counts",
        ),
    ],
)
def test_the_icon_says(ukeys: UkeyList, expected: Status) -> None:
    assert status_of(ukeys) == expected

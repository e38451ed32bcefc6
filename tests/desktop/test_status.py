from __future__ import annotations

from typing import Any

import pytest

from xieka.desktop.status import Icon, Status, progress_of, reminder_of, status_of
from xieka.ukey.models import Health, PinView, Ukey, UkeyList


def ukey(holder: str, level: Any = "ok", key: Any = "valid", days: int | None = None) -> Ukey:
    return Ukey(
        id=holder, holder=holder, label="", serial="", manufacturer="", model="", driver="", driver_name="",
        practice=False, pin=PinView(state="normal", remaining=None, maximum=None),
        health=Health(level=level, key=key, days=days), reminders=0, certificates=[], seals=[],
    )  # fmt: skip


def state(*ukeys: Ukey, reading: bool = False, current: str | None = None) -> UkeyList:
    chosen = current or (ukeys[0].id if ukeys else None)
    return UkeyList(reading=reading, current=chosen, remembered=None, tokens=list(ukeys), problems=[])


WELL = Status(Icon.OK, "协卡助手 · 甲 · 证书在有效期内")


# Which health a Ukey has is judged once, in xieka.ukey.health.
@pytest.mark.parametrize(
    ("ukeys", "expected"),
    [
        pytest.param(state(), Status(Icon.NONE, "协卡助手 · 未插入 Ukey"), id="none"),
        pytest.param(state(reading=True), Status(Icon.NONE, "协卡助手 · 正在读取 Ukey"), id="reading"),
        pytest.param(state(ukey("甲")), WELL, id="ok"),
        pytest.param(state(ukey("甲"), reading=True), WELL, id="one more to read"),
        pytest.param(
            state(ukey("甲", "warn", "expiring", 18)), Status(Icon.WARN, "协卡助手 · 甲 · 证书 18 天后到期"), id="warn"
        ),
        pytest.param(state(ukey("甲", "error", "locked")), Status(Icon.BAD, "协卡助手 · 甲 · 口令已锁定"), id="error"),
        pytest.param(state(ukey("乙", "error", "none"), ukey("甲"), current="甲"), WELL, id="the managed one counts"),
    ],
)
def test_the_icon_says(ukeys: UkeyList, expected: Status) -> None:
    assert status_of(ukeys) == expected


def install(step: str, done: int = 50, length: int = 75) -> dict[str, Any]:
    return {"items": [{"title": "报告", "step": step, "bytes": done, "length": length}]}


@pytest.mark.parametrize(
    ("installs", "words"),
    [
        ({"items": []}, ""),
        (install("downloading"), "正在下载 报告 66%"),
        (install("waiting", 0, 0), "等待下载 报告"),
        (install("installing"), "正在安装 报告 66%"),
        (install("done"), ""),
        (install("failed"), ""),
        ({"items": [*install("done")["items"], *install("verifying")["items"]]}, "正在校验 报告"),
        (None, ""),
    ],
)
def test_an_installation_under_way_stands_behind_the_ukey(installs: Any, words: str) -> None:
    assert progress_of(installs) == words
    expected = f"{WELL.tooltip}\n{words}" if words else WELL.tooltip
    assert status_of(state(ukey("甲")), words) == Status(Icon.OK, expected)


@pytest.mark.parametrize(
    ("due", "title"),
    [
        ({"token": "t", "holder": "甲", "step": 30, "days_left": 29}, "证书 29 天后到期"),
        ({"token": "t", "holder": "甲", "step": 7, "days_left": 0}, "证书今天到期"),
        ({"token": "t", "holder": "甲", "step": -1, "days_left": -3}, "证书已过期"),
    ],
)
def test_a_reminder_in_words(due: Any, title: str) -> None:
    assert reminder_of(due) == ("t", title, "甲。点这里查看证书；Ukey 和签章不会丢失。")


@pytest.mark.parametrize("due", [None, [], {}, {"token": "t", "holder": "甲", "days_left": "29"}])
def test_what_is_no_reminder_is_not_shown(due: Any) -> None:
    assert reminder_of(due) is None

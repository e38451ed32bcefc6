"""The page in headless Chromium, from the real service: filling in, sending, skipping, and what is lost on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.service.registration.desk import PURPOSES, READ, Desk
from tests.service.registration.guest import CONTACT, EMAIL, PHONE
from xieka_service.registration import consents

pytestmark = pytest.mark.ui
FAILED = "注册信息没有提交成功。不影响使用，填写的内容还在页面上。可以重试或跳过。"


def test_from_the_code_to_the_end(desk: Desk) -> None:
    page = desk.form()
    assert page.url == f"{desk.origin}/register"
    expect(page.get_by_label("单位名称")).to_have_value("上海沪申示例贸易有限公司")
    expect(page.get_by_label("单位名称")).not_to_be_editable()
    for name in (*PURPOSES, READ):
        expect(page.get_by_label(name)).not_to_be_checked()
    page = desk.fill()
    assert page.evaluate("document.cookie") == ""
    desk.press("提交")
    page.wait_for_url("**/register/sent")
    assert desk.storage() == 0
    (record,) = desk.guest.records()
    assert (record["contact"], record["phone"], record["email"]) == (CONTACT, PHONE, EMAIL)
    assert record["purposes"] == ["statistics"]
    page.get_by_role("link", name="完成").click()
    page.wait_for_url("**/register/finished")
    assert desk.complaints == []


def test_f5_keeps_what_was_filled_in(desk: Desk) -> None:
    page = desk.fill()
    page.get_by_label(PURPOSES[2]).check()
    page.get_by_label(PURPOSES[0]).uncheck()
    for _ in range(2):
        page.reload()
        expect(page.get_by_label("联系人")).to_have_value(CONTACT)
        expect(page.get_by_label("手机号")).to_have_value(PHONE)
        expect(page.get_by_label("电子邮箱")).to_have_value(EMAIL)
        checked = [page.get_by_label(name).is_checked() for name in (*PURPOSES, READ)]
        assert checked == [False, False, True, True]
    assert desk.complaints == []


def test_skipping_stores_nothing(desk: Desk) -> None:
    page = desk.fill()
    assert desk.storage() == 1
    desk.press("跳过")
    page.wait_for_url("**/register/skipped")
    assert (desk.storage(), desk.kept()) == (0, 0)
    assert desk.complaints == []


def test_another_visit_begins_empty(desk: Desk) -> None:
    desk.fill()
    page = desk.form()
    expect(page.get_by_label("联系人")).to_have_value("")
    expect(page.get_by_label(PURPOSES[0])).not_to_be_checked()


def test_mistakes_are_named_and_led_to(desk: Desk) -> None:
    page = desk.form()
    page.get_by_label("手机号").fill("123")
    desk.press("提交")
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert.get_by_role("button")).to_have_count(4)
    phone = page.get_by_label("手机号")
    expect(phone).to_have_attribute("aria-invalid", "true")
    expect(phone).to_have_accessible_description(re.compile("11 位手机号"))
    expect(page.get_by_label("电子邮箱")).to_have_attribute("aria-invalid", "false")
    alert.get_by_role("button").nth(1).click()
    expect(phone).to_be_focused()
    phone.fill(PHONE)
    expect(phone).to_have_attribute("aria-invalid", "false")
    assert (desk.kept(), desk.complaints) == (0, [])


def test_it_works_by_keyboard(desk: Desk) -> None:
    page = desk.form()
    page.get_by_label("单位名称").focus()
    for keys in (CONTACT, PHONE, EMAIL):
        page.keyboard.press("Tab")
        page.keyboard.insert_text(keys)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    notice = page.get_by_role("dialog", name="个人信息处理说明")
    expect(notice).to_contain_text("协卡助手练习环境（示例）")
    page.keyboard.press("Escape")
    expect(notice).to_be_hidden()
    page.get_by_label("联系人").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/sent")
    assert desk.guest.records()[0]["purposes"] == ["information"]


def test_a_lost_network_loses_nothing(desk: Desk, context: BrowserContext) -> None:
    page = desk.fill()
    context.set_offline(True)
    desk.press("提交")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(FAILED)
    expect(alert).to_contain_text("E-REG-01")
    expect(page.get_by_label("联系人")).to_have_value(CONTACT)
    assert desk.kept() == 0
    context.set_offline(False)
    desk.press("重试")
    page.wait_for_url("**/register/sent")
    assert desk.kept() == 1


def test_a_lost_answer_makes_no_second_record(desk: Desk) -> None:
    page = desk.fill()
    page.route("**/register/submissions", lambda route: (route.fetch(), route.abort())[0])
    desk.press("提交")
    expect(page.get_by_role("alert")).to_contain_text(FAILED)
    assert desk.kept() == 1
    page.unroute("**/register/submissions")
    desk.press("重试")
    page.wait_for_url("**/register/sent")
    assert desk.kept() == 1


def test_what_was_changed_after_a_lost_answer_is_not_taken_for_received(desk: Desk) -> None:
    page = desk.fill()
    page.route("**/register/submissions", lambda route: (route.fetch(), route.abort())[0])
    desk.press("提交")
    expect(page.get_by_role("alert")).to_contain_text(FAILED)
    page.unroute("**/register/submissions")
    page.get_by_label("联系人").fill("李会计")
    desk.press("提交")
    expect(page.get_by_text("已经提交过一次")).to_be_visible()
    assert desk.guest.records()[0]["contact"] == CONTACT


def test_a_newer_notice_is_read_before_anything_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.fill()
    monkeypatch.setattr(consents, "NOTICE_VERSION", "2030-01-01")
    desk.press("提交")
    expect(page.get_by_role("alert")).to_contain_text("个人信息处理说明刚刚更新")
    desk.press("重新载入")
    expect(page.get_by_label("联系人")).to_have_value(CONTACT)
    expect(page.get_by_label(READ)).not_to_be_checked()
    assert desk.kept() == 0

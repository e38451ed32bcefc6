"""Ukeys come and go: REQ-052, REQ-053, REQ-091, REQ-094, D-09…D-12."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import Practice
from tests.ui.conftest import Start
from tests.ui.product import DIALOG, Product, save_screenshot

pytestmark = pytest.mark.ui

ONE, TWO = "上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"


def test_the_first_ukeys_certificate_is_there_at_the_start(product: Product) -> None:
    product.eventually_on_screen(True)
    expect(product.page.get_by_role("heading", name="Ukey 管理")).to_be_visible()
    expect(product.page.get_by_text("证书在有效期内").first).to_be_visible()
    expect(product.page.locator("#content, main").get_by_text(ONE)).to_be_visible()
    save_screenshot(product.session, "start")


def test_plugging_pops_the_window_up_and_pulling_hides_it(start: Start, practice: Practice) -> None:
    practice.demo.unplug(1)
    practice.demo.unplug(2)
    product = start()
    expect(product.page.get_by_text("请插入 Ukey")).to_be_visible()
    product.page.get_by_role("button", name="最小化到托盘").click()
    product.eventually_on_screen(False)
    practice.demo.plug(1)
    product.eventually_on_screen(True, 2)
    expect(product.page.get_by_text("证书在有效期内").first).to_be_visible()
    practice.demo.unplug(1)
    product.eventually_on_screen(False)
    assert len(product.session.tray_icons()) == 1
    # Nothing stale behind the hidden window (REQ-091).
    expect(product.page.locator("#panel").get_by_text("请插入 Ukey")).to_have_count(1)
    expect(product.page.locator("#panel, #keycard").filter(has_text=ONE)).to_have_count(0)


def test_pulling_one_of_two_switches_and_says_so(product: Product, practice: Practice) -> None:
    practice.demo.unplug(1)
    expect(product.page.locator(".keycard")).to_contain_text(TWO)
    assert product.on_screen()
    expect(product.page.get_by_role("tab", name="电子签章")).to_be_visible()


def test_switching_by_the_token_card(product: Product) -> None:
    page = product.page
    page.locator(".keycard").click()
    page.get_by_role("option", name=re.compile(TWO)).click()
    expect(page.locator(".keycard")).to_contain_text(TWO)
    expect(page.locator("main").get_by_text("统一社会信用代码")).to_be_visible()
    page.keyboard.press("Control+Tab")
    expect(page.locator(".keycard")).to_contain_text(ONE)


def test_started_at_log_in_it_stays_in_the_tray_with_a_ukey_in(start: Start) -> None:
    product = start("--hidden")
    assert not product.on_screen()
    expect(product.page.locator(".keycard")).to_contain_text(ONE)
    assert not product.on_screen()


def test_a_half_typed_pin_is_wiped_when_the_ukey_goes(product: Product, practice: Practice) -> None:
    product.pin("验证口令")
    product.field("当前口令").fill("half-typed")
    practice.demo.unplug(1)
    expect(product.page.locator(".keycard")).to_contain_text(TWO)
    expect(product.field("当前口令")).to_have_value("")


def test_refresh_by_f5_keeps_the_page(product: Product, practice: Practice) -> None:
    product.tab("电子签章")
    product.page.keyboard.press("F5")
    expect(product.page.get_by_role("tab", name="电子签章")).to_have_attribute("aria-selected", "true")
    expect(product.page.get_by_text("上海沪申示例贸易有限公司合同专用章").first).to_be_visible()


def test_pulling_while_a_dialog_is_open_does_not_hide_it(product: Product, practice: Practice) -> None:
    practice.demo.unplug(2)
    expect(product.page.locator("#keycard")).not_to_have_attribute("aria-haspopup", "listbox")
    product.page.get_by_role("button", name="下拉菜单").click()
    product.page.get_by_role("menuitem", name="关于").click()
    expect(product.page.locator(DIALOG)).to_be_visible()
    practice.demo.unplug(1)
    expect(product.page.locator("#keycard")).to_contain_text("未插入 Ukey")
    assert product.on_screen()

"""States that a person seldom meets: what each says, and that nothing is made worse."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import Practice
from tests.ui.conftest import Open
from tests.ui.odd_ukeys import BLANK, BROKEN, UNSET, odd_ukeys
from tests.ui.shim import Shim
from xieka.bridge.methods import without_app
from xieka.bridge.server import Bridge
from xieka.bridge.shell import BrowserShell
from xieka.core import paths
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus

pytestmark = pytest.mark.ui

TWO = "上海浦江示例科技有限公司"


def test_reading_is_said_while_it_lasts(open_: Open, practice: Practice) -> None:
    shim = Shim(practice, 1, 2)
    shim.fault("*:delay:300")
    product = open_()
    page = product.page
    expect(page.locator("main").get_by_role("status")).to_contain_text("正在读取证书…请不要拔出 Ukey。")
    expect(page.locator("#keycard")).to_contain_text("正在读取 Ukey")
    expect(page.get_by_text("请插入 Ukey")).to_have_count(0)
    shim.heal()
    expect(page.get_by_text("证书在有效期内").first).to_be_visible()
    expect(page.get_by_text("正在读取证书")).to_have_count(0)


def test_odd_ukeys_and_a_broken_driver(open_: Open, tmp_path: Path) -> None:
    product = open_(folders=odd_ukeys(tmp_path / "home"))
    page = product.page
    card, panel = page.locator("#keycard"), page.locator("#panel")
    # The driver's trouble stands on every tab and hides no Ukey.
    trouble = panel.get_by_role("alert").filter(has_text="Ukey 驱动打不开")
    expect(trouble).to_contain_text("E-MOD-01")
    expect(page.locator("html")).not_to_contain_text("Traceback")

    if UNSET not in card.inner_text():
        product.choose(UNSET)
    expect(card).to_contain_text("没有设置口令")
    expect(panel.get_by_text("不能确认这张证书是谁签发的")).to_be_visible()
    product.tab("修改 Ukey 口令")
    expect(panel).to_contain_text("这个 Ukey 还没有设置口令")
    expect(panel).to_contain_text("E-PIN-07")
    expect(panel.locator("input")).to_have_count(0)

    product.choose(BROKEN)
    expect(card).to_contain_text("证书无法识别")
    product.tab("查看签名证书")
    expect(panel).to_contain_text("E-CRT-05")
    # There is nothing to tell by its role, so nothing to export.
    expect(page.get_by_role("button", name="导出证书")).to_have_count(0)
    expect(page.get_by_role("button", name="重新读取")).to_be_visible()

    product.choose(BLANK)
    expect(card).to_contain_text("没有证书")
    expect(panel).to_contain_text("这个 Ukey 里没有证书")
    product.verify("123456")
    expect(page.get_by_text("口令正确，没有做任何修改").first).to_be_visible()
    expect(trouble).to_be_visible()


def test_appearance_and_the_remembered_ukey_outlive_a_restart(open_: Open) -> None:
    product = open_()
    page = product.page
    html = page.locator("html")
    product.menu("menuitemradio", "深色")
    expect(html).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(26, 29, 35)")
    expect(page.locator("body")).to_have_css("font-size", "14px")
    product.menu("menuitemcheckbox", "大字号")
    expect(page.locator("body")).to_have_css("font-size", "16px")
    page.keyboard.press("Escape")
    product.choose(TWO)
    page.locator("#keycard").click()
    page.get_by_label("记住我的选择").check()
    expect(page.get_by_label("记住我的选择")).to_be_checked()
    product.close()
    page = open_().page
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    expect(page.locator("#keycard")).to_contain_text(TWO)


def test_a_program_that_could_not_start_says_so_in_its_page(browser: Browser) -> None:
    bridge = Bridge(paths.bundled("frontend"), EventBus())
    bridge.start()
    bridge.attach(without_app(BrowserShell(), XiekaError("E-APP-01", ref="0a1b2c3d")))
    page = browser.new_page()
    page.goto(bridge.url)
    try:
        alert = page.locator("main .infobar")
        expect(alert).to_contain_text("协卡助手没有完全启动（编号 0a1b2c3d）")
        expect(alert).to_contain_text("请退出后重新打开")
        expect(page.get_by_text("与程序的连接中断")).to_have_count(0)
    finally:
        page.close()
        bridge.close()

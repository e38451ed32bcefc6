"""系统设置 in the real window and, for axe, in headless Chromium: what a person sets counts at once and is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Practice
from tests.ui.axe import Audit
from tests.ui.conftest import Start
from tests.ui.desktop_session import eventually
from tests.ui.pages import picture
from tests.ui.served import served
from xieka.osstore import book as books
from xieka.osstore.models import Entry
from xieka.settings.models import Settings
from xieka.settings.service import SettingsService

pytestmark = pytest.mark.ui

GROUPS = {"通用": "导入签名证书", "Ukey": "优先管理的 Ukey", "外观": "大字号", "网络": "代理服务器", "隐私": "运行日志"}


def switch(page: Page, name: str) -> Locator:
    return page.get_by_role("switch", name=name)


def open_by_key(page: Page) -> Locator:
    page.keyboard.press("Control+,")
    dialog = page.get_by_role("dialog", name="系统设置")
    expect(dialog.get_by_role("switch").first).to_be_visible()
    return dialog


def test_every_switch_takes_effect_at_once(start: Start, practice: Practice) -> None:
    practice.demo.unplug(2)
    product = start()
    page, config = product.page, practice.folders.config

    def kept() -> Settings:
        return SettingsService(config).value

    # Another process than the window's: it is seen when the dialog opens.
    SettingsService(config).change(remind_days=[60, 1], preferred_token="softhsm:away")
    product.menu("menuitem", "系统设置")
    dialog = page.get_by_role("dialog", name="系统设置")
    expect(dialog.get_by_label("证书到期提醒")).to_contain_text("自定义：提前 60、1 天")
    expect(dialog.get_by_text("练习用 Ukey，不登记到系统")).to_have_count(1)
    picture(page, "settings")
    # By the keyboard alone: the groups are one stop, and Space is what a switch is pressed with.
    expect(page.get_by_role("tab", name="通用")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("tab", name="Ukey", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(switch(page, "插入 Ukey 时显示主界面")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(switch(page, "拔出 Ukey 后收到托盘")).to_have_attribute("aria-checked", "false")
    wanted = Settings(remind_days=[60, 1], preferred_token="softhsm:away", popup_on_insert=False, hide_on_removal=False)
    eventually(lambda: kept() == wanted, 3, "saved")
    page.get_by_role("button", name="清除优先管理的 Ukey").click()
    expect(dialog.get_by_text("没有指定，")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#menu-button")).to_be_focused()
    # What a command sets counts at the next happening, without the dialog.
    SettingsService(config).change(hide_on_removal=True)
    practice.demo.unplug(1)
    product.eventually_on_screen(False)
    practice.demo.plug(1)
    expect(page.locator("#panel").get_by_text("请插入 Ukey")).to_have_count(0)
    assert not product.on_screen()
    assert product.second_start().wait(10) == 0
    product.eventually_on_screen(True)
    before = kept()
    assert before == Settings(remind_days=[60, 1], popup_on_insert=False)
    dialog = open_by_key(page)
    switch(page, "导入签名证书").click()
    expect(switch(page, "导入签名证书")).to_have_attribute("aria-checked", "false")
    expect(dialog.get_by_text("没有登记任何证书。")).to_be_visible()
    page.get_by_role("tab", name="外观").click()
    page.get_by_role("radio", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dialog.get_by_role("button", name="恢复默认").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    eventually(lambda: kept() == Settings(), 3, "defaults")
    dialog.get_by_role("button", name="撤销").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    eventually(lambda: kept() == before.model_copy(update={"theme": "dark", "import_signing_certificate": False}), 3)
    dialog.get_by_role("button", name="完成").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def registered_before(data: Path, browser: Path) -> None:
    """A certificate that was registered, and a browser's database where ours may stand and that has broken since."""
    browser.mkdir()
    (browser / "pkcs11.txt").write_text("", "utf-8")
    now = datetime.now(UTC)
    entry = Entry(
        token="firm:1", label="一号", subject="上海沪申示例贸易有限公司", serial="01", not_after=now, sha256="0" * 64,
        driver="firm", module="/usr/lib/firm.so", since=now,
    )  # fmt: skip
    books.save(books.Book(entries=(entry,), places=(str(browser),)), data / "osstore" / "book.json")


def what_is_registered(look: Audit, browser: Path) -> None:
    """The list, a place that is left over when it is switched off, and trying that again."""
    page = look.page
    look.look("registered", "未插入，插入后浏览器才能使用")
    expect(page.get_by_text("浏览器的证书库看起来已损坏")).to_be_visible()
    switch(page, "导入签名证书").click()
    look.look("left over", "有一处登记没能取消")
    expect(switch(page, "导入签名证书")).to_have_attribute("aria-checked", "false")
    shutil.rmtree(browser)
    page.get_by_role("button", name="再试一次").click()
    expect(page.get_by_text("没有登记任何证书。")).to_be_visible()
    expect(page.get_by_text("有一处登记没能取消")).to_have_count(0)


def test_every_group_passes_axe(practice: Practice, audit: Callable[[str], Audit], tmp_path: Path) -> None:
    registered_before(practice.folders.data, tmp_path / "浏览器")
    with served(practice.folders) as url:
        look = audit(url)
        page = look.page
        page.set_viewport_size({"width": 880, "height": 560})
        dialog = open_by_key(page)
        what_is_registered(look, tmp_path / "浏览器")
        for group, reached in GROUPS.items():
            page.get_by_role("tab", name=group, exact=True).click()
            look.look(group, reached)
        page.get_by_role("tab", name="外观").click()
        switch(page, "大字号").click()
        expect(page.locator("html")).to_have_attribute("data-size", "large")
        # Everything can be reached in the smallest window.
        for group, _ in GROUPS.items():
            page.get_by_role("tab", name=group, exact=True).click()
            panel = dialog.get_by_role("tabpanel")
            assert panel.evaluate("one => one.scrollWidth <= one.clientWidth"), group
            expect(dialog.get_by_role("button", name="完成")).to_be_in_viewport(ratio=1)
        path = practice.folders.config / "settings.toml"
        path.unlink()
        path.mkdir()
        page.get_by_role("tab", name="隐私").click()
        switch(page, "询问用户注册").click()
        expect(page.get_by_text("设置没有保存成功")).to_be_visible()
        expect(switch(page, "询问用户注册")).to_have_attribute("aria-checked", "true")
        described = switch(page, "询问用户注册").get_attribute("aria-describedby") or ""
        assert "原来的设置没有变化" in "".join(page.locator(f"#{one}").inner_text() for one in described.split())

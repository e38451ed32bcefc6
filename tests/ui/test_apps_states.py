"""Every state of 我的应用 passes axe, and what goes while it is open is closed: headless Chromium, real service."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Practice
from tests.ui.axe import Audit
from tests.ui.pages import READY
from tests.ui.served import served
from xieka_demo.online import PracticeService

pytestmark = [pytest.mark.ui, pytest.mark.timeout(120)]

UPGRADE, REPORT = "一证通升级应用", "证书巡检报告"
FIRST_MS = 20_000
COMPOSING = """([selector, key]) => document.querySelector(selector).dispatchEvent(
  new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))"""
"""A key that an input method works with."""


def go(page: Page, name: str) -> None:
    page.locator(".navbtn", has_text=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def tile(page: Page, name: str) -> None:
    """Its menu, by the keyboard."""
    page.locator(".app", has_text=name).focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menu", name=name)).to_be_visible()


def test_every_state(
    practice: Practice,
    service: PracticeService,
    audit: Callable[[str], Audit],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with served(practice.folders, network=True) as url:
        one = audit(url)
        page = one.page
        expect(page.locator(".navbtn")).to_have_count(5, timeout=FIRST_MS)
        go(page, "办事大厅")
        page.locator(".app", has_text="上海一网通办").click()
        page.get_by_role("button", name="添加到我的应用").click()
        go(page, "我的应用")
        one.look("grid", "一网通办")
        tile(page, "一网通办")
        one.look("menu", "固定到最前")
        page.keyboard.press("Escape")
        page.get_by_label("搜索应用").fill("没有的")
        one.look("no hit", "没有找到")
        page.get_by_role("button", name="查看全部").click()
        gone_elsewhere(one, url)
        installing(one, tmp_path)
        offline(one, service)


def gone_elsewhere(one: Audit, url: str) -> None:
    """Another window takes an entry away while its menu is open here: it closes, and the focus is on its neighbour."""
    page = one.page
    tile(page, "一网通办")
    second = page.context.new_page()
    second.goto(url)
    second.wait_for_selector(READY, state="attached")
    go(second, "我的应用")
    second.locator(".app", has_text="一网通办").focus()
    second.keyboard.press("Delete")
    expect(second.locator(".app", has_text="一网通办")).to_have_count(0)
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.locator(".body[inert]")).to_have_count(0)
    page.bring_to_front()
    expect(page.locator(".app:focus")).to_contain_text(UPGRADE)
    second.close()


def installing(one: Audit, home: Path) -> None:
    page = one.page
    go(page, "证书业务")
    page.get_by_role("button", name=re.compile(REPORT)).first.click()
    pane = page.get_by_role("region", name=re.compile("应用信息"))
    one.look("pane", "发布者已验证")
    pane.get_by_role("button", name="一键安装").click()
    one.look("confirm", "要安装")
    pane.get_by_role("button", name="是").click()
    folder = pane.get_by_label("安装文件夹")
    expect(folder).to_have_value(str(home / "协卡应用" / REPORT))
    one.look("folder", "需要")
    # Enter and Esc belong to the input method while it has the word.
    folder.focus()
    page.evaluate(COMPOSING, ["#install-folder", "Enter"])
    page.evaluate(COMPOSING, ["#install-folder", "Escape"])
    expect(folder).to_be_focused()
    expect(pane.get_by_role("heading", name="选择安装位置")).to_be_visible()
    folder.fill("/usr/report")
    one.look("folder that will not do", "E-INS-13")
    folder.fill(str(home / "协卡应用"))
    expect(pane.get_by_text(re.compile("需要.*可用"))).to_be_visible()
    # It has become impossible since it was looked at.
    (home / "协卡应用").write_text("a file, no folder")
    pane.get_by_role("button", name="安装", exact=True).click()
    one.look("failed", "更换位置")
    pane.get_by_role("button", name="暂不安装").click()
    expect(pane.get_by_role("button", name="一键安装")).to_be_visible()
    page.keyboard.press("Escape")


def offline(one: Audit, service: PracticeService) -> None:
    page = one.page
    go(page, "我的应用")
    assert service.stop()
    page.keyboard.press("F5")
    expect(page.locator(".navbtn")).to_have_count(3, timeout=FIRST_MS)
    one.look("offline", "Ukey 管理等本机功能照常使用")
    page.locator(".app", has_text=UPGRADE).focus()
    page.keyboard.press("Delete")
    one.look("empty", "还没有应用")
    expect(page.get_by_role("heading", level=1)).to_be_focused()

"""The online half with the real service beside it: what comes, what goes, what stays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Practice, SystemBrowser
from tests.ui.axe import Audit
from tests.ui.conftest import Open
from tests.ui.desktop_session import eventually
from tests.ui.pages import Pages, picture
from tests.ui.served import served
from xieka.settings.service import SettingsService
from xieka_demo.online import PracticeService

pytestmark = [pytest.mark.ui, pytest.mark.timeout(180)]

ONLINE = ["我的应用", "Ukey 管理", "用户服务", "办事大厅", "证书业务"]
OFFLINE = ONLINE[:3]
PROBE = 20_000
"""Milliseconds: the pause between two probes offline, and the probe."""


def shown(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".navbtn").all_inner_texts()]


def go(page: Page, name: str) -> None:
    page.locator(".navbtn", has_text=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_focused()


@pytest.fixture
def service(practice: Practice, stopped_service: PracticeService) -> PracticeService:
    # The page 用户注册 has its own tests; here it would only be in the way.
    SettingsService(practice.folders.config).change(ask_registration=False)
    return stopped_service


def test_online_offline_and_back(
    service: PracticeService, open_: Open, practice: Practice, system_browser: SystemBrowser
) -> None:
    product = open_("--demo", commands=system_browser.commands)
    page = product.page
    expect(page.locator(".navbtn")).to_have_count(5, timeout=PROBE)
    assert shown(page) == ONLINE
    column(product, system_browser)
    hall(product, practice, system_browser)
    dropped(product, service)
    assert service.running() is False
    service.start()
    # Nothing is touched: the next probe finds it.
    expect(page.locator(".navbtn")).to_have_count(5, timeout=PROBE)
    expect(page.get_by_text("已联网，办事大厅和证书业务可以使用了").first).to_be_visible()
    expect(page.get_by_role("region", name="在线客服")).to_be_visible()


def column(product: Pages, browser: SystemBrowser) -> None:
    """最新公告, 推荐应用, exactly two pictures; a click on one opens its address and nothing else."""
    page = product.page
    expect(page.locator(".banner img")).to_have_count(2)
    assert all(page.locator(".banner img").evaluate_all("images => images.map(image => image.naturalWidth > 0)"))
    unread = page.locator(".news .new")
    before = unread.count()
    assert before > 0
    page.locator(".news button", has=page.locator(".new")).first.click()
    expect(unread).to_have_count(before - 1)
    (address,) = eventually(browser.opened, 3, "browser")
    assert re.fullmatch(r"https://[a-z0-9.-]+/\S*", address)
    browser.forget()


def hall(product: Pages, practice: Practice, browser: SystemBrowser) -> None:
    page = product.page
    go(page, "办事大厅")
    picture(page, "hall")
    page.get_by_label("搜索网址").fill("电子税务")
    expect(page.locator(".app")).to_have_count(1)
    page.locator(".app").click()
    sheet = page.get_by_role("region", name=re.compile("应用信息"))
    expect(sheet.get_by_text("etax.shanghai.chinatax.gov.cn")).to_be_visible()
    expect(page.get_by_role("complementary")).to_have_count(0)
    picture(page, "hall-sheet")
    sheet.get_by_role("button", name="打开").click()
    assert eventually(browser.opened, 3, "browser") == ["https://etax.shanghai.chinatax.gov.cn/"]
    sheet.get_by_role("button", name="添加到我的应用").click()
    expect(sheet.get_by_role("button", name="已添加")).to_be_disabled()
    kept = json.loads((practice.folders.data / "apps.json").read_text("utf-8"))
    links = [entry["link"]["url"] for entry in kept["entries"] if entry["kind"] == "link"]
    assert links == ["https://etax.shanghai.chinatax.gov.cn/"]
    page.keyboard.press("Escape")
    expect(page.locator(".app")).to_be_focused()
    page.get_by_label("搜索网址").fill("没有这个网站")
    expect(page.get_by_text("没有找到", exact=True)).to_be_visible()


def dropped(product: Pages, service: PracticeService) -> None:
    """The service is gone while 办事大厅 is open."""
    page = product.page
    assert service.stop()
    page.keyboard.press("F5")
    expect(page.locator(".navbtn")).to_have_count(3)
    assert shown(page) == OFFLINE
    expect(page.get_by_text("网络已断开，已转到“我的应用”").first).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="我的应用")).to_be_visible()
    expect(page.locator(".net")).to_have_text("服务没有响应")
    # Shortcuts reach nothing that is not there (REQ-062).
    page.keyboard.press("Control+4")
    expect(page.get_by_role("heading", level=1, name="我的应用")).to_be_visible()
    go(page, "用户服务")
    expect(page.locator(".page .stale")).to_contain_text(re.compile(r"离线内容 · 更新于 20\d\d-\d\d-\d\d \d\d:\d\d"))
    expect(page.get_by_role("region", name="在线客服")).to_have_count(0)
    expect(page.locator(".news button")).to_have_count(5)
    picture(page, "offline")


def test_a_list_that_changes_under_the_mouse_opens_nothing_else(service: PracticeService, pages: Pages) -> None:
    """What comes in between the press of the mouse and its release takes nobody's place."""
    page = pages.page
    entries = page.get_by_role("region", name="推荐应用").get_by_role("button")
    expect(entries.first).to_contain_text("电子税务局")
    entries.first.hover()
    page.mouse.down()
    service.start()
    page.keyboard.press("F5")
    expect(entries.first).to_contain_text("巡检报告", timeout=PROBE)
    page.mouse.up()
    # As good as any: what a click would have done is drawn by now.
    entries.first.hover()
    expect(page.get_by_role("region", name=re.compile("应用信息"))).to_have_count(0)


def test_user_service(open_: Open, service: PracticeService) -> None:
    """Three tabs (REQ-100): outlets by district, numbers to copy, questions to search."""
    service.start()
    page = open_().page
    expect(page.locator(".banner img")).to_have_count(2, timeout=PROBE)
    go(page, "用户服务")
    assert page.get_by_role("tab").all_inner_texts() == ["网点查询", "热线电话", "FAQ"]
    districts = page.locator("select option")
    assert districts.count() == 17
    page.locator("select").select_option("虹口区")
    expect(page.locator(".outlet")).to_have_count(2)
    page.locator("select").select_option("崇明区")
    expect(page.get_by_text("崇明区暂时没有登记的网点")).to_be_visible()
    page.get_by_role("button", name="查看全部").click()
    page.get_by_label("按区、路名或网点名搜索").fill("四川北路")
    expect(page.locator(".outlet")).to_have_count(1)
    picture(page, "outlets")
    page.get_by_role("tab", name="热线电话").click()
    page.get_by_role("button", name="复制号码").click()
    expect(page.get_by_text("已复制").first).to_be_visible()
    picture(page, "hotline")
    page.get_by_role("tab", name="FAQ").click()
    for words in ("杀毒软件", "办事大厅", "识别不到", "切换", "没有反应", "E-PIN-02"):
        page.get_by_label(re.compile("描述您遇到的问题")).fill(words)
        assert page.locator(".qa").count() >= 1, words
    page.get_by_label(re.compile("描述您遇到的问题")).fill("")
    page.locator(".qa button").first.click()
    expect(page.locator(".answer").first).to_be_visible()
    picture(page, "faq")


def test_every_state_passes_axe(service: PracticeService, practice: Practice, audit: Callable[[str], Audit]) -> None:
    service.start()
    with served(practice.folders, network=True) as url:
        one = audit(url)
        page = one.page
        expect(page.locator(".navbtn")).to_have_count(5, timeout=PROBE)
        one.look("column", "最新公告")
        go(page, "办事大厅")
        one.look("hall", "上海一网通办")
        page.locator(".app").first.click()
        one.look("sheet", "添加到我的应用")
        go(page, "证书业务")
        one.look("business", "证书续期")
        go(page, "用户服务")
        one.look("outlets", "浦东新区")
        page.get_by_role("tab", name="热线电话").click()
        one.look("hotline", "复制号码")
        page.get_by_role("tab", name="FAQ").click()
        page.locator(".qa button").first.click()
        one.look("faq", "客服 01")
        page.locator(".net").click()
        page.get_by_role("radio", name=re.compile("手动设置")).check()
        page.get_by_label("代理地址").fill("ftp://nowhere")
        page.get_by_role("button", name="保存并测试连接").click()
        one.look("proxy refused", "代理地址不对")
        page.get_by_role("radio", name=re.compile("跟随系统")).check()
        page.get_by_role("button", name="保存并测试连接").click()
        one.look("connection test", "连接正常，在线服务可以使用。")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="全部", exact=True).click()
        one.look("announcements", "关闭")

"""用户注册 in the real product: window, service, Ukeys, and what is remembered (REQ-024…036)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Practice, SystemBrowser
from tests.ui.axe import Audit
from tests.ui.conftest import Start
from tests.ui.desktop_session import eventually
from tests.ui.pages import picture
from tests.ui.product import Product
from tests.ui.served import served
from tests.ui.shim import Shim
from xieka_demo.online import PracticeService

pytestmark = [pytest.mark.ui, pytest.mark.timeout(180)]

TITLE = "用户注册"
ONE, TWO = "上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"
FIRST_MS = 20_000
SIGN_OUT = """async () => {
  const word = new URLSearchParams(location.hash.slice(1)).get("t");
  const ask = async (method, params) => (await (await fetch("/rpc", {
    method: "POST",
    headers: {"Content-Type": "application/json", Authorization: `Bearer ${word}`},
    body: JSON.stringify({method, params, id: 1}),
  })).json()).result;
  const {ukeys} = await ask("app.snapshot", {});
  await ask("registration.sign_out", {token: ukeys.current});
}"""
"""Ends the session as another page of the program would."""


def visit(product: Product) -> Page:
    """The page in the window that has come."""
    eventually(lambda: product.session.windows(TITLE), 20, "registration window")
    found = eventually(lambda: product.remote("/register"), 10, "registration page")
    found.set_default_timeout(8000)
    return found


def gone(product: Product) -> None:
    eventually(lambda: not product.session.windows(TITLE), 8, "registration window gone")


def answers(practice: Practice) -> list[str]:
    path = practice.folders.data / "registration" / "demo.json"
    if not path.exists():
        return []
    return [answer["outcome"] for answer in json.loads(path.read_text("utf-8"))["answers"].values()]


def fill(page: Page) -> None:
    page.get_by_label("联系人").fill("王会计")
    page.get_by_label("手机号").fill("13800000000")


@pytest.mark.usefixtures("service")
def test_asked_once_for_each_certificate(start: Start, practice: Practice) -> None:
    """The first Ukey registers, the second skips; neither is asked again, not by the next start either."""
    practice.demo.unplug(2)
    product = start()
    page = visit(product)
    expect(page.get_by_label("单位名称")).to_have_value(ONE, timeout=FIRST_MS)
    assert all(not box.is_checked() for box in page.get_by_role("checkbox").all())
    fill(page)
    page.get_by_role("checkbox", name=re.compile("产品和服务信息")).check()
    # F5 as a person presses it, in the window that has the keyboard.
    product.type("F5")
    page.wait_for_timeout(500)
    expect(page.get_by_label("联系人")).to_have_value("王会计")
    expect(page.get_by_role("checkbox", name=re.compile("产品和服务信息"))).to_be_checked()
    picture(page, "registration")
    page.get_by_role("checkbox", name=re.compile("我已阅读")).check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("link", name="完成")).to_be_visible()
    assert answers(practice) == []
    page.get_by_role("link", name="完成").click()
    gone(product)
    eventually(lambda: answers(practice) == ["submitted"], 5, "remembered")

    practice.demo.plug(2)
    page = visit(product)
    expect(page.get_by_label("单位名称")).to_have_value(TWO, timeout=FIRST_MS)
    page.get_by_role("button", name="跳过").click()
    gone(product)
    eventually(lambda: answers(practice) == ["submitted", "left"], 5, "remembered")
    product.close()

    product = start()
    expect(product.page.locator(".navbtn")).to_have_count(5, timeout=FIRST_MS)
    product.page.wait_for_timeout(1500)
    assert product.session.windows(TITLE) == []

    # Seeing, correcting and deleting what was sent, behind the 口令.
    if ONE[2:4] not in product.page.locator("#keycard").inner_text():
        product.choose(ONE)
    product.menu("menuitem", "用户注册")
    dialog = product.page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile("提交"))).not_to_have_count(0)
    dialog.get_by_role("button", name="查看已提交的信息").click()
    dialog.get_by_label("当前口令", exact=True).fill("123456")
    dialog.get_by_label("当前口令", exact=True).press("Enter")
    expect(dialog.get_by_text("13800000000")).to_be_visible(timeout=10_000)
    picture(product.page, "registration-records")
    dialog.get_by_role("button", name=re.compile("^更正")).click()
    dialog.get_by_label("手机号").fill("13900000000")
    dialog.get_by_role("checkbox", name=re.compile("满意度调查")).check()
    product.page.keyboard.press("Escape")
    expect(dialog.get_by_text("有更正还没有保存")).to_be_in_viewport()
    picture(product.page, "registration-unsaved")
    # The session ends while the form is open: nothing of it is lost.
    product.page.evaluate(SIGN_OUT)
    dialog.get_by_role("button", name=re.compile("保存")).click()
    expect(dialog.get_by_label("当前口令", exact=True)).to_be_focused()
    dialog.get_by_label("当前口令", exact=True).fill("123456")
    dialog.get_by_label("当前口令", exact=True).press("Enter")
    expect(dialog.get_by_label("手机号")).to_have_value("13900000000", timeout=10_000)
    expect(dialog.get_by_role("checkbox", name=re.compile("满意度调查"))).to_be_checked()
    dialog.get_by_role("button", name=re.compile("保存")).click()
    expect(dialog.get_by_text("13900000000")).to_be_visible()
    expect(dialog.get_by_text("满意度调查")).to_be_visible()
    dialog.get_by_role("button", name=re.compile("^删除")).click()
    dialog.get_by_role("button", name="确定删除").click()
    expect(dialog.get_by_text("没有这个 Ukey 的注册信息")).to_be_visible()
    eventually(lambda: sorted(answers(practice)) == ["deleted", "left"], 5, "remembered")


@pytest.mark.usefixtures("service")
def test_closing_the_window_is_an_answer_and_the_menu_opens_it_again(
    start: Start, practice: Practice, system_browser: SystemBrowser
) -> None:
    practice.demo.unplug(2)
    product = start(commands=system_browser.commands)
    expect(visit(product).get_by_label("单位名称")).to_have_value(ONE, timeout=FIRST_MS)
    # A pulled Ukey hides nothing while the person is typing (D-10).
    practice.demo.unplug(1)
    expect(product.page.get_by_text("请插入 Ukey").first).to_be_visible()
    assert product.session.windows(TITLE)
    assert product.on_screen()
    practice.demo.plug(1)
    expect(product.page.locator("#keycard")).to_contain_text(ONE[:8])
    product.session.run("wmctrl", "-c", TITLE)
    gone(product)
    eventually(lambda: answers(practice) == ["left"], 5, "remembered")
    product.menu("menuitem", "用户注册")
    product.page.get_by_role("dialog").get_by_role("button", name="打开注册页面").click()
    expect(visit(product).get_by_label("单位名称")).to_have_value(ONE, timeout=FIRST_MS)
    the_browser_instead(product, system_browser)
    eventually(lambda: answers(practice) == ["browser"], 5, "remembered")
    product.menu("menuitem", "用户注册")
    product.page.get_by_role("dialog").get_by_role("button", name="打开注册页面").click()
    visit(product)
    product.menu("menuitem", "退出")
    eventually(lambda: not product.process.is_running() or product.process.status() == "zombie", 8, "ended")
    assert answers(practice) == ["browser"]


def the_browser_instead(product: Product, system_browser: SystemBrowser) -> None:
    """The last button of the native bar."""
    product.session.run("wmctrl", "-a", TITLE)
    product.picture("registration")
    window = product.session.windows(TITLE)[0]
    x = int(product.session.geometry(window)["WIDTH"]) - 60
    product.session.run("xdotool", "mousemove", "--window", window, str(x), "22", "click", "1")
    (address,) = eventually(system_browser.opened, 8, "browser")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/register#[A-Za-z0-9_-]{43}", address)
    gone(product)


def test_every_state_passes_axe(service: PracticeService, practice: Practice, audit: Callable[[str], Audit]) -> None:
    shim = Shim(practice, 1, 2)
    with served(practice.folders, network=True) as url:
        one = audit(url)
        page = one.page
        expect(page.locator(".navbtn")).to_have_count(5, timeout=FIRST_MS)
        page.get_by_role("button", name="下拉菜单").click()
        page.get_by_role("menuitem", name="用户注册").click()
        dialog = page.get_by_role("dialog")
        one.look("asked never", "在浏览器中打开")
        dialog.get_by_role("button", name="查看已提交的信息").click()
        dialog.get_by_label("当前口令", exact=True).fill("654321")
        dialog.get_by_label("当前口令", exact=True).press("Enter")
        one.look("wrong pin", "E-PIN-01")
        dialog.get_by_label("当前口令", exact=True).fill("123456")
        dialog.get_by_label("当前口令", exact=True).press("Enter")
        one.look("nothing sent", "没有这个 Ukey 的注册信息")
        page.keyboard.press("Escape")
        practice.demo.pin_state(1, "locked")
        page.keyboard.press("F5")
        expect(page.locator("#keycard")).to_contain_text("口令已锁定")
        logins = shim.calls("C_Login")
        page.get_by_role("button", name="下拉菜单").click()
        page.get_by_role("menuitem", name="用户注册").click()
        dialog.get_by_role("button", name="查看已提交的信息").click()
        one.look("locked", "Ukey 已锁定")
        expect(dialog.get_by_role("textbox")).to_have_count(0)
        expect(dialog.get_by_role("button", name="确认并查看")).to_have_count(0)
        expect(dialog.get_by_role("heading", name="确认身份")).to_be_focused()
        assert shim.calls("C_Login") == logins
        service.stop()
        page.keyboard.press("Escape")
        page.keyboard.press("F5")
        expect(page.locator(".navbtn")).to_have_count(3, timeout=FIRST_MS)
        page.get_by_role("button", name="下拉菜单").click()
        page.get_by_role("menuitem", name="用户注册").click()
        one.look("offline", "现在连不上服务")

"""Every page state passes axe (WCAG 2.0–2.2 A and AA), light and dark, in headless Chromium on the real bridge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Practice
from tests.ui.axe import Audit
from tests.ui.odd_ukeys import BLANK, BROKEN, UNSET, odd_ukeys
from tests.ui.served import served
from tests.ui.shim import Shim

pytestmark = pytest.mark.ui

ONE, TWO = "上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"


def submit(page: Page, pin: str) -> None:
    page.get_by_label("当前口令", exact=True).fill(pin)
    page.locator("form button[type=submit]").click()


def choose(page: Page, holder: str) -> None:
    page.locator("#keycard").click()
    page.get_by_role("option").filter(has_text=holder).click()


def test_all_is_well(built_practice: Practice, audit: Callable[[str], Audit]) -> None:
    with served(built_practice.folders) as url:
        look = audit(url)
        page = look.page
        look.look("signing", "数字签名")
        page.locator("#tab-encryption").click()
        look.look("encryption", "密钥加密")
        page.get_by_role("button", name="更详细信息").click()
        look.look("detail", "SHA-256 指纹")
        page.keyboard.press("Escape")
        page.locator("#tab-seal").click()
        page.get_by_role("img", name="签章图片").wait_for()
        look.look("seal", "合同专用章")
        page.get_by_role("button", name="放大查看").click()
        look.look("seal enlarged", "关闭")
        page.keyboard.press("Escape")
        page.locator("#tab-pin").click()
        look.look("change", "再输一次新口令")
        page.get_by_label("新口令", exact=True).fill("short")
        submit(page, "123456")
        look.look("refused new 口令", "新口令至少 8 个字符")
        page.get_by_role("button", name="忘记口令").click()
        look.look("forgotten", "忘记口令怎么办")
        page.keyboard.press("Escape")
        page.locator("#keycard").click()
        look.look("switcher", "记住我的选择")
        page.keyboard.press("Escape")
        page.locator("#menu-button").click()
        look.look("menu", "大字号")
        page.get_by_role("menuitem", name="关于").click()
        page.get_by_role("button", name="开源许可").click()
        look.look("about", "第三方组件及许可")


def test_trouble_with_the_pin(practice: Practice, audit: Callable[[str], Audit]) -> None:
    shim = Shim(practice, 1, 2)
    practice.demo.pin_state(1, "final")
    with served(practice.folders) as url:
        look = audit(url)
        page = look.page
        page.locator("#menu-button").click()
        page.get_by_role("menuitemcheckbox", name="大字号").click()
        page.keyboard.press("Escape")
        look.look("large type", "数字签名")
        page.locator("#tab-pin").click()
        page.get_by_role("button", name="验证口令").first.click()
        look.look("last try", "最后一次机会")
        submit(page, "wrong-last")
        look.look("asked for the last try", "我确定，再试一次")
        page.get_by_role("button", name="我确定，再试一次").click()
        look.look("locked", "Ukey 已锁定")
        choose(page, TWO)
        page.get_by_role("button", name="验证口令").first.click()
        submit(page, "wrong-one")
        look.look("wrong, few tries left", "剩余次数不多了")
        shim.fault("C_Login:delay:2500")
        submit(page, "123456")
        look.look("verifying", "正在验证，请勿拔出")
        shim.heal()
        look.look("well-known 口令", "您可能还在使用初始口令")
        practice.demo.unplug(2)
        look.look("another Ukey", "已换成另一个 Ukey")
        page.locator("#tab-signing").click()
        page.get_by_role("button", name="更详细信息").click()
        page.get_by_text("SHA-256 指纹").wait_for()
        practice.demo.unplug(1)
        # The dialog goes with its Ukey, and so does the button that opened it.
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        page.get_by_role("button", name="插了还是没反应？").click()
        look.look("no Ukey", "换一个 USB 接口，优先机箱后部或 USB 2.0")


def test_reading_and_a_program_that_has_gone(practice: Practice, audit: Callable[[str], Audit]) -> None:
    shim = Shim(practice, 1, 2)
    shim.fault("*:delay:300")
    with served(practice.folders, wait=False) as url:
        look = audit(url)
        look.look("reading", "正在读取证书…")
        shim.heal()
        look.look("read", "证书在有效期内")
        look.page.context.set_offline(True)
    look.look("connection lost", "与程序的连接中断")


def test_odd_ukeys(tmp_path: Path, audit: Callable[[str], Audit]) -> None:
    with served(odd_ukeys(tmp_path)) as url:
        look = audit(url)
        page = look.page
        for holder, state in ((UNSET, "没有口令"), (BROKEN, "证书内容无法识别"), (BLANK, "这个 Ukey 里没有证书")):
            if holder not in page.locator("#keycard").inner_text():
                choose(page, holder)
            page.locator("#tab-pin" if holder == UNSET else "#tab-signing").click()
            look.look(state, "这个 Ukey 还没有设置口令" if holder == UNSET else state)
        look.look("broken driver", "Ukey 驱动打不开")

"""与另一张证书比较, and 打印 / 存为 PDF in a browser: the page on the real bridge, in headless Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Practice
from tests.ui.axe import Audit
from tests.ui.pages import READY
from tests.ui.pdf import Pdf
from tests.ui.served import served

pytestmark = [pytest.mark.ui, pytest.mark.timeout(120)]

ONE, TWO = "上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"


def open_compare(page: Page) -> None:
    page.get_by_role("button", name="更详细信息").click()
    expect(page.locator("dialog[open] .det dd button.copy").first).to_be_visible()
    page.get_by_role("button", name="与另一张证书比较").click()
    expect(page.get_by_role("heading", name="签名证书与另一张证书比较")).to_be_visible()


def give(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="选择证书文件…").click()
    chooser.value.set_files(path)


def test_compared_with_a_ukey_and_with_files(practice: Practice, audit: Callable[[str], Audit], tmp_path: Path) -> None:
    with served(practice.folders) as url:
        look = audit(url)
        page = look.page
        with page.expect_download() as download:
            page.get_by_role("button", name="导出证书").click()
        new, text, long = tmp_path / "新 证书.cer", tmp_path / "不是.cer", tmp_path / "long.p7b"
        download.value.save_as(new)
        text.write_bytes(b"hello")
        long.write_bytes(b"\x30" * 3_000_000)
        open_compare(page)
        dialog = page.locator("dialog[open]")
        expect(dialog.locator(".pick")).to_have_count(3)
        look.look("choice", "练习 Ukey 2 · 签名证书")
        # By keyboard alone: the pair of the same unit stands first.
        dialog.locator(".pick").first.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text("同一单位的一对证书：一张用于签名，一张用于加密")
        # Neither is the older one.
        expect(dialog.locator(".cmp thead th")).to_contain_text(["这张证书", "另一张"])
        expect(dialog.get_by_role("heading", name="比较结果")).to_be_focused()
        expect(page.locator('dialog [data-live="polite"]')).to_contain_text("同一单位的一对证书")
        dialog.get_by_role("button", name="换一张比较").click()
        dialog.locator(".pick").filter(has_text=TWO).first.click()
        expect(dialog).to_contain_text(f"不是同一单位的证书：“{ONE}”和“{TWO}”")
        dialog.get_by_text(re.compile(r"^相同的 \d+ 项$")).click()
        look.look("strangers, all open", "SHA-256 with RSA")
        dialog.get_by_role("button", name="换一张比较").click()
        for file, code in ((text, "E-CRT-06"), (long, "E-CRT-07")):
            give(page, file)
            expect(dialog.locator(".infobar.bad")).to_contain_text(code)
        look.look("refused file", "文件太大，不像数字证书")
        # What was offered has gone meanwhile.
        practice.demo.unplug(2)
        expect(page.locator("#keycard")).not_to_have_attribute("aria-haspopup", "listbox")
        dialog.locator(".pick").filter(has_text=TWO).first.click()
        expect(dialog.locator(".infobar.bad")).to_contain_text("E-CRT-08")
        expect(dialog.locator(".pick")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        expect(page.get_by_role("button", name="更详细信息")).to_be_focused()
        # The Ukey's ends long before the one that was exported: that is the newer one.
        practice.demo.set_validity(1, 200)
        page.keyboard.press("F5")
        open_compare(page)
        give(page, new)
        expect(dialog).to_contain_text("同一单位的新证书：有效期延长至")
        expect(dialog).to_contain_text("密钥没有变化")
        rows = dialog.locator(".cmp tbody th").all_inner_texts()
        assert rows == ["生效时间", "到期时间", "证书序列号", "SHA-256 指纹"]
        expect(dialog.locator(".cmp thead th").nth(0)).to_contain_text("正在查看")
        expect(dialog.locator(".cmp thead th").nth(1)).to_contain_text("新 证书.cer")
        dialog.get_by_role("button", name="复制比较结果").click()
        # Seen in the dialog, and it stays while somebody points at it.
        dialog.locator(".toast").hover()
        look.look("renewed, with a notice", "已复制比较结果")
        dialog.get_by_role("button", name="返回详细信息").click()
        expect(dialog).to_contain_text("SHA-256 指纹")


def test_every_field_is_copied_and_a_browser_prints_from_a_tab_of_its_own(
    built_practice: Practice, browser: Browser
) -> None:
    with served(built_practice.folders) as url:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        # The browser's own dialog cannot be seen here; whether it is asked for can.
        context.add_init_script("window.print = () => { document.documentElement.dataset.printed = '1'; }")
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector(READY, state="attached")
        page.get_by_role("button", name="更详细信息").click()
        rows = page.locator("dialog .det > div")
        expect(rows.nth(20)).to_be_attached()
        assert rows.count() == page.locator("dialog .det button.copy[aria-label^=复制]").count()
        # As it is, not as it is grouped for the eye; with the keyboard.
        page.get_by_role("button", name="复制SHA-256 指纹").press("Enter")
        expect(page.locator('dialog [data-live="polite"]')).to_have_text("已复制SHA-256 指纹")
        assert re.fullmatch("[0-9A-F]{64}", page.evaluate("navigator.clipboard.readText()"))
        page.evaluate("() => { window.reallyOpen = window.open; window.open = () => null; }")
        page.get_by_role("button", name="打印 / 存为 PDF").click()
        expect(page.locator("dialog .toast")).to_contain_text("浏览器拦截了新标签页")
        page.evaluate("() => { window.open = window.reallyOpen; }")
        with page.expect_popup() as popup:
            page.get_by_role("button", name="打印 / 存为 PDF").click()
        paper = popup.value
        said: list[str] = []
        paper.on("console", lambda message: said.append(message.text))
        expect(paper.locator("html[data-printed]")).to_have_count(1, timeout=15000)
        expect(paper.get_by_role("heading", name="数字证书摘要")).to_be_visible()
        assert paper.title().startswith(f"{ONE}_签名_")
        # Its own policy lets its own style in.
        assert paper.locator("footer").evaluate("e => getComputedStyle(e).fontSize") == "10.6667px"
        assert paper.evaluate("opener === null")
        document = Pdf(paper.pdf(prefer_css_page_size=True))
        assert document.pages == 1
        assert set(ONE) <= document.characters
        paper.reload()
        expect(paper.get_by_text(ONE, exact=True).first).to_be_visible()
        assert said == []
        context.close()

"""The page of the client that runs on Windows, in a browser of this computer: a Ukey comes, is registered, and goes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.ui.served import CHROMIUM
from tests.windows.computer import PYTHON, WINE, Windows
from tests.windows.stores import LOOK
from tests.windows.ukey import Ukey

pytestmark = pytest.mark.long

_PATIENCE = 20_000
"""Milliseconds: a Ukey is seen when the library is next asked."""


@pytest.fixture
def ukey(windows: Windows) -> Ukey:
    return Ukey(windows)


@pytest.fixture
def page(windows: Windows, ukey: Ukey, playwright: Playwright) -> Iterator[Page]:
    pipe = subprocess.PIPE
    serving = subprocess.Popen(
        [str(WINE), str(PYTHON), "-m", "xieka", "serve"],
        env={**windows.environment, **ukey.environment},
        stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8",
    )  # fmt: skip
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    try:
        assert serving.stdout
        address = serving.stdout.readline().strip()
        page = browser.new_page(viewport={"width": 960, "height": 640})
        page.goto(address)
        yield page
    finally:
        browser.close()
        serving.kill()
        serving.wait()


def test_a_ukey_comes_is_registered_and_goes(page: Page, ukey: Ukey, windows: Windows) -> None:
    holder = "上海沪申示例贸易有限公司"
    expect(page.get_by_text(holder)).to_have_count(0)
    ukey.plug()
    expect(page.get_by_text(holder).first).to_be_visible(timeout=_PATIENCE)
    page.keyboard.press("Control+,")
    dialog = page.get_by_role("dialog", name="系统设置")
    expect(dialog.get_by_text("登记在：Windows 的个人证书")).to_be_visible(timeout=_PATIENCE)
    page.screenshot(path=str(windows.folder / "settings.png"))
    ukey.plugged.unlink()
    expect(dialog.get_by_text("未插入")).to_be_visible(timeout=_PATIENCE)
    dialog.get_by_role("switch", name="导入签名证书").click()
    expect(dialog.get_by_text("没有登记任何证书。")).to_be_visible(timeout=_PATIENCE)
    assert windows.value(LOOK)["MY"] == []

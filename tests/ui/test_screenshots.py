"""Pictures of the real window beside design/shots: four tabs and the empty state, light and dark."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import expect

from tests.conftest import Practice
from tests.ui.pages import screenshot_path
from tests.ui.product import Product

pytestmark = [pytest.mark.ui, pytest.mark.long]

TABS = {"signing": "查看签名证书", "encryption": "查看加密证书", "pin": "修改 Ukey 口令", "seal": "电子签章"}
THEMES = {"light": "浅色", "dark": "深色"}


def test_screenshots(product: Product, practice: Practice) -> None:
    page = product.page
    brightness: dict[str, float] = {}

    def shoot(state: str) -> None:
        for theme, entry in THEMES.items():
            product.menu("menuitemradio", entry)
            page.keyboard.press("Escape")
            expect(page.locator("html")).to_have_attribute("data-theme", theme)
            expect(page.get_by_role("menu")).to_have_count(0)
            page.evaluate("document.activeElement.blur()")
            picture = page.screenshot(path=screenshot_path(f"{state}-{theme}"), animations="disabled")
            brightness[f"{state}-{theme}"] = ImageStat.Stat(Image.open(io.BytesIO(picture)).convert("L")).mean[0]

    for state, tab in TABS.items():
        product.tab(tab)
        if state == "seal":
            expect(page.locator(".thumbs img")).to_have_count(3)
        shoot(state)
    practice.demo.unplug(2)
    expect(page.locator("#keycard")).not_to_have_attribute("aria-haspopup", "listbox")
    practice.demo.unplug(1)
    expect(page.locator("#panel").get_by_text("请插入 Ukey")).to_have_count(1)
    # The window has gone to the tray with the last Ukey.
    assert product.second_start().wait(10) == 0
    product.eventually_on_screen(True)
    page.get_by_role("button", name="知道了").click()
    shoot("empty")
    assert len(brightness) == 10
    for name, mean in brightness.items():
        assert (mean > 200) == name.endswith("light"), (name, mean)
        assert (mean < 80) == name.endswith("dark"), (name, mean)

"""The tray icon of the whole product: what a person clicks there reaches the real page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.desktop.test_tray import choose
from tests.ui.desktop_session import eventually
from tests.ui.pages import DIALOG
from tests.ui.product import Product

pytestmark = pytest.mark.ui


def hide(product: Product) -> None:
    product.page.get_by_role("button", name="最小化到托盘").click()
    product.eventually_on_screen(False)


@pytest.fixture
def hidden(product: Product) -> Product:
    eventually(product.session.tray_icons, what="the icon")
    hide(product)
    # Away from the icon, whose tooltip would stay.
    product.session.run("xdotool", "mousemove", "10", "10")
    # A balloon says where the window went. It lies over the icon, and a click on it shows the window, too.
    eventually(product.session.menus, what="the balloon")
    eventually(lambda: not product.session.menus(), 40, "the balloon has gone")
    return product


def test_a_click_the_menu_and_the_end(hidden: Product) -> None:
    """One start for all three: it takes a balloon's time until the icon is free."""
    (icon,) = hidden.session.tray_icons()
    hidden.session.click(icon)
    hidden.eventually_on_screen(True)
    expect(hidden.page.get_by_text("证书在有效期内").first).to_be_visible()
    hide(hidden)
    choose(hidden, "关于")
    hidden.eventually_on_screen(True)
    expect(hidden.page.locator(DIALOG)).to_contain_text("无隶属关系")
    hidden.page.keyboard.press("Escape")
    hide(hidden)
    choose(hidden, "设置")
    hidden.eventually_on_screen(True)
    expect(hidden.page.get_by_role("dialog", name="系统设置").get_by_role("switch").first).to_be_visible()
    family = hidden.family()
    choose(hidden, "退出")
    assert hidden.process.wait(5) == 0
    eventually(lambda: not [one for one in family if one.is_running()], 5, "processes gone")

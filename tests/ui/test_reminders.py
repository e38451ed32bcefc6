"""A certificate near its end, as a person meets it: the bar, what it opens, and that it goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.conftest import Practice
from tests.ui.axe import Audit
from tests.ui.conftest import Open
from tests.ui.served import served

pytestmark = pytest.mark.ui

ONE, TWO = "上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"


def test_the_bar_is_there_until_it_is_dismissed_and_comes_back_at_the_next_step(
    open_: Open, practice: Practice
) -> None:
    practice.demo.set_validity(1, 18)
    product = open_()
    product.choose(ONE)
    panel = product.page.locator("#panel")
    bar = panel.locator(".infobar").filter(has_text="证书还有 18 天到期")
    expect(bar).to_be_visible()
    product.tab("电子签章")
    bar.get_by_role("button", name="查看证书").click()
    expect(product.page.get_by_role("tab", selected=True)).to_have_text("查看签名证书")
    bar.get_by_role("button", name="查网点").click()
    expect(product.page.get_by_role("heading", name="用户服务")).to_be_visible()
    product.page.get_by_role("button", name="Ukey 管理").click()

    # The other Ukey has time.
    product.choose(TWO)
    expect(panel.locator(".certhero.wait")).to_be_visible()
    expect(bar).to_have_count(0)
    product.choose(ONE)
    bar.get_by_role("button", name="知道了").click()
    expect(bar).to_have_count(0)
    product.close()

    product = open_()
    product.choose(ONE)
    panel = product.page.locator("#panel")
    expect(panel.get_by_text("证书 18 天后到期")).to_be_visible()
    expect(panel.locator(".infobar")).to_have_count(0)
    product.close()

    practice.demo.set_validity(1, -2)
    product = open_()
    product.choose(ONE)
    bar = product.page.locator("#panel .infobar").filter(has_text="证书已过期，续期以后")
    expect(bar).to_be_visible()


def test_axe_finds_nothing(audit: Callable[[str], Audit], practice: Practice) -> None:
    practice.demo.set_validity(1, 18)
    practice.demo.set_validity(2, -2)
    with served(practice.folders) as url:
        one = audit(url)
        for holder, says in ((ONE, "证书还有 18 天到期"), (TWO, "证书已过期，续期以后")):
            if holder not in one.page.locator("#keycard").inner_text().replace("\n", ""):
                one.page.keyboard.press("Control+Tab")
            one.look(holder, says)
        one.page.get_by_role("tab", name="电子签章").click()
        one.look("another tab", "查看证书")

"""验证和修改口令: REQ-095…098, D-13."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import Practice
from tests.ui.conftest import Open
from tests.ui.pages import DIALOG, Pages, environment_of, files_below
from tests.ui.product import Product

pytestmark = pytest.mark.ui

ATTEMPT = r'"attempt":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"'
CANARY = "Kanarie-4711"


def test_two_different_repeats_reach_nothing(pages: Pages) -> None:
    pages.change("123456", "Ab3-5678", "Ab3-5679")
    expect(pages.page.get_by_text("两次输入不一致").first).to_be_visible()


def test_a_fault_of_the_page_leaves_no_endless_work(pages: Pages) -> None:
    pages.page.evaluate("() => { crypto.randomUUID = () => { throw new TypeError('broken'); }; }")
    with pages.page.expect_event("pageerror"):
        pages.verify("123456")
    expect(pages.page.locator("form button[type=submit]")).to_be_enabled()
    expect(pages.page.locator("form")).to_have_attribute("aria-busy", "false")
    pages.page.wait_for_timeout(400)
    expect(pages.page.locator(DIALOG)).to_have_count(0)


def test_right_and_wrong(pages: Pages) -> None:
    sent: list[str] = []
    pages.page.on("request", lambda request: sent.extend(re.findall(ATTEMPT, request.post_data or "")))
    pages.verify("123456")
    expect(pages.page.get_by_text("口令正确，没有做任何修改").first).to_be_visible()
    pages.verify("wrong-one")
    alert = pages.page.get_by_role("alert").filter(has_text="口令不正确")
    expect(alert).to_be_visible()
    expect(alert).to_contain_text("没有做任何修改")
    # Once proven wrong it is not spent again.
    pages.verify("wrong-one")
    expect(pages.page.get_by_role("alert").filter(has_text="这个口令刚才试过了")).to_be_visible()
    pages.picture("pin-wrong")
    # Every confirmation has a name of its own, by which the program knows a repetition.
    assert len(sent) == len(set(sent)) == 3


REFUSED = {
    "Ab3-567": "新口令至少 8 个字符",
    "Ab3-5678901234567": "新口令最多 16 个字符",
    "新口令一二三四五六": "新口令不能含中文或全角字符",
    "123456": "新口令至少 8 个字符",
}


def test_change(pages: Pages) -> None:
    """7 and 17 characters are refused, as is the short initial 口令 itself; 8 and 16 are taken."""
    for new, message in REFUSED.items():
        pages.change("123456", new)
        expect(pages.page.get_by_text(message).first).to_be_visible()
        pages.verify("123456")
        expect(pages.page.get_by_text("口令正确，没有做任何修改").first).to_be_visible()
    old = "123456"
    for new in ("Ab3-5678", "Ab3-567890123456"):
        pages.change(old, new)
        expect(pages.page.get_by_text("口令已修改").first).to_be_visible()
        pages.verify(new)
        expect(pages.page.get_by_text("口令正确，没有做任何修改").first).to_be_visible()
        old = new


def test_the_canary_is_nowhere(product: Product) -> None:
    product.change("123456", CANARY)
    expect(product.page.get_by_text("口令已修改").first).to_be_visible()
    product.verify(CANARY + "x")
    expect(product.page.get_by_role("alert").filter(has_text="口令不正确")).to_be_visible()
    for path in files_below(product.home):
        assert CANARY.encode() not in path.read_bytes(), path
    for process in product.family():
        assert CANARY not in environment_of(process)
    assert CANARY not in product.page.content()


def test_last_try_asks_again_and_locked_says_what_is_not_lost(open_: Open, practice: Practice) -> None:
    practice.demo.pin_state(1, "final")
    product = open_()
    product.verify("wrong-last")
    dialog = product.page.locator(DIALOG)
    expect(dialog).to_contain_text("还可尝试 1 次")
    product.picture("pin-last-try")
    dialog.get_by_role("button", name="先不试了").click()
    expect(dialog).to_have_count(0)
    product.verify("wrong-last")
    product.page.locator(DIALOG).get_by_role("button", name="我确定，再试一次").click()
    expect(product.page.get_by_text("Ukey 已锁定").first).to_be_visible()
    expect(product.page.get_by_text("证书和签章都还在，没有丢失").first).to_be_visible()
    product.picture("pin-locked")


def test_the_last_right_try_works(open_: Open, practice: Practice) -> None:
    practice.demo.pin_state(1, "final")
    product = open_()
    product.verify("123456")
    product.page.locator(DIALOG).get_by_role("button", name="我确定，再试一次").click()
    expect(product.page.get_by_text("口令正确，没有做任何修改").first).to_be_visible()

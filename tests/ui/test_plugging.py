"""Ukeys come and go: REQ-052, REQ-053, REQ-091, REQ-094, D-09…D-12."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.conftest import Practice
from tests.ui.conftest import Open, Start
from tests.ui.pages import DIALOG, Pages
from tests.ui.product import Product
from tests.ui.shim import Shim

pytestmark = pytest.mark.ui

ONE, TWO = "上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"


def test_switching_by_the_token_card(window: Product) -> None:
    page = window.page
    window.choose(TWO)
    expect(page.locator("main").get_by_text("统一社会信用代码")).to_be_visible()
    page.keyboard.press("Control+Tab")
    expect(page.locator(".keycard")).to_contain_text(ONE)


def test_the_first_ukeys_certificate_is_there_at_the_start(window: Product) -> None:
    window.eventually_on_screen(True)
    expect(window.page.get_by_role("heading", name="Ukey 管理")).to_be_visible()
    expect(window.page.get_by_text("证书在有效期内").first).to_be_visible()
    expect(window.page.locator("#content, main").get_by_text(ONE)).to_be_visible()
    window.picture("start")


def test_the_window_comes_and_goes_with_the_ukeys(start: Start, practice: Practice) -> None:
    """Started at log-in it stays in the tray; plugging shows it; the last one takes it along, but no open dialog."""
    practice.demo.unplug(2)
    product = start("--hidden")
    page = product.page
    expect(page.locator(".keycard")).to_contain_text(ONE)
    assert not product.on_screen()
    practice.demo.unplug(1)
    expect(page.locator("#panel").get_by_text("请插入 Ukey")).to_have_count(1)
    practice.demo.plug(1)
    product.eventually_on_screen(True, 2)
    expect(page.get_by_text("证书在有效期内").first).to_be_visible()
    practice.demo.plug(2)
    expect(page.locator("#keycard")).to_have_attribute("aria-haspopup", "listbox")
    practice.demo.unplug(2)
    expect(page.locator("#keycard")).not_to_have_attribute("aria-haspopup", "listbox")
    assert product.on_screen()
    product.menu("menuitem", "关于")
    expect(page.locator(DIALOG)).to_be_visible()
    practice.demo.unplug(1)
    expect(page.locator("#keycard")).to_contain_text("未插入 Ukey")
    assert product.on_screen()
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_have_count(0)
    practice.demo.plug(1)
    expect(page.get_by_text("证书在有效期内").first).to_be_visible()
    practice.demo.unplug(1)
    product.eventually_on_screen(False)
    assert len(product.session.tray_icons()) == 1
    # Nothing stale behind the hidden window (REQ-091).
    expect(page.locator("#panel").get_by_text("请插入 Ukey")).to_have_count(1)
    expect(page.locator("#panel, #keycard").filter(has_text=ONE)).to_have_count(0)


def test_pulling_one_of_two_switches_and_says_so(pages: Pages, practice: Practice) -> None:
    practice.demo.unplug(1)
    expect(pages.page.locator(".keycard")).to_contain_text(TWO)
    said = f"“{ONE}”的 Ukey 已拔出，已切换到“{TWO}”的 Ukey"
    expect(pages.page.locator(".toast .text")).to_have_text(said)
    assert pages.on_screen()
    expect(pages.page.get_by_role("tab", name="电子签章")).to_be_visible()


FIRST_STATE_OF_THE_BUTTON = """() => new MutationObserver((_, observer) => {
  const button = document.querySelector("#panel .empty button");
  if (!button) return;
  window.atFirst = button.disabled ? "disabled" : "enabled";
  observer.disconnect();
}).observe(document.body, { childList: true, subtree: true })"""


def test_keys_on_their_way_when_the_ukey_is_pulled_reach_no_other(open_: Open, practice: Practice) -> None:
    """H3: the rest of a 口令 and its Enter must not be spent on the Ukey that takes over."""
    shim = Shim(practice, 1, 2)
    product = open_()
    product.pin("验证口令")
    product.field("当前口令").click()
    product.type("half-")
    expect(product.field("当前口令")).to_have_value("half-")
    page = product.page
    page.evaluate(FIRST_STATE_OF_THE_BUTTON)
    practice.demo.unplug(1)
    notice = page.get_by_role("alert").filter(has_text="已换成另一个 Ukey")
    expect(notice).to_contain_text(TWO)
    # Tab could have led to the button.
    assert page.evaluate("window.atFirst") == "disabled"
    product.type("typed", "Return", "Tab", "rest", "Return")
    expect(notice).to_be_visible()
    product.picture("another-ukey")
    page.get_by_role("button", name="知道了").click()
    expect(product.field("当前口令")).to_have_value("")
    # The keyboard is led into the form by the user alone.
    product.type("more", "Return")
    expect(product.field("当前口令")).to_have_value("")
    assert shim.calls("C_Login") == 0
    product.verify("123456")
    expect(page.get_by_text("口令正确，没有做任何修改").first).to_be_visible()
    assert shim.calls("C_Login") == 1


def test_a_question_about_the_last_try_goes_with_its_ukey(open_: Open, practice: Practice) -> None:
    shim = Shim(practice, 1, 2)
    practice.demo.pin_state(1, "final")
    practice.demo.pin_state(2, "final")
    product = open_()
    product.verify("wrong-last")
    expect(product.page.locator(DIALOG)).to_contain_text("还可尝试 1 次")
    practice.demo.unplug(1)
    expect(product.page.locator(DIALOG)).to_have_count(0)
    expect(product.page.get_by_role("alert").filter(has_text="已换成另一个 Ukey")).to_be_visible()
    product.type("Return", "shift+Tab", "Return")
    assert shim.calls("C_Login") == 0


def test_pulled_while_the_pin_is_on_its_way_is_no_wrong_pin(open_: Open, practice: Practice) -> None:
    shim = Shim(practice, 1, 2)
    product = open_()
    shim.fault("C_Login:delay:1200")
    product.verify("123456")
    expect(product.page.locator(DIALOG)).to_contain_text("正在验证，请勿拔出")
    practice.demo.unplug(1)
    notice = product.page.locator("#panel").get_by_role("alert")
    expect(notice).to_contain_text("被拔出了", timeout=8000)
    expect(notice).to_contain_text(f"刚才使用的是“{ONE}”的 Ukey")
    expect(product.page.locator("html")).not_to_contain_text("口令不正确")
    assert product.on_screen()
    shim.heal()
    # The same Ukey comes back, and the other one stays managed: that is what there is to take note of now.
    practice.demo.plug(1)
    expect(notice).to_contain_text("已换成另一个 Ukey", timeout=8000)
    assert shim.calls("C_Login") == 1


# The list says that the other Ukey is managed now; the key or click comes before the page has been drawn anew.
IN_BETWEEN = """async ([who, act]) => {
  const [store, { withUkeys }] = await Promise.all([import("/app/store.js"), import("/app/reducers.js")]);
  const { ukeys } = store.get().snapshot;
  const current = ukeys.tokens.find((ukey) => ukey.holder === who).id;
  store.update((state) => withUkeys(state, { ...ukeys, current }));
  if (act === "submit") document.querySelector("form").requestSubmit();
  else document.querySelector("#last-try .danger").click();
}"""


@pytest.mark.parametrize("act", ["submit", "confirm"])
def test_what_was_typed_for_one_ukey_is_not_sent_to_another(open_: Open, practice: Practice, act: str) -> None:
    shim = Shim(practice, 1, 2)
    if act == "confirm":
        practice.demo.pin_state(1, "final")
    product = open_()
    page = product.page
    product.pin("验证口令")
    product.field("当前口令").fill("typed-for-one")
    if act == "confirm":
        page.locator("form").get_by_role("button", name="验证口令").click()
        expect(page.locator(DIALOG)).to_contain_text("还可尝试 1 次")
    page.evaluate(IN_BETWEEN, [TWO, act])
    expect(page.get_by_role("alert").filter(has_text="已换成另一个 Ukey")).to_contain_text(TWO)
    expect(page.locator(DIALOG)).to_have_count(0)
    assert shim.calls("C_Login") == 0


def test_refresh_by_f5_keeps_the_page(pages: Pages) -> None:
    page = pages.page
    pages.choose(TWO)
    pages.choose(ONE)
    pages.tab("电子签章")
    page.evaluate("window.sameDocument = true")
    # The Ukeys are read anew, and the document is not.
    with page.expect_request(lambda request: '"app.refresh"' in (request.post_data or "")):
        pages.type("F5")
    expect(page.locator("#app ~ [data-live=polite]")).to_have_text("已刷新")
    assert page.evaluate("window.sameDocument")
    expect(page.get_by_role("tab", name="电子签章")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("heading", name="合同专用章")).to_be_visible()
    # A real reload finds the program, and the Ukey that was chosen, again.
    pages.choose(TWO)
    page.reload()
    expect(page.locator("#keycard")).to_contain_text(TWO)
    assert page.evaluate("window.sameDocument") is None

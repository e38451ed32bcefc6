"""Every state of the page and every size of its window, in headless Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Playwright, expect

from tests.service.registration.desk import READ, Desk
from tests.service.registration.guest import Guest
from tests.ui.axe import AXE, LOOKS, RUN
from tests.ui.served import CHROMIUM
from xieka.contract.registration import VISIT_SECONDS

pytestmark = pytest.mark.ui

SIZES = [(480, 300), (480, 320), (640, 427), (720, 480), (880, 560), (960, 640), (1280, 720), (1920, 1200)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_both_buttons_are_in_sight_wherever_one_scrolls(desk: Desk, size: tuple[int, int]) -> None:
    page = desk.form()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for where in ("联系人", READ):
        page.get_by_label(where).scroll_into_view_if_needed()
        for name in ("跳过", "提交"):
            assert in_sight(page.get_by_role("button", name=name, exact=True), size)
    # All of it can be reached, and nothing is wider than the window.
    assert in_sight(page.get_by_label(READ), size)
    page.get_by_text("其他情况会在收集信息时另行向您说明").scroll_into_view_if_needed()
    assert in_sight(page.get_by_text("其他情况会在收集信息时另行向您说明"), size)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('.scroll, .work, .intro')].every(e => e.scrollWidth <= e.clientWidth)"
    )


def in_sight(place: Locator, size: tuple[int, int]) -> bool:
    box = place.bounding_box()
    assert box is not None
    inside = (
        box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
    )
    # And nothing lies over it.
    on_top = place.evaluate(
        "e => { const r = e.getBoundingClientRect();"
        " const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2); return e.contains(top) }"
    )
    return inside and bool(on_top)


def used(desk: Desk) -> None:
    code = desk.guest.code()
    desk.guest.enter(code, Origin=desk.origin)
    desk.open(code)


def made_up(desk: Desk) -> None:
    desk.open("nothing-like-a-code")


def without(desk: Desk) -> None:
    desk.page.goto(f"{desk.origin}/register")


def expired(desk: Desk) -> None:
    desk.fill()
    desk.guest.stage.clock.forward(VISIT_SECONDS)
    desk.press("提交")


def expired_reloaded(desk: Desk) -> None:
    desk.fill()
    desk.guest.stage.clock.forward(VISIT_SECONDS)
    desk.page.reload()


def submitted(desk: Desk) -> None:
    page = desk.fill()
    desk.press("提交")
    page.wait_for_url("**/register/sent")
    page.go_back()


def unreachable(desk: Desk) -> None:
    desk.page.route("**/register/visit", lambda route: route.abort())
    desk.open()


STATES = {
    "used-code": (used, "这个页面已经打开过一次", "关闭", "/register/skipped"),
    "made-up-code": (made_up, "这个页面已经打开过一次", "关闭", "/register/skipped"),
    "no-code": (without, "页面打开的时间太长了", "关闭", "/register/skipped"),
    "expired": (expired, "页面打开的时间太长了", "关闭", "/register/skipped"),
    "expired-reloaded": (expired_reloaded, "页面打开的时间太长了", "关闭", "/register/skipped"),
    "submitted": (submitted, "注册信息已经收到", "完成", "/register/finished"),
    "unreachable": (unreachable, "暂时连不上服务", "跳过", "/register/skipped"),
}


@pytest.mark.parametrize("state", list(STATES))
def test_a_page_that_takes_nothing_says_why(desk: Desk, state: str) -> None:
    reach, title, button, path = STATES[state]
    reach(desk)
    expect(desk.page.get_by_role("heading", name=title)).to_be_visible()
    expect(desk.page.get_by_role("button", name="提交")).to_be_hidden()
    desk.press(button)
    desk.page.wait_for_url(f"**{path}")
    assert desk.storage() == 0


def test_an_unreachable_service_is_asked_again_with_the_same_code(desk: Desk) -> None:
    unreachable(desk)
    expect(desk.page.get_by_role("heading", name="暂时连不上服务")).to_be_visible()
    desk.page.unroute("**/register/visit")
    desk.press("重试")
    expect(desk.page.get_by_label("联系人")).to_be_visible()


def test_without_script_it_says_so(visited: Guest, playwright: Playwright) -> None:
    # Not the context's `java_script_enabled`: with that the parser still takes scripts for granted.
    plain = playwright.chromium.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--blink-settings=scriptEnabled=false"]
    )
    page = plain.new_page()
    page.goto(f"{visited.stage.parts.config.audience}/register")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.get_by_text("正在打开")).to_be_hidden()
    plain.close()


AUDITED: dict[str, Callable[[Desk], object]] = {
    "form": Desk.form,
    "mistakes": lambda desk: (desk.form(), desk.press("提交")),
    "notice": lambda desk: (desk.form(), desk.press("个人信息处理说明")),
    "used": used,
    "sent": lambda desk: desk.page.goto(f"{desk.origin}/register/sent"),
    "skipped": lambda desk: desk.page.goto(f"{desk.origin}/register/skipped"),
}


@pytest.mark.parametrize("state", list(AUDITED))
def test_axe_finds_nothing(visited: Guest, browser: Browser, state: str) -> None:
    # axe is injected, which the page's own policy rightly forbids.
    page = browser.new_context(
        bypass_csp=True, reduced_motion="reduce", viewport={"width": 960, "height": 640}
    ).new_page()
    AUDITED[state](Desk(visited, page))
    page.wait_for_load_state("networkidle")
    page.add_script_tag(path=AXE)
    for size in ((960, 640), (480, 300)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for scheme, only in LOOKS.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert page.evaluate(RUN, only) == [], (scheme, size)
    page.context.close()

"""The page in headless Chromium, from the real service."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright
from sqlalchemy import func, select

from tests.service.auth.stage import Stage
from tests.service.registration.guest import CONTACT, EMAIL, PHONE, Guest
from tests.ui.axe import AXE, RUN
from tests.ui.served import CHROMIUM
from xieka.contract.registration import VISIT_SECONDS
from xieka_service.app import build
from xieka_service.registration import records
from xieka_service.registration.tables import registrations

pytestmark = pytest.mark.ui
PURPOSES = ["统计产品使用情况", "客户满意度调查", "向我发送产品和服务信息"]
READ = "我已阅读"
FAILED = "注册信息没有提交成功。不影响使用，填写的内容还在页面上。可以重试或跳过。"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def visited(sqlite_url: str, tmp_path: Path) -> Iterator[Guest]:
    """A guest at a service that a browser can reach."""
    listener = socket.create_server(("127.0.0.1", 0))
    audience = f"http://127.0.0.1:{listener.getsockname()[1]}"
    named = {"operator": "协卡助手练习环境（示例）", "operator_contact": "privacy@example.com（示例）"}
    stage = Stage.build(tmp_path / "data", sqlite_url, audience, practice=True, **named)
    app = build(stage.parts.config, stage.parts)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Guest(stage, stage.holder)
    server.should_exit = True
    thread.join(10)
    stage.close()


@dataclass
class Desk:
    """The page in a browser, and what it complained about."""

    guest: Guest
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.guest.stage.parts.config.audience

    def open(self, code: str | None = None) -> Page:
        self.page.goto(f"{self.origin}/register#{code or self.guest.code()}")
        return self.page

    def form(self) -> Page:
        """The page with its form open."""
        expect(self.open().get_by_label("联系人")).to_be_visible()
        return self.page

    def fill(self) -> Page:
        page = self.form()
        page.get_by_label("联系人").fill(CONTACT)
        page.get_by_label("手机号").fill(PHONE)
        page.get_by_label("电子邮箱").fill(EMAIL)
        page.get_by_label(PURPOSES[0]).check()
        page.get_by_label(READ).check()
        return page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def kept(self) -> int:
        with self.guest.stage.parts.database.read() as connection:
            return connection.execute(select(func.count()).select_from(registrations)).scalar_one()

    def storage(self) -> int:
        return int(self.page.evaluate("sessionStorage.length + localStorage.length"))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 960, "height": 640}, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture
def desk(visited: Guest, context: BrowserContext) -> Desk:
    page = context.new_page()
    page.set_default_timeout(8000)
    made = Desk(visited, page)
    page.on("console", lambda message: made.complaints.append(message.text))
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    return made


def test_from_the_code_to_the_end(desk: Desk) -> None:
    page = desk.form()
    assert page.url == f"{desk.origin}/register"
    expect(page.get_by_label("单位名称")).to_have_value("上海沪申示例贸易有限公司")
    expect(page.get_by_label("单位名称")).not_to_be_editable()
    for name in (*PURPOSES, READ):
        expect(page.get_by_label(name)).not_to_be_checked()
    page = desk.fill()
    assert page.evaluate("document.cookie") == ""
    desk.press("提交")
    page.wait_for_url("**/register/sent")
    assert desk.storage() == 0
    (record,) = desk.guest.records()
    assert (record["contact"], record["phone"], record["email"]) == (CONTACT, PHONE, EMAIL)
    assert record["purposes"] == ["statistics"]
    page.get_by_role("link", name="完成").click()
    page.wait_for_url("**/register/finished")
    assert desk.complaints == []


def test_f5_keeps_what_was_filled_in(desk: Desk) -> None:
    page = desk.fill()
    page.get_by_label(PURPOSES[2]).check()
    page.get_by_label(PURPOSES[0]).uncheck()
    for _ in range(2):
        page.reload()
        expect(page.get_by_label("联系人")).to_have_value(CONTACT)
        expect(page.get_by_label("手机号")).to_have_value(PHONE)
        expect(page.get_by_label("电子邮箱")).to_have_value(EMAIL)
        checked = [page.get_by_label(name).is_checked() for name in (*PURPOSES, READ)]
        assert checked == [False, False, True, True]
    assert desk.complaints == []


def test_skipping_stores_nothing(desk: Desk) -> None:
    page = desk.fill()
    assert desk.storage() == 1
    desk.press("跳过")
    page.wait_for_url("**/register/skipped")
    assert (desk.storage(), desk.kept()) == (0, 0)
    assert desk.complaints == []


def test_another_visit_begins_empty(desk: Desk) -> None:
    desk.fill()
    page = desk.form()
    expect(page.get_by_label("联系人")).to_have_value("")
    expect(page.get_by_label(PURPOSES[0])).not_to_be_checked()


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


def test_mistakes_are_named_and_led_to(desk: Desk) -> None:
    page = desk.form()
    page.get_by_label("手机号").fill("123")
    desk.press("提交")
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert.get_by_role("button")).to_have_count(4)
    phone = page.get_by_label("手机号")
    expect(phone).to_have_attribute("aria-invalid", "true")
    expect(phone).to_have_accessible_description(re.compile("11 位手机号"))
    expect(page.get_by_label("电子邮箱")).to_have_attribute("aria-invalid", "false")
    alert.get_by_role("button").nth(1).click()
    expect(phone).to_be_focused()
    phone.fill(PHONE)
    expect(phone).to_have_attribute("aria-invalid", "false")
    assert (desk.kept(), desk.complaints) == (0, [])


def test_it_works_by_keyboard(desk: Desk) -> None:
    page = desk.form()
    page.get_by_label("单位名称").focus()
    for keys in (CONTACT, PHONE, EMAIL):
        page.keyboard.press("Tab")
        page.keyboard.insert_text(keys)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    notice = page.get_by_role("dialog", name="个人信息处理说明")
    expect(notice).to_contain_text("协卡助手练习环境（示例）")
    page.keyboard.press("Escape")
    expect(notice).to_be_hidden()
    page.get_by_label("联系人").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/sent")
    assert desk.guest.records()[0]["purposes"] == ["information"]


def test_a_lost_network_loses_nothing(desk: Desk, context: BrowserContext) -> None:
    page = desk.fill()
    context.set_offline(True)
    desk.press("提交")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(FAILED)
    expect(alert).to_contain_text("E-REG-01")
    expect(page.get_by_label("联系人")).to_have_value(CONTACT)
    assert desk.kept() == 0
    context.set_offline(False)
    desk.press("重试")
    page.wait_for_url("**/register/sent")
    assert desk.kept() == 1


def test_a_lost_answer_makes_no_second_record(desk: Desk) -> None:
    page = desk.fill()
    page.route("**/register/submissions", lambda route: (route.fetch(), route.abort())[0])
    desk.press("提交")
    expect(page.get_by_role("alert")).to_contain_text(FAILED)
    assert desk.kept() == 1
    page.unroute("**/register/submissions")
    desk.press("重试")
    page.wait_for_url("**/register/sent")
    assert desk.kept() == 1


def test_what_was_changed_after_a_lost_answer_is_not_taken_for_received(desk: Desk) -> None:
    page = desk.fill()
    page.route("**/register/submissions", lambda route: (route.fetch(), route.abort())[0])
    desk.press("提交")
    expect(page.get_by_role("alert")).to_contain_text(FAILED)
    page.unroute("**/register/submissions")
    page.get_by_label("联系人").fill("李会计")
    desk.press("提交")
    expect(page.get_by_text("已经提交过一次")).to_be_visible()
    assert desk.guest.records()[0]["contact"] == CONTACT


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


def test_a_newer_notice_is_read_before_anything_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.fill()
    monkeypatch.setattr(records, "NOTICE_VERSION", "2030-01-01")
    desk.press("提交")
    expect(page.get_by_role("alert")).to_contain_text("个人信息处理说明刚刚更新")
    desk.press("重新载入")
    expect(page.get_by_label("联系人")).to_have_value(CONTACT)
    expect(page.get_by_label(READ)).not_to_be_checked()
    assert desk.kept() == 0


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
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert page.evaluate(RUN) == [], (scheme, size)
    page.context.close()

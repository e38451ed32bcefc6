"""A visit from its first page to its end: how it ends, what it leaves, and what is said when the page does not come."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Playwright

from tests.desktop.conftest import Cover, Program
from tests.desktop.remote_service import Service, visit
from tests.desktop.test_remote_window import WINDOW, files, watched
from tests.desktop.test_webview_patches import free_port
from tests.ui.desktop_session import DesktopSession, eventually

pytestmark = pytest.mark.ui

FORM = """<title>another title</title><h1>form</h1><textarea id=typed></textarea>
<form id=send method=post action=/register/submissions></form><script>
typed.value = sessionStorage.typed ?? ""; typed.oninput = () => { sessionStorage.typed = typed.value; };
history.replaceState(null, "", location.pathname);
</script>"""
PAGES = {
    "/register": FORM,
    "/register/submissions": "<h1>answered</h1>",
    "/register/sent": "<h1>sent</h1>",
    "/register/finished": "finished",
    "/register/skipped": "skipped",
}


def asked(page: Page, expression: str) -> object:
    """The page's answer; None while another page is coming. (Waiting functions would need `eval` in the page.)"""
    try:
        return page.evaluate(expression)
    except PlaywrightError:
        return None


def shows(page: Page, heading: str) -> None:
    eventually(lambda: asked(page, "document.querySelector('h1')?.textContent") == heading, what=heading)


class Visitor:
    """The running program, the service, and a person at the window."""

    def __init__(self, program: Program, port: int, playwright: Playwright, service: Service) -> None:
        self.program = program
        self.session = program.session
        self.service = service
        self._port = port
        self._playwright = playwright

    def open(self, path: str = "/register#one-time-code", **more: object) -> None:
        visit(self.program, self.service, path, **more)
        self.program.event("visiting")

    def page(self) -> Page:
        """The page inside the window."""
        browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port}", no_defaults=True)
        return eventually(
            lambda: next(
                (one for c in browser.contexts for one in c.pages if one.url.startswith(self.service.origin)), None
            )
        )

    def form(self) -> Page:
        """The window on its first page, with something typed."""
        self.open()
        page = self.page()
        shows(page, "form")
        page.locator("#typed").fill("甲")
        return page

    def press(self, text: str) -> None:
        self.program.order("press", text=text)

    def words(self) -> list[str]:
        self.program.order("words")
        return list(self.program.event("words")["words"])

    def clear(self) -> None:
        """As before the visit, whatever became of it."""
        self.program.order("close")
        if self.program.event("closing")["was_open"]:
            self.program.event("ended")

    def close(self) -> None:
        eventually(lambda: self.session.windows(WINDOW))
        self.session.run("wmctrl", "-c", WINDOW)


@pytest.fixture(scope="module")
def whole(
    desktop_session: DesktopSession, tmp_path_factory: pytest.TempPathFactory, playwright: Playwright
) -> Iterator[Visitor]:
    port = free_port()
    service = Service(PAGES)
    folder = tmp_path_factory.mktemp("visits")
    program = Program(watched(desktop_session, folder), folder / "program", cdp=port)
    program.ready()
    yield Visitor(program, port, playwright, service)
    program.end()
    service.close()


@pytest.fixture
def visitor(whole: Visitor) -> Iterator[Visitor]:
    whole.service.pages = dict(PAGES)
    whole.service.dropped.clear()
    whole.service.requests.clear()
    yield whole
    whole.clear()


def go(page: Page, path: str) -> None:
    page.evaluate("(path) => { location.href = path; }", path)


def submit(visitor: Visitor, page: Page) -> None:
    go(page, "/register/sent")
    shows(page, "sent")


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("skipped on the page", "left"),
        ("closed by its frame", "left"),
        ("closed by the keyboard", "left"),
        ("closed although the page objects", "left"),
        ("closed while a script runs for ever", "left"),
        ("sent and finished", "submitted"),
        ("sent, then closed by its frame", "submitted"),
        ("sent, then back, then closed", "submitted"),
        ("sent without loading a page", "submitted"),
        ("sent page still loading", "submitted"),
        ("sent page did not come, then skipped", "left"),
        ("crashed, then skipped", "left"),
    ],
)
def test_how_a_visit_ends(how: str, outcome: str, visitor: Visitor) -> None:
    page = visitor.form()
    match how:
        case "skipped on the page":
            go(page, "/register/skipped")
        case "closed by its frame":
            visitor.close()
        case "closed by the keyboard":
            eventually(lambda: visitor.session.active_title() == WINDOW)
            visitor.session.run("xdotool", "key", "Escape")
            visitor.program.no_event("ended", 0.3)
            visitor.session.run("xdotool", "key", "alt+F4")
        case "closed although the page objects":
            page.evaluate("addEventListener('beforeunload', (e) => { e.preventDefault(); alert(1); for (;;); })")
            visitor.close()
        case "closed while a script runs for ever":
            page.evaluate("setTimeout(() => { for (;;); }, 50)")
            visitor.program.no_event("ended", 0.3)
            visitor.close()
        case "sent and finished":
            submit(visitor, page)
            go(page, "/register/finished")
        case "sent, then closed by its frame":
            submit(visitor, page)
            visitor.close()
        case "sent, then back, then closed":
            submit(visitor, page)
            go(page, "/register")
            shows(page, "form")
            visitor.close()
        case "sent without loading a page":
            page.evaluate("setTimeout(() => history.pushState(null, '', '/register/finished'), 50)")
        case "sent page still loading":
            visitor.service.pages["/register/sent"] = "<h1>sent</h1><img src=/never>"
            submit(visitor, page)
            visitor.close()
        case "sent page did not come, then skipped":
            visitor.service.dropped.add("/register/sent")
            go(page, "/register/sent")
            eventually(lambda: "E-REG-02" in visitor.words())
            visitor.press("跳过")
        case "crashed, then skipped":
            visitor.program.order("kill-renderer")
            eventually(lambda: "E-REG-02b" in visitor.words())
            visitor.press("跳过")
    assert visitor.program.event("ended")["outcome"] == outcome
    assert not visitor.session.windows(WINDOW)
    visitor.program.no_event("ended", 0.3)


def test_a_second_visit_is_refused_and_brings_the_first_to_the_front(visitor: Visitor, cover: Cover) -> None:
    page = visitor.form()
    cover()
    visit(visitor.program, visitor.service)
    assert visitor.program.event("refused")["code"] == "E-REG-04"
    eventually(lambda: visitor.session.active_title() == WINDOW)
    assert page.locator("#typed").input_value() == "甲"
    visitor.close()
    assert visitor.program.event("ended")["outcome"] == "left"


def test_the_browser_takes_over_and_nothing_is_remembered(visitor: Visitor) -> None:
    visitor.form()
    visitor.press("在浏览器中打开")
    visitor.program.event("browse")
    eventually(lambda: not visitor.session.windows(WINDOW))
    visitor.program.no_event("ended", 0.5)


def test_without_a_browser_the_window_stays(visitor: Visitor) -> None:
    visitor.open(no_browser=True)
    visitor.press("在浏览器中打开")
    visitor.program.event("browse")
    visitor.program.no_event("ended", 0.3)
    assert visitor.session.windows(WINDOW)


@pytest.mark.parametrize("keys", ["F5", "ctrl+r", "button"])
def test_loading_anew_keeps_what_was_typed(keys: str, visitor: Visitor) -> None:
    page = visitor.form()
    page.evaluate("window.before = true; fetch('/cookie')")
    eventually(lambda: visitor.session.active_title() == WINDOW)
    if keys == "button":
        visitor.press("重新载入")
    else:
        visitor.session.run("xdotool", "key", keys)
    eventually(lambda: asked(page, "window.before === undefined"))
    shows(page, "form")
    assert page.locator("#typed").input_value() == "甲"
    assert visitor.service.requests[-1][2]["Cookie"] == "visit=1"


def test_loading_anew_never_sends_a_form_again(visitor: Visitor) -> None:
    page = visitor.form()
    page.evaluate("setTimeout(() => send.submit(), 50)")
    shows(page, "answered")
    visitor.press("重新载入")
    shows(page, "form")
    assert visitor.service.asked("/register/submissions") == ["POST"]


def test_the_next_visit_knows_nothing_of_the_last(visitor: Visitor) -> None:
    page = visitor.form()
    page.evaluate("localStorage.x = 1; caches.open('x'); indexedDB.open('x'); fetch('/cookie')")
    visitor.close()
    visitor.program.event("ended")
    visitor.open()
    page = visitor.page()
    shows(page, "form")
    left = page.evaluate(
        "Promise.all([localStorage.length, sessionStorage.length, caches.keys(), indexedDB.databases()])"
    )
    assert left == [0, 0, [], []]
    assert "Cookie" not in visitor.service.requests[-1][2]


def test_nothing_of_a_visit_reaches_the_disk_or_the_log(visitor: Visitor) -> None:
    home = Path(visitor.session.environment["HOME"])
    before = files(home)
    page = visitor.form()
    page.evaluate("localStorage.secret = 'marker-on-disk'; fetch('/cookie')")
    visitor.close()
    visitor.program.event("ended")
    assert files(home) == before
    assert "one-time-code" not in visitor.program.log()
    assert not any(b"marker-on-disk" in one.read_bytes() for one in home.parent.rglob("*") if one.is_file())


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/status-500", id="500"),
        pytest.param("/status-503", id="503"),
        pytest.param("/away?http://127.0.0.1:9/login", id="the login page of a network"),
        pytest.param("/away?file:///etc/passwd", id="a redirect to a file"),
        pytest.param("/locked", id="a name and a password wanted"),
        pytest.param("/dropped", id="no answer"),
        pytest.param("/never", id="no end"),
    ],
)
def test_what_cannot_be_shown_is_said_in_four_parts(path: str, visitor: Visitor) -> None:
    visitor.service.dropped.add("/dropped")
    visitor.program.order("patience", seconds=1)
    visitor.open(path)
    assert eventually(lambda: visitor.words()) == [
        "注册页面没有打开",
        "不影响使用 Ukey，证书和签章没有变化。",
        "请检查网络后重试；也可以跳过，以后从菜单“用户注册”进入。",
        "E-REG-02",
        "重试",
        "在浏览器中打开",
        "跳过",
    ]
    visitor.program.order("patience", seconds=20)
    # Nobody was asked for a name and a password; the engine offers empty ones by itself.
    eventually(lambda: visitor.session.windows(WINDOW))
    assert len(visitor.session.run("wmctrl", "-l").splitlines()) == 3
    assert {headers.get("Authorization", "Basic Og==") for _, _, headers in visitor.service.requests} == {"Basic Og=="}
    visitor.press("跳过")
    assert visitor.program.event("ended")["outcome"] == "left"


@pytest.mark.parametrize("status", [403, 404, 410, 422, 429])
def test_what_the_service_says_in_a_page_is_shown(status: int, visitor: Visitor) -> None:
    visitor.open(f"/status-{status}")
    visitor.program.no_event("ended", 0.3)
    assert visitor.words() == []


@pytest.mark.parametrize("trouble", ["not there", "crashed", "nowhere"])
def test_trying_again_finds_back(trouble: str, visitor: Visitor) -> None:
    match trouble:
        case "not there":
            visitor.service.dropped.add("/register")
            visitor.open()
        case "crashed":
            visitor.form()
            visitor.program.order("kill-renderer")
        case "nowhere":
            # The engine goes to its empty page without asking.
            visitor.form().evaluate("location.href = 'about:blank'")
    eventually(lambda: visitor.words())
    visitor.service.dropped.clear()
    visitor.press("重试")
    eventually(lambda: visitor.words() == [])
    page = visitor.page()
    shows(page, "form")


def test_a_page_outside_of_its_origin_is_not_opened(visitor: Visitor) -> None:
    visit(visitor.program, visitor.service, address="https://evil.example/register")
    assert visitor.program.event("refused")["code"] == "ValueError"


def test_files_cannot_be_dropped_on_the_window(visitor: Visitor) -> None:
    visitor.form()
    visitor.program.order("drops")
    assert visitor.program.event("drops")["taken"] == []

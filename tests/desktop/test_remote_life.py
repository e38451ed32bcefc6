"""The remote window's own conduct: opening, reloading, failing, links that lead out, closing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.test_remote_window import Remote, remote
from tests.ui.desktop_session import DesktopSession, eventually

__all__ = ["remote"]

pytestmark = pytest.mark.ui


@pytest.fixture(autouse=True)
def ended(remote: Remote) -> Iterator[None]:
    yield
    remote.program.order("close")
    remote.program.event("close-returned")
    remote.seen(0.1)


def press(remote: Remote, text: str) -> None:
    remote.program.order("press", text=text)


def words(remote: Remote) -> list[str]:
    remote.program.order("words")
    return list(remote.program.event("words")["words"])


def click_link(remote: Remote, *addresses: str) -> list[str]:
    """Click once; the page asks for these windows. Returns what was opened in the browser."""
    page = remote.page()
    page.evaluate(
        "(all) => { document.querySelector('#press').onclick = () => { for (const one of all) window.open(one); } }",
        list(addresses),
    )
    remote.seen(0.05)
    box = page.locator("#press").bounding_box()
    assert box
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    return [str(one["url"]) for one in remote.seen() if one["event"] == "link"]


def shown(remote: Remote, path: str = "/registration/page") -> None:
    remote.open(path)
    remote.program.event("shown")


def test_the_real_domain_stands_in_title_and_window(remote: Remote, desktop_session: DesktopSession) -> None:
    shown(remote)
    assert desktop_session.windows(remote.title)


def test_f5_loads_the_page_anew_and_keeps_its_storage(remote: Remote, desktop_session: DesktopSession) -> None:
    shown(remote)
    page = remote.page()
    page.evaluate("sessionStorage.draft = '甲'; window.before = true")
    eventually(lambda: desktop_session.active_title() == remote.title, what="the window has the keyboard")
    desktop_session.run("xdotool", "key", "F5")
    page.wait_for_function("window.before === undefined")
    assert page.evaluate("sessionStorage.draft") == "甲"


def test_reloading_never_sends_a_form_again(remote: Remote) -> None:
    shown(remote)
    page = remote.page()
    page.evaluate("form.action = '/registration/second'; form.submit()")
    page.wait_for_url("**/second")
    remote.seen(0.2)
    press(remote, "刷新")
    requests = [one for one in remote.seen() if one["event"] == "request"]
    assert [(one["method"], one["path"]) for one in requests] == [("GET", "/registration/second")]


def test_the_next_window_knows_nothing_of_the_last(remote: Remote) -> None:
    shown(remote)
    remote.page().evaluate("localStorage.x = 1; document.cookie = 'a=b; max-age=9999'")
    shown(remote)
    assert remote.page().evaluate("[localStorage.length, document.cookie]") == [0, ""]


@pytest.mark.parametrize(
    "address", ["about:blank", "/registration/page#x"], ids=["the engine's empty page", "an address of its own"]
)
def test_reloading_finds_back(address: str, remote: Remote) -> None:
    shown(remote)
    remote.page().evaluate("(address) => { location.href = address }", address)
    remote.seen(0.3)
    press(remote, "重试" if address == "about:blank" else "刷新")
    eventually(lambda: words(remote) == [])
    assert remote.page().evaluate("document.querySelector('h1').textContent") == "page"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/registration/status-500", id="500"),
        pytest.param("/registration/status-503", id="503"),
        pytest.param("/registration/status-429", id="429"),
        pytest.param("/registration/away?http://127.0.0.1:9/login", id="a network's login page"),
        pytest.param("/registration/never", id="no answer"),
    ],
)
def test_what_cannot_be_shown_is_said_calmly(path: str, remote: Remote) -> None:
    remote.program.order("patience", seconds=1)
    remote.program.event("patient")
    remote.open(path)
    eventually(lambda: words(remote)[:1] == ["页面没有打开"])
    assert words(remote)[2:] == ["重试", "在浏览器中打开", "跳过"]
    assert [one for one in remote.seen() if one["event"] == "shown"] == []
    press(remote, "跳过")
    assert remote.program.event("closed")["outcome"] == "skipped"
    remote.program.order("patience", seconds=20)
    remote.program.event("patient")


@pytest.mark.parametrize("status", [403, 404, 410, 422])
def test_what_the_service_says_in_a_page_is_shown(status: int, remote: Remote) -> None:
    shown(remote, f"/registration/status-{status}")
    assert words(remote) == []


def test_a_crashed_page_can_be_tried_again(remote: Remote) -> None:
    shown(remote)
    remote.program.order("kill-renderer")
    eventually(lambda: words(remote)[:1] == ["页面意外停止了"])
    press(remote, "重试")
    eventually(lambda: words(remote) == [])


def test_one_click_opens_one_https_page_in_the_browser(remote: Remote) -> None:
    shown(remote)
    assert click_link(remote, "https://a.example/x", "https://b.example/y") == ["https://a.example/x"]


@pytest.mark.parametrize(
    "address",
    ["http://a.example/", "file:///etc/passwd", "weird-scheme:foo", "https://u:p@a.example/", "https://10.0.0.1/", "x"],
)
def test_no_other_address_leaves(address: str, remote: Remote, desktop_session: DesktopSession) -> None:
    shown(remote)
    assert click_link(remote, address) == []
    assert len(desktop_session.run("wmctrl", "-l").splitlines()) == 3


def test_nothing_opens_without_a_click(remote: Remote) -> None:
    shown(remote)
    remote.page().evaluate("setTimeout(() => window.open('https://a.example/'), 0)")
    assert [one for one in remote.seen() if one["event"] == "link"] == []


@pytest.mark.parametrize("how", ["person", "program", "bar", "page", "another one"])
def test_closing_is_told_once(how: str, remote: Remote, desktop_session: DesktopSession) -> None:
    shown(remote)
    match how:
        case "person":
            desktop_session.run("wmctrl", "-c", remote.title)
        case "program":
            remote.program.order("close")
        case "bar":
            press(remote, "关闭")
        case "page":
            remote.page().evaluate("location.href = '/registration/close'")
        case "another one":
            remote.open()
    assert remote.program.event("closed")["outcome"] == "closed"
    assert [one for one in remote.seen() if one["event"] == "closed"] == []


def test_closing_before_the_page_was_there_is_a_failure(remote: Remote) -> None:
    remote.open("/registration/status-500")
    eventually(lambda: words(remote)[:1] == ["页面没有打开"])
    press(remote, "关闭")
    assert remote.program.event("closed")["outcome"] == "failed"


def test_the_browser_takes_over(remote: Remote) -> None:
    shown(remote)
    press(remote, "在浏览器中打开")
    assert remote.program.event("browse")["url"] == remote.at["service"] + "/registration/page"
    assert remote.program.event("closed")["outcome"] == "elsewhere"


@pytest.mark.parametrize("path", ["/", "/v1/x", "/registration", "/registration/../v1", "/registration/%2E%2E/v1"])
def test_only_the_services_pages_are_opened(path: str, remote: Remote) -> None:
    remote.program.order("open", url=remote.at["service"] + path)
    remote.program.event("outside")


def test_twenty_windows_leave_no_page_behind(remote: Remote) -> None:
    for _ in range(20):
        shown(remote)
    remote.program.order("close")
    remote.program.event("close-returned")
    browser = remote.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{remote.port}", no_defaults=True)
    pages = [page for context in browser.contexts for page in context.pages]
    assert len(pages) == 1

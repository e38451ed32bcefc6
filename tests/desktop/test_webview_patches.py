from __future__ import annotations

import importlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.desktop.conftest import Program
from tests.ui.desktop_session import DesktopSession, eventually

pytestmark = pytest.mark.ui


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def window(
    desktop_session: DesktopSession, tmp_path_factory: pytest.TempPathFactory, playwright: Playwright
) -> Iterator[tuple[Program, Page, str]]:
    """The program, the page inside its real window, and its address."""
    port = free_port()
    program = Program(desktop_session, tmp_path_factory.mktemp("home"), cdp=port)
    url = program.ready()
    # no_defaults: Qt has no browser contexts to manage.
    browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)
    (page,) = (one for context in browser.contexts for one in context.pages if one.url == url)
    yield program, page, url
    browser.close()
    program.end()


@pytest.fixture
def page(window: tuple[Program, Page, str]) -> Iterator[Page]:
    _, page, url = window
    yield page
    page.goto(url)


@pytest.mark.parametrize("name", ["pywebview", "qt", "QWebChannel", "jsBridge", "chrome?.webview", "external?.call"])
def test_nothing_is_injected_into_the_page(page: Page, name: str) -> None:
    assert page.evaluate(f"typeof window.{name}") == "undefined"


def test_nothing_is_injected_after_a_navigation_either(page: Page, window: tuple[Program, Page, str]) -> None:
    page.goto(window[2] + "second")
    page.reload()
    page.wait_for_timeout(300)
    assert page.evaluate("[typeof window.pywebview, typeof window.qt, document.title]") == [
        "undefined",
        "undefined",
        "/second",
    ]


@pytest.mark.parametrize(
    ("target", "origin"),
    [
        pytest.param("http://localhost:{port}/second", "http://localhost:{port}", id="other name of this computer"),
        pytest.param("http://127.0.0.1:9/", "http://127.0.0.1:9", id="other port"),
        pytest.param("http://127.0.0.1:{port}@evil.example/", "", id="address that looks like ours"),
        pytest.param("https://evil.example/", "https://evil.example", id="foreign"),
        pytest.param("file:///etc/passwd", "file://", id="file"),
        pytest.param("data:text/html,x", "data://", id="data"),
        pytest.param("mailto:a@b.example", "mailto://", id="mail program"),
        pytest.param("weird-scheme:foo", "weird-scheme://", id="unknown scheme"),
        pytest.param("chrome://gpu", "chrome://", id="engine page"),
    ],
)
@pytest.mark.parametrize("how", ["location", "link", "frame"])
def test_the_window_stays_on_its_own_address(
    how: str, target: str, origin: str, page: Page, window: tuple[Program, Page, str]
) -> None:
    port = window[2].split(":")[2].strip("/")
    address = target.replace("{port}", port)
    page.evaluate(
        """([how, address]) => {
            if (how === "location") { location.href = address; return; }
            const element = document.createElement(how === "link" ? "a" : "iframe");
            element[how === "link" ? "href" : "src"] = address;
            document.body.append(element);
            if (how === "link") element.click();
        }""",
        [how, address],
    )
    page.wait_for_timeout(150)
    assert page.url == window[2]
    assert page.evaluate("document.querySelector('h1').textContent") == "hello"
    assert [frame.url for frame in page.frames[1:]] in ([], [""], ["about:blank"], ["chrome-error://chromewebdata/"])


def test_a_redirect_does_not_lead_away(page: Page, window: tuple[Program, Page, str]) -> None:
    page.evaluate("location.href = '/away?http://localhost:9/'")
    eventually(lambda: "refused to leave for http://localhost:9" in window[0].log())
    assert "localhost" not in page.url


def test_pywebview_starts_no_browser_and_adds_no_switches(desktop_session: DesktopSession) -> None:
    code = (
        "from xieka.desktop import webview_patches as p; p.load(); import webview.platforms.qt as q, webview.util as u;"
        "u.environ_append('X', '--no-sandbox'); import os; print(q.webbrowser.open('https://evil.example/'));"
        "print(os.environ.get('X'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=desktop_session.environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "None"]


def test_nothing_is_downloaded(page: Page, window: tuple[Program, Page, str], desktop_session: DesktopSession) -> None:
    folders = [Path.home(), Path.home() / "Downloads", Path.cwd()]
    before = [sorted(folder.glob("*file*")) for folder in folders]
    windows = desktop_session.run("wmctrl", "-l")
    page.evaluate("Object.assign(document.createElement('a'), {href: '/file', download: 'file.bin'}).click()")
    page.evaluate("location.href = '/file'")
    page.wait_for_timeout(500)
    assert [sorted(folder.glob("*file*")) for folder in folders] == before
    assert desktop_session.run("wmctrl", "-l") == windows
    assert page.url == window[2]


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        pytest.param(
            "const t = document.querySelector('textarea'); t.value = '甲'; t.select(); document.execCommand('copy')",
            "true",
            id="a button copies",
        ),
        pytest.param(
            "navigator.clipboard.writeText('乙').catch(() => {"
            "const t = document.querySelector('textarea'); t.value = '乙'; t.select();"
            "return document.execCommand('copy') })",
            "true",
            id="a button copies after the newer way was refused",
        ),
        pytest.param("navigator.clipboard.readText()", "NotAllowedError", id="nothing reads the clipboard"),
        pytest.param("document.execCommand('paste')", "false", id="nothing pastes"),
        pytest.param(
            "new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)).catch(e => e.code)",
            "1",
            id="no place",
        ),
        pytest.param("Notification.requestPermission()", "denied", id="no notifications"),
        pytest.param("String(document.createElement('canvas').getContext('webgl'))", "null", id="no WebGL"),
        pytest.param("String(window.localStorage)", "null", id="no storage"),
    ],
)
def test_what_the_page_may_and_may_not(script: str, outcome: str, page: Page) -> None:
    page.evaluate(
        """(script) => {
            window.outcome = null;
            document.querySelector("#plain").onclick = async () => {
                try { window.outcome = String(await eval(script)); } catch (error) { window.outcome = error.name; }
            };
        }""",
        script,
    )
    page.click("#plain")
    assert eventually(lambda: page.evaluate("window.outcome")) == outcome


def test_the_page_colour_is_the_theme_before_the_first_paint(window: tuple[Program, Page, str]) -> None:
    # A page without any background of its own shows the window's, not white.
    _, page, _ = window
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    page.evaluate("document.body.replaceChildren()")
    page.wait_for_timeout(200)
    from io import BytesIO

    from PIL import Image

    picture = Image.open(BytesIO(_x_screenshot(window[0].session)))
    assert picture.getpixel((640, 400)) == (0xED, 0xF1, 0xF7)


def _x_screenshot(session: DesktopSession) -> bytes:
    return subprocess.run(
        ["import", "-window", "root", "png24:-"], env=session.environment, capture_output=True, check=True
    ).stdout


def test_the_built_in_server_cannot_start() -> None:
    code = (
        "from xieka.desktop import webview_patches as p; w = p.load(); w.create_window('x', url='index.html');"
        "\ntry: w.start(gui='qt')\nexcept RuntimeError as e: print(e)\nimport sys; print('bottle' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "/usr/bin", "QT_QPA_PLATFORM": "offscreen", "HOME": "/tmp"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["pywebview's built-in server is not used", "False"]


def test_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from xieka.desktop import webview_patches

    names = [name for name in sys.modules if name.split(".")[0] in ("webview", "qtpy")]
    for name in names:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(webview_patches, "VERSION", "6.2.0")
    with pytest.raises(RuntimeError, match=r"pywebview 6\.2\.1 is installed"):
        webview_patches.load()
    for name in [name for name in sys.modules if name.split(".")[0] in ("webview", "qtpy")]:
        monkeypatch.delitem(sys.modules, name)
    assert importlib.import_module("xieka.desktop.webview_patches") is webview_patches


def test_the_debugging_port_listens_on_loopback_only_and_is_logged(window: tuple[Program, Page, str]) -> None:
    assert "TEST BUILD: debugging port" in window[0].log()
    import psutil

    listening = [
        connection.laddr.ip
        for connection in psutil.Process(window[0].process.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}

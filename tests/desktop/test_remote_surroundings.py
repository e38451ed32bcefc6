"""What the registration window takes from around it: theme, size, screen, proxy; and what the desktop knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.desktop.conftest import TITLE, Program
from tests.desktop.remote_service import Listeners, Service, visit
from tests.desktop.test_remote_visits import PAGES, Visitor
from tests.desktop.test_remote_window import WINDOW
from tests.desktop.test_webview_patches import free_port
from tests.ui.desktop_session import DesktopSession, eventually, open_desktop_session

pytestmark = pytest.mark.ui

TURN = """async (port) => {
    const {RTCPeerConnection} = document.body.appendChild(document.createElement("iframe")).contentWindow;
    const servers = [{urls: `turn:127.0.0.1:${port}?transport=tcp`, username: "u", credential: "p"}];
    const peer = new RTCPeerConnection({iceServers: servers});
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((done) => setTimeout(done, 1500));
}"""


@pytest.fixture(scope="module")
def visitor(
    desktop_session: DesktopSession, tmp_path_factory: pytest.TempPathFactory, playwright: Playwright
) -> Iterator[Visitor]:
    port = free_port()
    service = Service(PAGES)
    program = Program(
        desktop_session, tmp_path_factory.mktemp("around") / "program", f"--public={service.port}", cdp=port
    )
    program.ready()
    yield Visitor(program, port, playwright, service)
    program.end()
    service.close()


@pytest.fixture(autouse=True)
def closed(visitor: Visitor) -> Iterator[None]:
    yield
    visitor.program.order("settings", values={})
    visitor.clear()


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_the_page_is_named_the_programs_theme(theme: str, visitor: Visitor) -> None:
    visitor.program.order("settings", values={"theme": theme})
    page = visitor.form()
    assert page.evaluate("document.documentElement.dataset.theme ?? 'system'") == theme
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme ?? 'system'") == theme


def test_large_type_and_the_keys_of_a_browser_change_the_pages_size(visitor: Visitor) -> None:
    visitor.program.order("settings", values={"size": "large"})
    page = visitor.form()
    assert page.evaluate("devicePixelRatio") == 1.25
    eventually(lambda: visitor.session.active_title() == WINDOW)
    for keys, count, size in (
        ("ctrl+plus", 1, 1.35),
        ("ctrl+0", 1, 1.25),
        ("ctrl+minus", 30, 0.5),
        ("ctrl+equal", 40, 3),
    ):
        visitor.session.run("xdotool", "key", *[keys] * count)
        eventually(lambda size=size: abs(page.evaluate("devicePixelRatio") - size) < 0.01)


@pytest.mark.parametrize(
    ("screen", "scale", "window"),
    [
        pytest.param("1280x800x24", "1", (960, 640), id="as designed"),
        pytest.param("800x600x24", "1", None, id="small"),
        pytest.param("1280x800x24", "2", None, id="200 %"),
    ],
)
def test_the_window_is_never_larger_than_the_screen(
    screen: str, scale: str, window: tuple[int, int] | None, tmp_path: Path
) -> None:
    service = Service(PAGES)
    with open_desktop_session(tmp_path, tray=False, size=screen) as desktop:
        program = Program(DesktopSession({**desktop.environment, "QT_SCALE_FACTOR": scale}), tmp_path / "program")
        try:
            program.ready()
            visit(program, service)
            program.event("visiting")
            (one,) = eventually(lambda: desktop.windows(WINDOW))
            words = desktop.run("xwininfo", "-id", one).replace(":", " ").split()
            x, y, width, height = (int(words[words.index(name) + 1]) for name in ("X", "Y", "Width", "Height"))
            assert 0 <= x <= x + width <= int(screen.split("x")[0])
            assert 0 < y <= y + height <= int(screen.split("x")[1])
            assert (width, height) == window if window else width > 700
        finally:
            program.end()
            service.close()


def test_the_page_comes_through_the_programs_proxy_and_the_main_page_does_not(visitor: Visitor) -> None:
    visitor.program.order("proxy", address=visitor.service.origin)
    visitor.service.requests.clear()
    there = {"address": "http://registration.example/register", "origin": "http://registration.example"}
    visit(visitor.program, visitor.service, **there)
    visitor.program.event("visiting")
    eventually(lambda: visitor.service.requests)
    assert visitor.service.requests[0][:2] == ("GET", "http://registration.example/register")
    assert visitor.words() == []
    visitor.close()
    visitor.program.event("ended")
    visitor.program.order("proxy", address=None)
    visit(visitor.program, visitor.service, **there)
    visitor.program.event("visiting")
    eventually(lambda: "E-REG-02" in visitor.words())
    assert len(visitor.service.requests) == 1


def test_a_page_from_elsewhere_reaches_nothing_of_this_computer(visitor: Visitor) -> None:
    listeners = Listeners()
    page = visitor.form()
    page.evaluate(TURN, listeners.add("turn"))
    assert listeners.reached["turn"] == []
    listeners.close()


def welcomes(program: Program) -> bool:
    program.order("welcome")
    return bool(program.event("welcome")["yes"])


@pytest.mark.parametrize(
    ("how", "welcome"),
    [("on screen", True), ("in the tray", False), ("minimised", False), ("busy", False), ("dialog", False),
     ("typing", False), ("open already", False)],
)  # fmt: skip
def test_when_a_window_may_come_by_itself(how: str, welcome: bool, visitor: Visitor) -> None:
    program = visitor.program
    program.order("show")
    eventually(lambda: program.state()["on_screen"])
    match how:
        case "in the tray":
            program.order("to_tray")
            eventually(lambda: not program.shown())
        case "minimised":
            # Again until it is: a window manager that is still mapping the window does not hear the first one.
            eventually(lambda: program.order("minimize") or program.state()["on_screen"] is False)
        case "busy":
            program.order("busy", on=True)
        case "dialog":
            program.order("modal", on=True)
        case "typing":
            program.order("modal", on=False, typing=True)
        case "open already":
            visitor.form()
    eventually(lambda: welcomes(program) is welcome)
    program.order("busy", on=False)
    program.order("modal", on=False)
    program.order("show")


def test_a_window_that_nobody_asked_for_stays_away_from_a_pin(visitor: Visitor) -> None:
    """Looked at again at the last moment: the service took its time, and somebody has begun to type."""
    program = visitor.program
    program.order("show")
    eventually(lambda: welcomes(program))
    program.order("modal", on=False, typing=True)
    visitor.service.requests.clear()
    visit(program, visitor.service, "/register#one-time-code", unasked=True)
    program.event("unwelcome")
    assert visitor.service.requests == []
    # Who asks for it gets it all the same.
    visitor.open()
    program.order("modal", on=False)


def test_the_window_stays_before_the_main_one_and_outlives_its_going(visitor: Visitor) -> None:
    program, session = visitor.program, visitor.session
    visitor.form()
    session.run("wmctrl", "-a", TITLE)
    eventually(lambda: session.active_title() == TITLE)
    order = session.run("xprop", "-root", "_NET_CLIENT_LIST_STACKING").split("# ")[1].split(", ")
    places = {
        title: [int(one, 16) for one in order].index(int(session.windows(title)[-1])) for title in (TITLE, WINDOW)
    }
    assert places[WINDOW] > places[TITLE]
    program.order("to_tray")
    eventually(lambda: not program.shown())
    assert session.windows(WINDOW)
    program.order("show")


def test_the_main_window_stays_while_a_visit_goes_on(visitor: Visitor) -> None:
    program = visitor.program
    program.order("insert", holder="甲")
    visitor.form()
    program.order("remove", holder="甲")
    program.state()
    assert program.state()["on_screen"] is True


@pytest.mark.parametrize("how", ["shown from the tray", "by a Ukey", "from the task bar", "by another start"])
def test_the_program_hears_when_the_main_window_comes_on_the_screen(how: str, visitor: Visitor) -> None:
    program, session = visitor.program, visitor.session
    program.order("show")
    eventually(program.shown)
    program.order("minimize" if how == "from the task bar" else "to_tray")
    eventually(lambda: program.state()["on_screen"] is False)
    program.no_event("on-screen", 0.3)
    match how:
        case "shown from the tray":
            program.order("show")
        case "by a Ukey":
            program.order("insert", holder="甲")
        case "from the task bar":
            session.run("wmctrl", "-a", TITLE)
        case "by another start":
            other = Program(session, program.home)
            other.event("shown-the-other")
            other.end()
    program.event("on-screen")
    program.order("forget")

"""A hostile page in the real window gets nothing: every attack of the table, watched from what it tries to reach."""

from __future__ import annotations

import json
import queue
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.desktop.attacks import ATTACKS, Attack
from tests.desktop.conftest import TITLE, Program
from tests.desktop.remote_service import Listeners, Service, visit
from tests.ui.desktop_session import DesktopSession, eventually

pytestmark = pytest.mark.ui

WINDOW = "用户注册"


@dataclass(slots=True)
class Outcome:
    """What is known of all attacks when they have run."""

    seen: dict[str, str] = field(default_factory=dict)
    windows: dict[str, str] = field(default_factory=dict)
    """Windows on the screen after an attack, where there were others than before."""
    reached: dict[str, list[str]] = field(default_factory=dict)
    opened: str = ""
    """What the system was asked to open."""
    files: list[str] = field(default_factory=list)
    """New files in the person's home."""
    log: str = ""
    requests: list[str] = field(default_factory=list)


def files(home: Path) -> set[str]:
    return {str(one.relative_to(home)) for one in home.rglob("*") if one.is_file()}


def watched(session: DesktopSession, folder: Path) -> DesktopSession:
    """The desktop with a home of its own, whose `xdg-open` writes down what it is asked to open."""
    programs, home = folder / "bin", folder / "home"
    for one in (programs, home):
        one.mkdir()
    for name in ("xdg-open", "gio", "gvfs-open", "kde-open", "x-www-browser"):
        script = programs / name
        script.write_text(f'#!/bin/sh\necho "$0 $@" >> "{folder}/opened"\n')
        script.chmod(0o755)
    own = {"PATH": f"{programs}:{session.environment['PATH']}", "HOME": str(home)}
    return DesktopSession({**session.environment, **own})


@pytest.fixture(scope="module")
def outcome(desktop_session: DesktopSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """Everything is tried in one window; without a debugging port, which would change how windows are opened."""
    folder = tmp_path_factory.mktemp("hostile")
    session = watched(desktop_session, folder)
    listeners, outcome = Listeners(), Outcome()
    table = ",\n".join(
        f"{{name: {json.dumps(one.name)}, kind: '{one.kind}', port: {listeners.add(one.name)},"
        f" run: async (E, O, name) => {{ {one.code} }}}}"
        for one in ATTACKS
    )
    header = listeners.add("headers")
    script = Path(__file__).with_name("hostile.js").read_text(encoding="utf-8")
    service = Service(
        {
            "/register": "<script src=/hostile.js defer></script><body>",
            "/hostile.js": f"const attacks = [{table}];\n{script}",
            "/second": "<h1>second</h1>",
            "/worker.js": "fetch('http://' + location.search.slice(1) + '/').catch(() => 0).then(() => postMessage(0))",
        }
    )
    service.headers = {
        "Link": f"<http://127.0.0.1:{header}>; rel=preconnect, <http://127.0.0.1:{header}/x>; rel=preload; as=script",
        "Content-Security-Policy-Report-Only": f"img-src 'none'; report-uri http://127.0.0.1:{header}/csp",
    }
    program = Program(session, folder / "program")
    program.ready()
    before = files(folder / "home")
    visit(program, service)
    program.event("visiting")

    def windows() -> str:
        return "\n".join(sorted(line.split(None, 2)[2] for line in session.run("wmctrl", "-l").splitlines()))

    usual = eventually(lambda: WINDOW in (now := windows()) and now)

    def take() -> bool:
        """One report; False at the end of what runs by itself."""
        told = service.reports.get(timeout=10)
        if told == ["ready"]:
            return False
        outcome.seen |= {one["name"]: one["result"] for one in told}
        if (now := windows()) != usual:
            outcome.windows |= {one["name"]: now for one in told}
        return True

    try:
        while take():
            pass
        for _ in range(sum(attack.kind == "click" for attack in ATTACKS)):
            session.click(session.windows(WINDOW)[0])
            take()
    except (queue.Empty, IndexError):
        # What was not told fails each test it belongs to.
        pass
    time.sleep(0.5)
    outcome.reached = listeners.reached
    if (folder / "opened").exists():
        outcome.opened = (folder / "opened").read_text()
    outcome.files = sorted(files(folder / "home") - before)
    outcome.log = program.log()
    outcome.requests = [f"{method} {path}" for method, path, _ in service.requests]
    yield outcome
    program.end()
    service.close()
    listeners.close()


@pytest.mark.parametrize("attack", [pytest.param(one, id=one.name) for one in ATTACKS])
def test_a_hostile_page_reaches_nobody_and_gets_nothing(attack: Attack, outcome: Outcome) -> None:
    assert set(outcome.reached[attack.name]) <= ({"TCP connection"} if attack.connects else set())
    assert attack.name in outcome.seen, "the page did not live to tell"
    assert re.fullmatch(attack.seen, outcome.seen[attack.name]), outcome.seen[attack.name]
    assert attack.name not in outcome.windows, outcome.windows[attack.name]


def test_its_headers_reach_nobody(outcome: Outcome) -> None:
    # Its `preconnect`: an empty connection.
    assert set(outcome.reached["headers"]) <= {"TCP connection"}


def test_nothing_was_opened_elsewhere_or_written(outcome: Outcome) -> None:
    assert outcome.opened == ""
    assert outcome.files == []


def test_the_log_tells_origins_only(outcome: Outcome) -> None:
    assert "refused to leave for http://127.0.0.1" in outcome.log
    for part in ("/rpc", "user", "word", "#t=", "passwd", "/x.png", "foo"):
        assert part not in outcome.log, part


def test_its_title_is_not_the_windows(outcome: Outcome, desktop_session: DesktopSession) -> None:
    assert "huge title" in outcome.seen
    assert len(desktop_session.windows(WINDOW)) == 1
    assert len(desktop_session.windows(TITLE)) == 1

"""Every page state passes axe (WCAG 2.0–2.2 A and AA), light and dark, in headless Chromium on the real bridge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.conftest import Practice
from tests.ui.product import READY
from xieka.app import App, start_tokens
from xieka.bridge.methods import build
from xieka.bridge.server import Bridge
from xieka.bridge.shell import BrowserShell
from xieka.core import paths
from xieka.core.events import EventBus

pytestmark = pytest.mark.ui

AXE = Path(__file__).parents[2] / "build" / "node" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => (await axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}))
  .violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(" | "))"""

STATES: dict[str, Callable[[Page], object]] = {
    "signing": lambda page: page.locator("#tab-signing").click(),
    "encryption": lambda page: page.locator("#tab-encryption").click(),
    "verify": lambda page: page.locator("#tab-pin").click(),
    "seal": lambda page: (page.locator("#tab-seal").click(), page.get_by_role("button", name="放大查看").wait_for()),
    "menu": lambda page: page.locator("#menu-button").click(),
    "switcher": lambda page: page.locator("#keycard").click(),
    "detail": lambda page: (
        page.get_by_role("button", name="更详细信息").click(),
        page.get_by_text("SHA-256 指纹").wait_for(),
    ),
}


@pytest.fixture(scope="module")
def url(built_practice: Practice) -> Iterator[str]:
    bus = EventBus()
    app = App(built_practice.folders, bus, start_tokens(built_practice.folders, bus))
    assert app.tokens.wait_first(20)
    bridge = Bridge(paths.bundled("frontend"), bus)
    bridge.start()
    bridge.attach(build(app, BrowserShell()))
    yield bridge.url
    app.close()
    bridge.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_has_a_violation(url: str, playwright: Playwright, scheme: str) -> None:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    found: dict[str, list[str]] = {}
    try:
        # axe is injected, which the page's own policy rightly forbids.
        context = browser.new_context(bypass_csp=True, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        for name, reach in STATES.items():
            page = context.new_page()
            page.goto(url)
            page.wait_for_selector(READY, state="attached")
            page.wait_for_function("document.readyState === 'complete'")
            reach(page)
            page.add_script_tag(path=AXE)
            found[name] = page.evaluate(RUN)
            page.close()
    finally:
        browser.close()
    assert {name: problems for name, problems in found.items() if problems} == {}

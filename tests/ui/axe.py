"""axe-core on pages of the real bridge, in headless Chromium."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.ui.pages import READY

AXE = Path(__file__).parents[2] / "build" / "node" / "node_modules" / "axe-core" / "axe.min.js"
# Behind an open dialog everything is inert, and has been looked at before.
RUN = """async (only) => (await axe.run(document.querySelector("dialog[open]") ?? document, {runOnly: only}))
  .violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(" | "))"""
# A scheme changes colours only: what else there is has been looked at in the first one.
LOOKS = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


class Audit:
    """One page, looked at by axe whenever it has reached a state."""

    def __init__(self, browser: Browser, url: str) -> None:
        # axe is injected, which the page's own policy rightly forbids.
        self.page = browser.new_context(bypass_csp=True, reduced_motion="reduce").new_page()
        self.page.set_default_timeout(8000)
        self._url = url
        self._found: dict[str, list[str]] = {}
        self.fresh()

    def fresh(self) -> Page:
        """The page loaded anew."""
        self.page.goto(self._url)
        self.page.reload()
        self.page.wait_for_selector(READY, state="attached")
        self.page.add_script_tag(path=AXE)
        return self.page

    def look(self, state: str, reached: str) -> None:
        """Ask axe in both colour schemes, once this text can be seen."""
        expect(self.page.get_by_text(reached).filter(visible=True).first).to_be_visible()
        for scheme, only in LOOKS.items():
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if problems := self.page.evaluate(RUN, only):
                self._found[f"{state}, {scheme}"] = problems

    def close(self) -> None:
        """Fails when axe has found anything."""
        self.page.context.close()
        assert self._found == {}

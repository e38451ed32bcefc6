"""A browser with more tabs of the page than it opens connections to one host (six)."""

from __future__ import annotations

import http.client
import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Playwright, expect

from tests.conftest import Practice
from tests.ui.desktop_session import DesktopSession, eventually
from tests.ui.product import free_port
from tests.ui.served import served

pytestmark = [pytest.mark.ui, pytest.mark.long]

TABS = 8
TWO = "上海浦江示例科技有限公司"


def test_eight_tabs_all_open_and_the_shown_one_follows(
    desktop_session: DesktopSession, practice: Practice, playwright: Playwright, tmp_path: Path
) -> None:
    port = free_port()

    def ask(what: str, method: str = "GET") -> Any:
        browser = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            browser.request(method, f"/json/{what}")
            return json.load(browser.getresponse())
        except OSError:
            return []
        finally:
            browser.close()

    def drawn() -> int:
        # The title comes with the first picture.
        return sum("Ukey 管理" in tab["title"] for tab in ask("list"))

    with served(practice.folders) as url:
        chromium = subprocess.Popen(
            [
                "chromium", "--no-sandbox", "--no-first-run", "--disable-gpu", f"--remote-debugging-port={port}",
                f"--user-data-dir={tmp_path / 'profile'}", url,
            ],
            env=desktop_session.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for number in range(1, TABS + 1):
                if number > 1:
                    assert ask(f"new?{quote(url, safe='')}", "PUT")
                eventually(lambda wanted=number: drawn() == wanted, 10, f"tab {number}")  # type: ignore[misc]
            browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)
            pages = browser.contexts[0].pages
            assert len(pages) == TABS
            shown = next(page for page in pages if page.evaluate("document.visibilityState") == "visible")
            practice.demo.unplug(1)
            expect(shown.locator("#keycard")).to_contain_text(TWO)
            # One that was away catches up when it is looked at again, and can call.
            away = next(page for page in pages if page is not shown)
            away.bring_to_front()
            expect(away.locator("#keycard")).to_contain_text(TWO)
            away.keyboard.press("F5")
            expect(away.locator("[data-live=polite]").first).to_have_text("已刷新")
            browser.close()
        finally:
            chromium.terminate()
            chromium.wait(10)

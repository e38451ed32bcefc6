"""The product in a browser: a real `xieka serve`, its page in headless Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from tests.ui.pages import READY, Pages
from xieka.core.paths import Folders


class Browsed(Pages):
    """One start; the page is the one that the window shows, and everything behind it is the same."""

    def __init__(
        self,
        browser: Browser,
        folders: Folders,
        *options: str,
        commands: Path | None = None,
        user: Path | None = None,
    ) -> None:
        """`commands`, `user`: as for Product."""
        self.home = folders.config.parent
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XIEKA")}
        environment["XIEKA_HOME"] = str(self.home)
        if commands is not None:
            environment["PATH"] = f"{commands}:{environment['PATH']}"
        if user is not None:
            environment["HOME"] = str(user)
        self.process = psutil.Popen(
            [sys.executable, "-m", "xieka", "serve", *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        url = self.process.stdout.readline().strip()
        assert url, "xieka has ended"
        # The window's size, and nothing that moves: frames are what costs here.
        self._context = browser.new_context(viewport={"width": 960, "height": 640}, reduced_motion="reduce")
        self.page = self._context.new_page()
        self.page.set_default_timeout(8000)
        self.page.goto(url)
        self.page.wait_for_selector(READY, state="attached", timeout=15000)

    def close(self) -> None:
        """End it if the test has not."""
        super().close()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._context.close()

"""The product in a browser: `xieka serve` in a copy of the test's process, its page in headless Chromium."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from tests.forked import Forked
from tests.ui.pages import READY, Pages
from xieka import app as _app  # noqa: F401 - what a copy of this process finds imported
from xieka import cli
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
        reading, writing = os.pipe()
        with os.fdopen(reading, encoding="utf-8") as said, Path(os.devnull).open("wb") as nothing:
            with os.fdopen(writing, "wb") as out:
                copy = Forked(lambda: cli.run(["serve", *options]), stdout=out, stderr=nothing, environment=environment)
            self.process = psutil.Process(copy.pid)
            url = said.readline().strip()
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
        self._context.close()

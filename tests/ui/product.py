"""The product as a person meets it: a real `xieka` process with its window on a real desktop."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Browser, Page, Playwright
from playwright.sync_api import Error as PlaywrightError

from tests.ui.desktop_session import DesktopSession, eventually
from tests.ui.pages import READY, Pages, named, screenshot_path, wanted
from xieka.core.paths import Folders

TITLE = r"(.* - )?协卡助手"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product(Pages):
    """One start of the desktop program; `page` is what its window shows, driven over the debugging port."""

    def __init__(
        self,
        session: DesktopSession,
        folders: Folders,
        playwright: Playwright,
        *options: str,
        commands: Path | None = None,
        user: Path | None = None,
    ) -> None:
        """`commands`: a folder whose programs stand before the system's, to see what the product starts.

        `user`: the home folder of whoever starts it.
        """
        self.session = session
        self.home = folders.config.parent
        port = free_port()
        environment = {
            **{name: value for name, value in session.environment.items() if not name.startswith("XIEKA")},
            "XIEKA_HOME": str(self.home),
            "XIEKA_TEST_CDP_PORT": str(port),
        }
        if commands is not None:
            environment["PATH"] = f"{commands}:{environment['PATH']}"
        if user is not None:
            environment["HOME"] = str(user)
        self.environment = environment
        self.process = psutil.Popen(
            [sys.executable, "-m", "xieka", *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._playwright, self._port = playwright, port
        browser = self._connect(playwright, port)
        self._browser = browser
        self.page: Page = eventually(
            lambda: next((p for c in browser.contexts for p in c.pages if "127.0.0.1" in p.url), None), 10, "page"
        )
        self.page.set_default_timeout(8000)
        self.page.wait_for_selector(READY, state="attached", timeout=15000)

    def _connect(self, playwright: Playwright, port: int) -> Browser:
        def page_is_up() -> bool:
            assert self.process.status() != psutil.STATUS_ZOMBIE, "xieka has ended"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=2) as answer:
                    return any("协卡助手" in target["title"] for target in json.load(answer))
            except OSError:
                return False

        # A connection made before the engine has its page never gets an answer.
        eventually(page_is_up, 20, "page at the debugging port")
        return playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)

    def on_screen(self) -> bool:
        return bool(self.session.windows(TITLE))

    def eventually_on_screen(self, wanted: bool, timeout: float = 6) -> None:
        eventually(lambda: self.on_screen() is wanted, timeout, f"window {'shown' if wanted else 'hidden'}")

    def second_start(self, *options: str) -> subprocess.Popen[bytes]:
        environment = {**self.environment, "XIEKA_TEST_CDP_PORT": str(free_port())}
        return subprocess.Popen([sys.executable, "-m", "xieka", *options], env=environment)

    def remote(self, path: str) -> Page | None:
        """A page of the service in a window of its own, by the beginning of its path."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/json", timeout=2) as answer:
            if not any(urlsplit(target["url"]).path.startswith(path) for target in json.load(answer)):
                return None
        # A connection knows only the profiles that were there when it was made.
        browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port}", no_defaults=True)
        pages = (page for context in browser.contexts for page in context.pages)
        return next((page for page in pages if urlsplit(page.url).path.startswith(path)), None)

    def type(self, *keys: str) -> None:
        """As a person presses them: they come from the X server."""
        for key in keys:
            self.session.run("xdotool", *(("key", key) if named(key) else ("type", key)))

    def picture(self, name: str) -> None:
        """The whole screen, in dist/screenshots/screen-NAME.png."""
        if wanted():
            self.session.run("import", "-window", "root", os.fspath(screenshot_path(f"screen-{name}")))

    def close(self) -> None:
        """End it if the test has not."""
        super().close()
        with contextlib.suppress(PlaywrightError):
            self._browser.close()

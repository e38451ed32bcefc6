"""The product as a person meets it: a real `xieka` process with its window on a real desktop."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Browser, Locator, Page, Playwright, expect
from playwright.sync_api import Error as PlaywrightError

from tests.ui.desktop_session import DesktopSession, eventually
from xieka.core.paths import Folders

TITLE = r"(.* - )?协卡助手"
DIALOG = "dialog[open], [role=dialog], [role=alertdialog]"
READY = 'html[data-ready="1"]'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
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

    # the window ------------------------------------------------------------------------------------------------

    def on_screen(self) -> bool:
        return bool(self.session.windows(TITLE))

    def eventually_on_screen(self, wanted: bool, timeout: float = 6) -> None:
        eventually(lambda: self.on_screen() is wanted, timeout, f"window {'shown' if wanted else 'hidden'}")

    def second_start(self, *options: str) -> subprocess.Popen[bytes]:
        environment = {**self.environment, "XIEKA_TEST_CDP_PORT": str(free_port())}
        return subprocess.Popen([sys.executable, "-m", "xieka", *options], env=environment)

    def family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def worker(self) -> psutil.Process:
        return next(
            child
            for child in self.process.children(recursive=True)
            if "xieka.token.worker" in " ".join(child.cmdline())
        )

    def remote(self, path: str) -> Page | None:
        """A page of the service in a window of its own, by the beginning of its path."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/json", timeout=2) as answer:
            if not any(urlsplit(target["url"]).path.startswith(path) for target in json.load(answer)):
                return None
        # A connection knows only the profiles that were there when it was made.
        browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port}", no_defaults=True)
        pages = (page for context in browser.contexts for page in context.pages)
        return next((page for page in pages if urlsplit(page.url).path.startswith(path)), None)

    # the page ---------------------------------------------------------------------------------------------------

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def pin(self, mode: str) -> None:
        self.tab("修改 Ukey 口令")
        self.page.get_by_role("group", name="口令操作").get_by_role("button", name=mode).click()

    def choose(self, holder: str) -> None:
        """Another Ukey, by the list behind the card at the top left."""
        self.page.locator("#keycard").click()
        self.page.get_by_role("option", name=re.compile(holder)).click()
        expect(self.page.locator("#keycard")).to_contain_text(holder)

    def menu(self, role: Literal["menuitem", "menuitemradio", "menuitemcheckbox"], name: str) -> None:
        """One entry of the drop-down menu."""
        if not self.page.get_by_role("menu").count():
            self.page.get_by_role("button", name="下拉菜单").click()
        self.page.get_by_role(role, name=name).click()

    def verify(self, pin: str) -> None:
        self.pin("验证口令")
        self.field("当前口令").fill(pin)
        self.page.locator("form").get_by_role("button", name="验证口令").click()

    def change(self, old: str, new: str, repeat: str | None = None) -> None:
        self.pin("修改口令")
        self.field("当前口令").fill(old)
        self.field("新口令").fill(new)
        self.field("再输一次新口令").fill(new if repeat is None else repeat)
        self.page.locator("form").get_by_role("button", name="修改口令").click()

    def type(self, *keys: str) -> None:
        """Keys as a person presses them, into whatever has the keyboard: texts, or names of keys as X has them."""
        for key in keys:
            named = key in ("Return", "Tab", "F5") or "+" in key
            self.session.run("xdotool", *(("key", key) if named else ("type", key)))

    def close(self) -> None:
        """End it if the test has not."""
        family = self.family() if self.process.is_running() else []
        with contextlib.suppress(psutil.NoSuchProcess):
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(8)
            except psutil.TimeoutExpired:
                self.process.kill()
        deadline = time.monotonic() + 2
        while not all(ended(process) for process in family) and time.monotonic() < deadline:
            time.sleep(0.02)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        with contextlib.suppress(PlaywrightError):
            self._browser.close()


def ended(process: psutil.Process) -> bool:
    """It has ended, even if nobody has asked for its exit code yet."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    return True


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def environment_of(process: psutil.Process) -> str:
    """Command line and environment as other programs of the user can see them."""
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline()) + repr(process.environ())
    return ""


def screenshot_path(name: str) -> Path:
    """Where pictures for people to look at go: dist/screenshots/NAME.png."""
    folder = Path(__file__).parents[2] / "dist" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.png"


def save_screenshot(session: DesktopSession, name: str) -> None:
    """The whole screen."""
    session.run("import", "-window", "root", os.fspath(screenshot_path(f"screen-{name}")))

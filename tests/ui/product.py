"""The product as a person meets it: a real `xieka` process with its window on a real desktop."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Locator, Page, Playwright
from playwright.sync_api import Error as PlaywrightError

from tests.conftest import Practice
from tests.ui.desktop_session import DesktopSession, eventually

TITLE = r"(.* - )?协卡助手"
DIALOG = "dialog[open], [role=dialog], [role=alertdialog]"
READY = 'html[data-ready="1"]'


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """One start of the desktop program; `page` is what its window shows, driven over the debugging port."""

    def __init__(self, session: DesktopSession, practice: Practice, playwright: Playwright, *options: str) -> None:
        self.session = session
        self.practice = practice
        self.home = practice.folders.config.parent
        port = free_port()
        environment = {
            **{name: value for name, value in session.environment.items() if not name.startswith("XIEKA")},
            "XIEKA_HOME": str(self.home),
            "XIEKA_TEST_CDP_PORT": str(port),
        }
        self.environment = environment
        self.process = psutil.Popen(
            [sys.executable, "-m", "xieka", *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
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

    # the page ---------------------------------------------------------------------------------------------------

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def pin(self, mode: str) -> None:
        self.tab("修改 Ukey 口令")
        self.page.get_by_role("group", name="口令操作").get_by_role("button", name=mode).click()

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
        for process in psutil.wait_procs(family, 2)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        with contextlib.suppress(PlaywrightError):
            self._browser.close()


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def environment_of(process: psutil.Process) -> str:
    """Command line and environment as other programs of the user can see them."""
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline()) + repr(process.environ())
    return ""


def save_screenshot(session: DesktopSession, name: str) -> None:
    """The whole screen, for people to look at: dist/screens/NAME.png."""
    folder = Path(__file__).parents[2] / "dist" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    session.run("import", "-window", "root", os.fspath(folder / f"{name}.png"))

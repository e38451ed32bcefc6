"""What a person does on the program's page, whether the product's window or a browser shows it."""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path
from typing import Literal

import psutil
from playwright.sync_api import Locator, Page, expect

DIALOG = "dialog[open], [role=dialog], [role=alertdialog]"
READY = 'html[data-ready="1"]'
PICTURES = "XIEKA_TEST_PICTURES"
"""Environment: pictures for people to look at are wanted (build/test --long sets it)."""
_BROWSERS_NAMES = {"Return": "Enter"}


class Pages:
    """A running program and what it shows."""

    page: Page
    home: Path
    process: psutil.Process

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
            if named(key):
                self.page.keyboard.press(_BROWSERS_NAMES.get(key, key.replace("shift", "Shift")))
            else:
                self.page.keyboard.type(key)

    def on_screen(self) -> bool:
        """A browser hides nothing by itself."""
        return True

    def family(self) -> list[psutil.Process]:
        """The program's processes."""
        return [self.process, *self.process.children(recursive=True)]

    def worker(self) -> psutil.Process:
        """The process that holds the Ukeys' module."""
        return next(
            child
            for child in self.process.children(recursive=True)
            if "xieka.token.worker" in " ".join(child.cmdline())
        )

    def picture(self, name: str) -> None:
        """See `picture`."""
        picture(self.page, name)

    def close(self) -> None:
        """End the program if the test has not."""
        end(self.process)


def named(key: str) -> bool:
    """Whether `type` presses a key of this name instead of writing a text."""
    return key in ("Return", "Tab", "F5") or "+" in key


def picture(page: Page, name: str) -> None:
    """What the page shows, for people to look at in dist/screenshots/NAME.png; only when pictures are wanted."""
    if wanted():
        page.screenshot(path=screenshot_path(name), animations="disabled")


def wanted() -> bool:
    """Whether pictures are taken: each takes a third of a second."""
    return PICTURES in os.environ


def screenshot_path(name: str) -> Path:
    """Where pictures go: dist/screenshots/NAME.png."""
    folder = Path(__file__).parents[2] / "dist" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.png"


def end(process: psutil.Process) -> None:
    """End a program and whatever it has started."""
    family = [process, *process.children(recursive=True)] if process.is_running() else []
    with contextlib.suppress(psutil.NoSuchProcess):
        process.resume()
        process.terminate()
        try:
            process.wait(8)
        except psutil.TimeoutExpired:
            process.kill()
    deadline = time.monotonic() + 2
    while not all(ended(one) for one in family) and time.monotonic() < deadline:
        time.sleep(0.02)
    for one in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()


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

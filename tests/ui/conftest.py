from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.conftest import Practice, copied
from tests.ui.axe import Audit
from tests.ui.browsed import Browsed
from tests.ui.desktop_session import DesktopSession, desktop_session
from tests.ui.pages import READY, Pages
from tests.ui.product import Product
from tests.ui.served import CHROMIUM
from xieka.core.paths import Folders

__all__ = ["desktop_session"]

Start = Callable[..., Product]
Open = Callable[..., Pages]


class Shared:
    """One start of the product for several tests of a file, as long as no test needs a desktop of its own."""

    def __init__(self, begin: Callable[[], Product]) -> None:
        self._begin = begin
        self._product: Product | None = None

    def product(self) -> Product:
        if self._product is None:
            self._product = self._begin()
        return self._product

    def close(self) -> None:
        if self._product is not None:
            self._product.close()
            self._product = None


@pytest.fixture(scope="module")
def shared(
    desktop_session: DesktopSession,
    built_practice: Practice,
    playwright: Playwright,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shared]:
    practice = copied(built_practice, tmp_path_factory.mktemp("shared"))
    shared = Shared(lambda: Product(desktop_session, practice.folders, playwright))
    yield shared
    shared.close()


@pytest.fixture
def window(shared: Shared) -> Product:
    """The product as at its start, one for tests that stand together and leave Ukeys and settings as they are.

    A start costs more processor time than what these tests do with it.
    """
    product = shared.product()
    product.page.reload()
    product.page.wait_for_selector(READY, state="attached")
    return product


@pytest.fixture
def start(
    desktop_session: DesktopSession, practice: Practice, playwright: Playwright, shared: Shared
) -> Iterator[Start]:
    """Start the product on this test's own practice environment, or another home; all starts are ended afterwards."""
    shared.close()
    started: list[Product] = []

    def start(
        *options: str, folders: Folders | None = None, commands: Path | None = None, user: Path | None = None
    ) -> Product:
        home = folders or practice.folders
        started.append(Product(desktop_session, home, playwright, *options, commands=commands, user=user))
        return started[-1]

    yield start
    for product in reversed(started):
        product.close()


@pytest.fixture
def product(start: Start) -> Product:
    """The product with its window open and both practice Ukeys in."""
    return start()


@pytest.fixture(params=["browser", pytest.param("window", marks=pytest.mark.long)])
def open_(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Start the product for a test whose subject is the page: in a browser, and with `--long` in its window too.

    A start of the window costs four times as much.
    """
    if request.param == "window":
        yield request.getfixturevalue("start")
        return
    browser: Browser = request.getfixturevalue("browser")
    practice: Practice = request.getfixturevalue("practice")
    opened: list[Browsed] = []

    def open_(
        *options: str, folders: Folders | None = None, commands: Path | None = None, user: Path | None = None
    ) -> Browsed:
        opened.append(Browsed(browser, folders or practice.folders, *options, commands=commands, user=user))
        return opened[-1]

    yield open_
    for one in reversed(opened):
        one.close()


@pytest.fixture
def pages(open_: Open) -> Pages:
    """The program's page with both practice Ukeys in."""
    return open_()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def audit(browser: Browser) -> Iterator[Callable[[str], Audit]]:
    audits: list[Audit] = []

    def audit(url: str) -> Audit:
        audits.append(Audit(browser, url))
        return audits[-1]

    yield audit
    for one in audits:
        one.close()

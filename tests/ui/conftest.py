from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.conftest import Practice
from tests.ui.desktop_session import DesktopSession, desktop_session
from tests.ui.product import Product

__all__ = ["desktop_session"]

Start = Callable[..., Product]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture
def start(desktop_session: DesktopSession, practice: Practice, playwright: Playwright) -> Iterator[Start]:
    """Start the product on this test's own practice environment; all starts are ended afterwards."""
    started: list[Product] = []

    def start(*options: str) -> Product:
        started.append(Product(desktop_session, practice, playwright, *options))
        return started[-1]

    yield start
    for product in reversed(started):
        product.close()


@pytest.fixture
def product(start: Start) -> Product:
    """The product with its window open and both practice Ukeys in."""
    return start()

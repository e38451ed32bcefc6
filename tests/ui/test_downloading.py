"""A package of some MB on a slow line that breaks, in the real window and, while that is hidden, in the tray."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.conftest import Practice
from tests.desktop.test_tray_sni import WATCHER, call
from tests.ui.desktop_session import DesktopSession, eventually, open_desktop_session
from tests.ui.product import Product
from tests.ui.slow_line import Carried, SlowLine
from tests.ui.test_apps import FIRST_MS, go, shot
from xieka.settings.service import SettingsService
from xieka_demo.online import PracticeService

pytestmark = [pytest.mark.ui, pytest.mark.timeout(120)]

NAME = "证书文件盘点"
SLOW = 1_000_000
"""Bytes a second."""
OVERLAP = 300_000
"""Bytes that may come twice: what was on its way to a client that had stopped listening."""

Tooltip = Callable[[], str]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[DesktopSession]:
    """A desktop whose panel tells what the tray icon says."""
    folder = tmp_path / "desktop"
    folder.mkdir()
    with open_desktop_session(folder, tray=False) as session:
        yield session


@pytest.fixture
def tooltip(desktop: DesktopSession) -> Iterator[Tooltip]:
    """What the tray icon says, once there is one."""
    with subprocess.Popen(
        [sys.executable, WATCHER], env=desktop.environment, stdout=subprocess.PIPE, text=True
    ) as panel:
        assert panel.stdout is not None
        assert panel.stdout.readline() == "True\n"
        name = ""

        def read() -> str:
            nonlocal name
            name = name or panel.stdout.readline().strip()  # type: ignore[union-attr]
            interface, method = "org.kde.StatusNotifierItem", "org.freedesktop.DBus.Properties.Get"
            return call(desktop, name, "/StatusNotifierItem", method, interface, "ToolTip")

        yield read
        panel.kill()


@pytest.fixture
def line(practice: Practice, service: PracticeService) -> Iterator[SlowLine]:
    """Between the product and its service."""
    line = SlowLine(service.url, SLOW)
    (practice.folders.practice / "endpoint.json").write_text(json.dumps({"service": line.url}))
    yield line
    line.close()


@pytest.fixture
def product(
    desktop: DesktopSession,
    tooltip: Tooltip,
    practice: Practice,
    line: SlowLine,
    tmp_path: Path,
    playwright: Playwright,
) -> Iterator[Product]:
    SettingsService(practice.folders.config).change(ask_registration=False)
    user = tmp_path / "王 会计"
    user.mkdir()
    product = Product(desktop, practice.folders, playwright, user=user)
    # At the first time the icon speaks of the hiding alone, for ten seconds.
    hide_and_show(product, lambda: None)
    expect(product.page.locator(".navbtn")).to_have_count(5, timeout=FIRST_MS)
    yield product
    product.close()


def hide_and_show(product: Product, meanwhile: Callable[[], None]) -> None:
    product.page.get_by_role("button", name="最小化到托盘").click()
    product.eventually_on_screen(False)
    meanwhile()
    with product.second_start() as again:
        assert again.wait(10) == 0
    product.eventually_on_screen(True)


def pane_of(page: Page) -> Locator:
    return page.get_by_role("region", name=re.compile("应用信息"))


def percent(pane: Locator) -> int:
    shown = pane.get_by_role("progressbar").get_attribute("aria-valuenow")
    return int(shown or 0)


def beyond(pane: Locator, wanted: int) -> None:
    eventually(lambda: percent(pane) >= wanted, 15, f"{wanted} %")


def stands_still(request: Carried) -> bool:
    before = request.sent
    time.sleep(0.3)
    return request.sent == before


def grows(tooltip: Tooltip) -> None:
    """The icon says how far the download is, and soon that it is farther."""
    words = re.compile(rf"正在下载 {NAME} (\d+)%")
    first = eventually(lambda: words.search(tooltip()), what="the icon's words")
    eventually(lambda: (now := words.search(tooltip())) and int(now[1]) > int(first[1]), what="more")


def test_a_download_is_seen_paused_cut_off_hidden_and_cancelled(
    product: Product, practice: Practice, line: SlowLine, tooltip: Tooltip
) -> None:
    """REQ-081: bytes, speed and the time that is left; what has come is used again, and cancelled it is gone."""
    page, parts = product.page, practice.folders.data / "apps" / "downloads"
    go(page, "证书业务")
    page.get_by_role("button", name=re.compile(f"^{NAME}")).first.click()
    pane = pane_of(page)
    pane.get_by_role("button", name="一键安装").click()
    beyond(pane, 5)
    assert list(parts.rglob("*"))
    pane.get_by_role("button", name="取消下载").click()
    expect(pane.get_by_role("button", name="一键安装")).to_be_visible()
    eventually(lambda: [path.name for path in parts.iterdir()] == ["lock"], what="nothing is kept")
    line.requests.clear()

    pane.get_by_role("button", name="一键安装").click()
    expect(pane.get_by_role("heading", name="正在下载")).to_be_visible()
    expect(pane.get_by_text(re.compile(r"^\d\.\d / 5\.\d MB$"))).to_be_visible()
    expect(pane.get_by_text(re.compile(r"^(\d{3} KB|1\.\d MB)/s · 约 \d 秒$"))).to_be_visible()
    beyond(pane, 10)
    shot(page, "downloading")
    pane.get_by_role("button", name="暂停").click()
    expect(pane.get_by_role("heading", name="已暂停")).to_be_visible()
    (first,) = line.requests
    eventually(lambda: stands_still(first), what="nothing comes any more")
    shown = percent(pane)
    shot(page, "paused")

    pane.get_by_role("button", name="继续").click()
    beyond(pane, shown + 3)
    assert first.sent - OVERLAP < line.requests[1].start <= first.sent
    # Out of sight it goes on, and the icon says how far it is.
    line.rate = SLOW // 4
    hide_and_show(product, lambda: grows(tooltip))

    line.cut()
    kept, before = percent(pane), len(line.requests)
    line.mend()
    line.rate = None
    expect(pane.get_by_role("button", name="是")).to_be_visible(timeout=FIRST_MS)
    assert line.requests[before].start * 100 >= kept * 5_000_000
    carried = sum(one.sent for one in line.requests)
    length = line.requests[-1].start + line.requests[-1].sent
    assert length <= carried < length + 3 * OVERLAP
    assert NAME not in tooltip() or "%" not in tooltip()

"""What goes wrong around the window: dead workers, hung holders, second starts, strangers at the port."""

from __future__ import annotations

import signal
import time

import psutil
import pytest
from playwright.sync_api import expect

from tests.conftest import Practice
from tests.ui.conftest import Open, Start
from tests.ui.desktop_session import eventually
from tests.ui.pages import DIALOG, Pages, ended
from tests.ui.product import Product
from tests.ui.shim import Shim

pytestmark = pytest.mark.ui


def test_a_second_start_raises_the_first(window: Product) -> None:
    window.page.get_by_role("button", name="最小化到托盘").click()
    window.eventually_on_screen(False)
    second = window.second_start()
    assert second.wait(10) == 0
    window.eventually_on_screen(True)


def test_the_menu_has_its_entries_and_about_opens(window: Product) -> None:
    window.page.get_by_role("button", name="下拉菜单").click()
    menu = window.page.get_by_role("menu")
    for entry in ("刷新", "关于", "退出"):
        expect(menu.get_by_role("menuitem", name=entry)).to_be_visible()
    window.picture("menu")
    menu.get_by_role("menuitem", name="关于").click()
    expect(window.page.locator(DIALOG)).to_contain_text("无隶属关系")
    window.page.get_by_role("button", name="开源许可").click()
    expect(window.page.locator(DIALOG)).to_contain_text("pywebview")


def test_the_page_has_no_bridge_but_ours(window: Product) -> None:
    page = window.page
    assert page.evaluate("typeof window.pywebview") == "undefined"
    assert page.evaluate("typeof window.qt") == "undefined"
    assert page.evaluate("window.localStorage?.length ?? 0") == 0


def test_minimise_goes_to_the_task_bar(window: Product) -> None:
    window.page.get_by_role("button", name="最小化到任务栏").click()
    session = window.session
    frame = eventually(lambda: session.windows(r"(.* - )?协卡助手", visible=False), 5)[0]
    eventually(lambda: session.state(frame) == "Iconic", 5, "iconic")
    assert window.second_start().wait(10) == 0
    eventually(lambda: session.state(frame) == "Normal", 5, "restored")


def test_a_killed_worker_is_told_and_recovers_within_two_seconds(pages: Pages) -> None:
    worker = pages.worker()
    killed = time.monotonic()
    worker.send_signal(signal.SIGKILL)
    eventually(
        lambda: next((c for c in pages.process.children() if c.pid != worker.pid and "worker" in str(c.cmdline())), 0),
        2,
        "new worker",
    )
    recovered = pages.page.locator(".toast").get_by_text("驱动已恢复，可以继续使用")
    expect(recovered).to_be_visible(timeout=2000)
    assert time.monotonic() - killed < 2
    assert pages.on_screen()
    expect(pages.page.get_by_text("证书在有效期内").first).to_be_visible()
    pages.verify("123456")
    expect(pages.page.get_by_text("口令正确，没有做任何修改").first).to_be_visible()


def test_a_worker_killed_during_a_login_repeats_nothing(open_: Open, practice: Practice) -> None:
    shim = Shim(practice, 1)
    shim.fault("C_Login:delay:3000")
    product = open_()
    product.verify("123456")
    eventually(lambda: shim.calls("C_Login") == 1, 5, "login under way")
    product.worker().send_signal(signal.SIGKILL)
    alert = product.page.get_by_text("没有收到 Ukey 的答复").first
    expect(alert).to_be_visible()
    time.sleep(1.5)
    product.picture("worker-killed-in-login")
    assert shim.calls("C_Login") == 1
    assert product.on_screen()


# The take-over itself is tested in tests/desktop/test_instance.py.
@pytest.mark.long
def test_a_stopped_holder_is_replaced(start: Start) -> None:
    first = start()
    first.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    second = start()
    assert time.monotonic() - began < 15
    assert second.process.is_running()
    eventually(lambda: ended(first.process), 5, "first gone")
    second.eventually_on_screen(True)


def listening() -> set[tuple[str, int]]:
    """All listening addresses of this machine: those of sandboxed processes cannot be read one by one."""
    connections = psutil.net_connections("inet")
    return {(c.laddr.ip, c.laddr.port) for c in connections if c.status == psutil.CONN_LISTEN}


def test_it_listens_on_loopback_only_and_quit_leaves_no_process(start: Start) -> None:
    before = listening()
    product = start()
    opened = listening() - before
    assert int(product.page.evaluate("location.port")) in {port for _, port in opened}
    assert {ip for ip, _ in opened} == {"127.0.0.1"}
    family = product.family()
    product.page.get_by_role("button", name="下拉菜单").click()
    product.page.get_by_role("menuitem", name="退出").click()
    assert product.process.wait(5) == 0
    eventually(lambda: all(ended(process) for process in family), 5, "processes gone")
    eventually(lambda: not product.session.tray_icons(), 5, "tray icon gone")

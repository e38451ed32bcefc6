"""我的应用 and one-click installation with the real service and real signed programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Practice, SystemBrowser
from tests.ui.conftest import Open, Start
from tests.ui.desktop_session import eventually
from tests.ui.pages import Pages, picture
from tests.ui.product import Product
from xieka.settings.service import SettingsService
from xieka_demo.online import PracticeService

pytestmark = [pytest.mark.ui, pytest.mark.timeout(180)]

UPGRADE, REPORT, PRINT = "一证通升级应用", "证书巡检报告", "文件指纹"
FIRST_MS = 20_000


@pytest.fixture
def user(tmp_path: Path) -> Path:
    user = tmp_path / "王 会计"
    user.mkdir()
    return user


@pytest.fixture
def online(practice: Practice, service: PracticeService) -> PracticeService:
    """The service, and nobody in the middle of 用户注册."""
    SettingsService(practice.folders.config).change(ask_registration=False)
    return service


@pytest.fixture
def product(start: Start, online: PracticeService, user: Path, system_browser: SystemBrowser) -> Product:
    product = start(commands=system_browser.commands, user=user)
    expect(product.page.locator(".navbtn")).to_have_count(5, timeout=FIRST_MS)
    return product


@pytest.fixture
def pages(open_: Open, online: PracticeService, user: Path, system_browser: SystemBrowser) -> Pages:
    pages = open_(commands=system_browser.commands, user=user)
    expect(pages.page.locator(".navbtn")).to_have_count(5, timeout=FIRST_MS)
    return pages


def go(page: Page, name: str) -> None:
    page.locator(".navbtn", has_text=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def shot(page: Page, name: str) -> None:
    picture(page, f"apps-{name}")


def tiles(page: Page) -> list[str]:
    return [re.split(r"\s", text.strip())[0] for text in page.locator(".app:not(.add)").all_inner_texts()]


def test_the_manuals_example(product: Product) -> None:
    """REQ-079…086: delete 一证通升级应用, install it again through 证书业务, and open it."""
    page = product.page
    go(page, "我的应用")
    tile = page.locator(".app", has_text=UPGRADE)
    expect(tile).to_be_visible()
    shot(page, "grid")
    tile.click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    shot(page, "menu")
    page.get_by_role("menuitem", name=re.compile("卸载")).click()
    expect(page.locator(".app", has_text=UPGRADE)).to_have_count(0)
    expect(page.get_by_role("button", name="撤销")).to_be_visible()
    shot(page, "empty")

    go(page, "证书业务")
    page.get_by_role("button", name=re.compile(UPGRADE)).first.click()
    pane = page.get_by_role("region", name=re.compile("应用信息"))
    expect(pane.get_by_text("请不要升级").first).to_be_visible()
    shot(page, "pane")
    pane.get_by_role("button", name="一键安装").click()
    expect(pane.get_by_role("button", name="是")).to_be_visible()
    shot(page, "confirm")
    pane.get_by_role("button", name="是").click()
    pane.get_by_role("button", name="完成").click()

    go(page, "我的应用")
    page.locator(".app", has_text=UPGRADE).click()
    expect(page.get_by_role("heading", level=1, name=UPGRADE)).to_be_visible()
    expect(page.get_by_text("不是一证通证书")).to_be_visible()
    shot(page, "upgrade")


def test_a_program_from_the_catalog_to_its_first_use(pages: Pages, user: Path, system_browser: SystemBrowser) -> None:
    page = pages.page
    go(page, "证书业务")
    row = page.get_by_role("listitem").filter(has_text=UPGRADE)
    expect(row.get_by_role("button", name=re.compile("^打开"))).to_be_visible()
    page.get_by_role("button", name=re.compile(REPORT)).first.click()
    pane = page.get_by_role("region", name=re.compile("应用信息"))
    pane.get_by_role("button", name="一键安装").click()
    pane.get_by_role("button", name="是").click()
    folder = pane.get_by_label("安装文件夹")
    expect(folder).to_have_value(str(user / "协卡应用" / REPORT))
    shot(page, "folder")
    # A folder that will not do is told before anything is written.
    folder.fill("/usr/report")
    expect(pane.get_by_text("E-INS-13")).to_be_visible()
    chosen = user / "我的 程序"
    folder.fill(str(chosen))
    expect(pane.get_by_text("E-INS-13")).to_have_count(0)
    pane.get_by_role("button", name="安装", exact=True).click()
    expect(pane.get_by_text("安装完成")).to_be_visible()
    shot(page, "done")
    assert (chosen / REPORT).is_file()
    pane.get_by_role("button", name="完成").click()

    go(page, "我的应用")
    assert tiles(page) == [UPGRADE, "巡检报告"]
    page.locator(".app", has_text="巡检报告").click()
    (opened,) = eventually(system_browser.opened, 30, "report")
    report = Path(opened)
    assert "上海沪申示例贸易有限公司" in report.read_text("utf-8")

    # Broken: somebody has taken the program away. It can be put right, once.
    (chosen / REPORT).unlink()
    page.keyboard.press("F5")
    expect(page.locator(".app", has_text="巡检报告").get_by_text("程序文件不见了")).to_be_visible()
    shot(page, "broken")
    (chosen / "我的.txt").write_text("mine")
    repair(page)
    assert (chosen / REPORT).is_file()
    system_browser.forget()
    tile = page.locator(".app", has_text="巡检报告")
    tile.click()
    eventually(system_browser.opened, 30, "report again")
    tile.focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name=re.compile("卸载")).click()
    page.get_by_role("dialog").get_by_role("button", name="卸载").click()
    expect(page.locator(".app", has_text="巡检报告")).to_have_count(0)
    focused_on(page, UPGRADE)
    assert [path.name for path in chosen.iterdir()] == ["我的.txt"]


def repair(page: Page) -> None:
    """重新安装, as the question about the broken program offers it; then it is whole and nothing more is offered."""
    page.locator(".app", has_text="巡检报告").click()
    question = page.get_by_role("alertdialog", name=re.compile("打不开"))
    expect(question.get_by_text("重新安装后可以继续使用")).to_be_visible()
    question.get_by_role("button", name="重新安装").click()
    pane = page.get_by_role("region", name=re.compile("应用信息"))
    pane.get_by_role("button", name="是").click()
    pane.get_by_role("button", name=re.compile("^(安装|完成)$")).click()
    if pane.get_by_role("button", name="完成").count():
        pane.get_by_role("button", name="完成").click()
    expect(page.locator(".app", has_text="巡检报告").get_by_text("程序文件不见了")).to_have_count(0)


def test_added_from_the_hall_the_business_page_and_the_recommended(pages: Pages) -> None:
    """REQ-068…071: all three places add, a link by one click and a program by 一键安装; it is there at once."""
    page = pages.page
    pane = page.get_by_role("region", name=re.compile("应用信息"))

    # 推荐应用, on whatever page: a link,
    reco = page.get_by_role("region", name="推荐应用")
    reco.get_by_role("button", name="电子税务局").click()
    pane.get_by_role("button", name="收藏").click()
    expect(pane.get_by_role("button", name="已添加")).to_be_visible()
    page.keyboard.press("Escape")
    # and a program, whose pane is the one of 证书业务.
    reco.get_by_role("button", name="巡检报告").click()
    expect(pane.get_by_role("heading", name=REPORT)).to_be_focused()
    expect(pane.get_by_text("杀毒软件或安全辅助软件有提示时")).to_be_visible()
    shot(page, "recommended")
    pane.get_by_role("button", name="一键安装").click()
    pane.get_by_role("button", name="是").click()
    pane.get_by_role("button", name="安装", exact=True).click()
    pane.get_by_role("button", name="完成").click()
    expect(reco.get_by_role("button", name="巡检报告")).to_be_focused()

    go(page, "办事大厅")
    page.locator(".page-body").get_by_role("button", name="上海一网通办").click()
    pane.get_by_role("button", name="添加到我的应用").click()
    expect(pane.get_by_role("button", name="已添加")).to_be_visible()

    go(page, "证书业务")
    page.get_by_role("button", name=re.compile("^上海市数字证书认证中心网站")).click()
    pane.get_by_role("button", name="添加到我的应用").click()
    expect(pane.get_by_role("button", name="已添加")).to_be_visible()
    page.get_by_role("button", name=re.compile(f"^{PRINT}")).first.click()
    expect(pane.get_by_text("杀毒软件或安全辅助软件有提示时")).to_be_visible()
    pane.get_by_role("button", name="一键安装").click()
    pane.get_by_role("button", name="是").click()
    pane.get_by_role("button", name="安装", exact=True).click()
    pane.get_by_role("button", name="完成").click()

    go(page, "我的应用")
    assert tiles(page) == [UPGRADE, "电子税务局", "巡检报告", "一网通办", "SHECA", PRINT]


def test_whom_the_upgrade_is_for(pages: Pages, service: PracticeService) -> None:
    """REQ-074, 075: 税务 in 应用信息; its page wants the network, and sends 一证通 certificates away."""
    page = pages.page
    go(page, "证书业务")
    page.get_by_role("button", name=re.compile(f"应用信息 {UPGRADE}")).click()
    pane = page.get_by_role("region", name=re.compile("应用信息"))
    expect(pane.get_by_text("税务证书用户可能需要它")).to_be_visible()
    expect(pane.get_by_text("杀毒软件或安全辅助软件有提示时")).to_have_count(0)
    pane.get_by_role("button", name="打开").click()
    kind = page.get_by_role("region", name="当前 Ukey 的签名证书")
    pages.choose("上海沪申示例贸易有限公司")
    expect(kind).to_contain_text(re.compile("不是一证通证书.*可以升级", re.DOTALL))
    pages.choose("上海浦江示例科技有限公司")
    expect(kind).to_contain_text(re.compile("已经是一证通证书.*请不要升级", re.DOTALL))
    expect(page.get_by_text("升级需要联网")).to_have_count(0)
    assert service.stop()
    page.keyboard.press("F5")
    expect(page.get_by_text("在线服务没有响应")).to_be_visible(timeout=FIRST_MS)


def test_it_goes_on_in_the_background_and_offline_is_said(product: Product, service: PracticeService) -> None:
    page = product.page
    order(page)
    go(page, "证书业务")
    page.get_by_role("button", name=re.compile(PRINT)).first.click()
    pane = page.get_by_role("region", name=re.compile("应用信息"))
    pane.get_by_role("button", name="一键安装").click()
    expect(pane.get_by_role("button", name="是")).to_be_visible()
    # Closed and elsewhere, the question waits, and so it does while nobody sees the window.
    page.keyboard.press("Escape")
    go(page, "Ukey 管理")
    strip = page.get_by_role("button", name=re.compile(f"{PRINT}.*等待您确认"))
    expect(strip).to_be_visible()
    expect(page.locator(".navbtn", has_text="证书业务").get_by_role("img", name="有应用等待您处理")).to_be_visible()
    page.get_by_role("button", name="最小化到托盘").click()
    product.eventually_on_screen(False)
    assert product.second_start().wait(10) == 0
    product.eventually_on_screen(True)
    shot(page, "strip")
    strip.click()
    expect(pane.get_by_role("button", name="是")).to_be_visible()
    page.keyboard.press("Escape")
    assert service.stop()
    page.keyboard.press("F5")
    expect(page.locator(".navbtn")).to_have_count(3, timeout=FIRST_MS)
    go(page, "我的应用")
    expect(page.get_by_text("Ukey 管理等本机功能照常使用")).to_be_visible()
    shot(page, "offline")


def order(page: Page) -> None:
    """The user's own order: with the pointer, with keys, with a pin. The focus is always on the entry it is about."""
    go(page, "办事大厅")
    for name in ("上海一网通办", "上海市税务局", "上海市医疗保障局"):
        page.locator(".app", has_text=name).click()
        page.get_by_role("button", name="添加到我的应用").click()
        expect(page.get_by_role("button", name="已添加")).to_be_visible()
    go(page, "我的应用")
    expect(page.locator(".app:not(.add)")).to_have_count(4)
    assert tiles(page) == [UPGRADE, "一网通办", "税务局", "医保局"]
    # Taken by its corner and put down elsewhere; with Esc it goes back, and its release is no click.
    carry(page, UPGRADE, "医保局")
    page.keyboard.press("Escape")
    expect(page.locator(".lifted")).to_have_count(0)
    page.mouse.up()
    assert tiles(page) == [UPGRADE, "一网通办", "税务局", "医保局"]
    expect(page.get_by_role("heading", level=1, name="我的应用")).to_be_visible()
    carry(page, UPGRADE, "税务局")
    shot(page, "drag")
    page.mouse.up()
    expect(page.locator(".lifted")).to_have_count(0)
    focused_on(page, UPGRADE)
    assert tiles(page) == ["一网通办", "税务局", UPGRADE, "医保局"]

    # Two moves in quick succession; the list that the program then has is the same.
    page.locator(".app", has_text="一网通办").focus()
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.keyboard.press("Alt+Shift+ArrowRight")
    focused_on(page, "一网通办")
    assert tiles(page) == ["税务局", UPGRADE, "一网通办", "医保局"]
    page.reload()
    expect(page.locator(".app:not(.add)")).to_have_count(0)
    go(page, "我的应用")
    expect(page.locator(".app:not(.add)")).to_have_count(4)
    assert tiles(page) == ["税务局", UPGRADE, "一网通办", "医保局"]

    # 固定 brings it to the front, Del takes it away: the neighbour is next.
    tile = page.locator(".app", has_text="医保局")
    tile.focus()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="固定到最前").click()
    expect(page.locator(".app").first).to_contain_text("医保局")
    focused_on(page, "医保局")
    page.keyboard.press("Delete")
    expect(page.locator(".app:not(.add)")).to_have_count(3)
    focused_on(page, "税务局")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    focused_on(page, "一网通办")
    page.keyboard.press("Delete")
    expect(page.locator(".app:not(.add)")).to_have_count(2)
    focused_on(page, UPGRADE)


def carry(page: Page, name: str, over: str) -> None:
    """Take one tile over another; the button is still held."""
    onto(page, name)
    page.mouse.down()
    onto(page, over)
    expect(page.locator(".lifted")).to_contain_text(name)


def focused_on(page: Page, name: str) -> None:
    expect(page.locator(".app:focus")).to_contain_text(name)


def onto(page: Page, name: str) -> None:
    box = page.locator(".app", has_text=name).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)

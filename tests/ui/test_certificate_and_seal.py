"""查看证书, 更详细信息, 导出证书, 电子签章 in the real window: REQ-088…093, REQ-099."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import x509
from playwright.sync_api import expect

from tests.conftest import Practice, SystemBrowser
from tests.ui.conftest import Open, Start
from tests.ui.desktop_session import eventually
from tests.ui.pages import DIALOG
from tests.ui.pdf import Pdf
from tests.ui.product import Product
from xieka.app import start_tokens
from xieka.certificate.models import Role
from xieka.core.events import EventBus
from xieka.settings.service import SettingsService
from xieka.ukey import views
from xieka_demo.online import PracticeService

pytestmark = pytest.mark.ui

ONE = "上海沪申示例贸易有限公司"


def test_cancelled_export_says_nothing(window: Product) -> None:
    window.page.get_by_role("button", name="导出证书").click()
    session = window.session
    find = ("xdotool", "search", "--onlyvisible", "--name", "保存|另存|Save|导出")
    dialog = eventually(lambda: session.run(*find).split(), 8, "save dialog")[0]
    session.run("xdotool", "windowactivate", "--sync", dialog)
    session.run("xdotool", "key", "Escape")
    eventually(lambda: not session.run(*find), 5, "dialog closed")
    expect(window.page.get_by_text("证书已导出")).to_have_count(0)
    assert window.on_screen()


def test_the_seal_is_shown_and_can_be_enlarged(window: Product) -> None:
    window.tab("电子签章")
    expect(window.page.get_by_role("heading", name="合同专用章")).to_be_visible()
    picture = window.page.get_by_role("img", name=re.compile("签章图片")).first
    expect(picture).to_be_visible()
    window.picture("seal")
    window.page.get_by_role("button", name="放大查看").click()
    expect(window.page.locator(DIALOG)).to_be_visible()


def test_the_four_tabs_in_order(window: Product) -> None:
    tabs = window.page.get_by_role("tab")
    expect(tabs).to_have_text(["查看签名证书", "查看加密证书", "修改 Ukey 口令", "电子签章"])


def test_signing_and_encryption_are_told_apart(window: Product) -> None:
    expect(window.page.locator("main")).to_contain_text("数字签名")
    window.tab("查看加密证书")
    expect(window.page.locator("main")).to_contain_text("密钥加密")
    window.picture("encryption")


def test_more_detail_shows_every_field(window: Product) -> None:
    window.page.get_by_role("button", name="更详细信息").click()
    dialog = window.page.locator(DIALOG)
    for text in ("SHA-256 指纹", "密钥用途", "颁发机构密钥标识符", "SHA-256 with RSA", "MA1K00007"):
        expect(dialog).to_contain_text(text)
    window.picture("detail")
    window.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_export_through_the_system_dialog_equals_the_ukeys_bytes(
    window: Product, built_practice: Practice, tmp_path: Path
) -> None:
    # The window has a copy of these Ukeys.
    bus = EventBus()
    tokens = start_tokens(built_practice.folders, bus)
    try:
        assert tokens.wait_first(20)
        ukeys = [views.view(token, now=datetime.now(UTC)) for token in tokens.tokens().tokens]
        one = next(ukey for ukey in ukeys if ukey.holder == ONE)
        der = views.certificate_der(tokens.get(one.id), Role.SIGNING, datetime.now(UTC))
    finally:
        tokens.close()
    window.page.get_by_role("button", name="导出证书").click()
    session = window.session
    find = ("xdotool", "search", "--onlyvisible", "--name", "保存|另存|Save|导出")
    dialog = eventually(lambda: session.run(*find).split(), 8, "save dialog")[0]
    window.picture("export-dialog")
    session.run("xdotool", "windowactivate", "--sync", dialog)
    # The offered name stays (D-25); only the folder is put before it.
    session.run("xdotool", "key", "Home")
    session.run("xdotool", "type", "--delay", "15", f"{tmp_path}/")
    session.run("xdotool", "key", "Return")
    serial = f"{x509.Certificate.load(der).serial_number:X}"
    written = tmp_path / f"{ONE}_签名_{serial[-4:]}.cer"
    eventually(written.is_file, 8, "exported file")
    expect(window.page.get_by_text("证书已导出到").first).to_contain_text(str(written))
    assert written.read_bytes() == der


def viewer(commands: Path, folder: Path) -> Path:
    """A viewer of certificates before the system's; where it puts what it is given."""
    shown = folder / "shown.cer"
    opener = commands / "gcr-viewer"
    opener.write_text(f'#!/bin/sh\ncp "$1" "{folder}/new"\nmv "{folder}/new" "{shown}"\n')
    opener.chmod(0o755)
    return shown


def save_into(product: Product, folder: Path) -> None:
    """Take the offered name in the system's dialog; only the folder is put before it."""
    session = product.session
    find = ("xdotool", "search", "--onlyvisible", "--name", "保存|另存|Save|导出")
    dialog = eventually(lambda: session.run(*find).split(), 8, "save dialog")[0]
    session.run("xdotool", "windowactivate", "--sync", dialog)
    session.run("xdotool", "key", "Home")
    session.run("xdotool", "type", "--delay", "15", f"{folder}/")
    session.run("xdotool", "key", "Return")
    # The next dialog has the same name.
    eventually(lambda: not session.run(*find), 8, "save dialog closed")


def test_a_certificate_goes_to_the_systems_viewer_and_what_is_made_of_it_is_saved(
    practice: Practice, service: PracticeService, start: Start, tmp_path: Path, system_browser: SystemBrowser
) -> None:
    SettingsService(practice.folders.config).change(ask_registration=False)
    shown = viewer(system_browser.commands, tmp_path)
    product = start(commands=system_browser.commands)
    page, folder = product.page, tmp_path / "my papers"
    page.get_by_role("button", name="更详细信息").click()
    page.get_by_role("button", name="用系统查看器打开").click()
    eventually(shown.is_file, 8, "the viewer's file")
    assert x509.Certificate.load(shown.read_bytes()).subject.native["common_name"] == ONE
    page.get_by_role("button", name="保存到期提醒").click()
    save_into(product, tmp_path)
    written = eventually(lambda: list(tmp_path.glob(f"{ONE}_签名_*_到期提醒.ics")), 8, "saved file")[0]
    expect(page.get_by_text("到期提醒已保存到").first).to_contain_text(str(written))
    content = written.read_bytes()
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert ONE in content.decode().replace("\r\n ", "")
    # A folder that is not there: said in the dialog, and the next try goes well.
    printing = page.get_by_role("button", name="打印 / 存为 PDF")
    printing.click()
    save_into(product, folder)
    notice = page.locator("dialog[open] .toast")
    expect(notice).to_contain_text("没有导出成功")
    expect(notice).to_contain_text("Ukey 中的证书没有变化")
    folder.mkdir()
    printing.click()
    save_into(product, folder)
    pdf = eventually(lambda: list(folder.glob(f"{ONE}_签名_*_证书摘要.pdf")), 15, "saved summary")[0]
    expect(notice).to_contain_text(str(pdf))
    document = Pdf(pdf.read_bytes())
    assert document.pages == 1
    for said in (ONE, "练习证书", "证书有效，可以正常使用", "吊销状态", "没有被吊销", "颁发机构出具的证明"):
        assert set(said) <= document.characters, said
    notice.get_by_role("button", name="打开文件", exact=True).click()
    eventually(lambda: system_browser.opened() == [str(pdf)], 5, "opened summary")
    product.picture("detail-saved")


def test_a_ukey_without_seal_says_so(open_: Open, practice: Practice) -> None:
    practice.demo.unplug(1)
    product = open_()
    product.tab("电子签章")
    expect(product.page.get_by_text("没有电子签章").first).to_be_visible()


def test_expiring_and_expired_are_told(open_: Open, practice: Practice) -> None:
    practice.demo.unplug(2)
    practice.demo.set_validity(1, 18)
    product = open_()
    expect(product.page.get_by_text("证书 18 天后到期").first).to_be_visible()
    product.picture("expiring")
    practice.demo.set_validity(1, -3)
    product.page.keyboard.press("F5")
    expect(product.page.get_by_text("证书已过期").first).to_be_visible()

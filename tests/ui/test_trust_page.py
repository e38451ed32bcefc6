"""Ukey 管理 says of a certificate what was checked, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Practice
from tests.ui.axe import Audit
from tests.ui.conftest import Open
from tests.ui.pages import picture
from tests.ui.served import served
from xieka.settings.service import SettingsService
from xieka_demo.online import PracticeService

pytestmark = [pytest.mark.ui, pytest.mark.timeout(120)]

GOOD = "证书有效，可以正常使用"
REVOKED = "证书已被吊销，不能再用"
AWAY = "颁发机构没有答复，暂时没有核实证书有没有被吊销"


def open_details(page: Page) -> None:
    page.get_by_role("button", name="更详细信息").click()
    expect(page.get_by_role("heading", name="证书核对")).to_be_visible()


def test_good_until_the_authority_is_asked_again(service: PracticeService, practice: Practice, open_: Open) -> None:
    SettingsService(practice.folders.config).change(ask_registration=False)
    page = open_("--demo").page
    card = page.locator(".certhero")
    expect(card).to_have_class("card certhero ok")
    expect(card).to_contain_text(GOOD)
    expect(card).to_contain_text("颁发机构确认未吊销")
    picture(page, "certificate-valid")
    practice.demo.revoke(1)
    open_details(page)
    details = page.get_by_role("region", name="证书核对")
    expect(details.get_by_role("list", name="信任链").get_by_role("listitem")).to_have_count(3)
    expect(details.get_by_role("list", name="信任链").get_by_role("listitem").first).to_contain_text("练习根 CA")
    asked = details.locator('.checks [data-state="passed"]').filter(has_text=f"来源 {service.url}/ca/ocsp")
    expect(asked.first).to_be_visible()
    expect(details).to_contain_text(GOOD)
    details.get_by_role("button", name="重新核对").click()
    expect(details).to_contain_text(REVOKED)
    expect(details.locator('.checks [data-state="failed"]')).to_contain_text("密钥泄露")
    expect(page.locator('dialog [data-live="polite"]')).to_have_text(REVOKED)
    picture(page, "detail-revoked")
    page.keyboard.press("Escape")
    expect(card).to_have_class("card certhero bad")
    picture(page, "certificate-revoked")
    expect(card).to_contain_text(REVOKED)
    expect(card).not_to_contain_text("未吊销")
    expect(page.locator("#keycard")).to_contain_text("证书未通过核对")


def test_nobody_to_ask_is_calm_and_back_again_it_is_checked(
    practice: Practice, stopped_service: PracticeService, audit: Callable[[str], Audit]
) -> None:
    with served(practice.folders) as url:
        look = audit(url)
        page = look.page
        look.look("away", AWAY)
        expect(page.locator(".certhero")).to_have_class("card certhero wait")
        picture(page, "certificate-offline")
        expect(page.locator(".certhero")).not_to_contain_text(GOOD)
        expect(page.locator("#panel").get_by_role("alert")).to_have_count(0)
        open_details(page)
        stopped_service.start()
        page.get_by_role("button", name="重新核对").click()
        look.look("good, details", GOOD)
        practice.demo.revoke(1)
        page.get_by_role("button", name="重新核对").click()
        expect(page.locator("dialog .trust")).to_contain_text(REVOKED)
        page.keyboard.press("Escape")
        look.look("revoked", REVOKED)

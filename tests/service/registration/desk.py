"""The page in a browser, used as a person uses it."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.service.registration.guest import CONTACT, EMAIL, PHONE, Guest
from xieka_service.registration.tables import registrations

PURPOSES = ["统计产品使用情况", "客户满意度调查", "向我发送产品和服务信息"]
READ = "我已阅读"


@dataclass
class Desk:
    """The page in a browser, and what it complained about."""

    guest: Guest
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return self.guest.stage.parts.config.audience

    def open(self, code: str | None = None) -> Page:
        self.page.goto(f"{self.origin}/register#{code or self.guest.code()}")
        return self.page

    def form(self) -> Page:
        """The page with its form open."""
        expect(self.open().get_by_label("联系人")).to_be_visible()
        return self.page

    def fill(self) -> Page:
        page = self.form()
        page.get_by_label("联系人").fill(CONTACT)
        page.get_by_label("手机号").fill(PHONE)
        page.get_by_label("电子邮箱").fill(EMAIL)
        page.get_by_label(PURPOSES[0]).check()
        page.get_by_label(READ).check()
        return page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def kept(self) -> int:
        with self.guest.stage.parts.database.read() as connection:
            return connection.execute(select(func.count()).select_from(registrations)).scalar_one()

    def storage(self) -> int:
        return int(self.page.evaluate("sessionStorage.length + localStorage.length"))

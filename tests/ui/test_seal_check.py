"""电子签章 says verified only when it was: the page on the real bridge, in headless Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import Practice
from tests.ui.axe import Audit
from tests.ui.served import served

pytestmark = pytest.mark.ui

OPEN = ["制作机构证书的吊销状态"]


def steps(page: Page, state: str) -> list[str]:
    page.locator(".steps summary").click()
    rows = page.locator(f'.steps li[data-state="{state}"]')
    return [row.inner_text().split()[0] for row in rows.all()]


def all_taken(route: Route, **changes: str) -> None:
    """The same answer as if somebody had looked at path and revocation as well."""
    if (route.request.post_data_json or {}).get("method") != "seal.check":
        route.continue_()
        return
    reply = route.fetch()
    body = reply.json()
    body["result"] |= {"verdict": "ok", "sentence": "签章已核验。"} | changes
    for step in body["result"]["steps"]:
        listed = step["name"] == "maker_listed" and "verdict" in changes
        step |= {"state": changes["verdict"] if listed else "ok", "why": ""}
    route.fulfill(response=reply, json=body)


def by_a_stranger(route: Route) -> None:
    """A maker whom the profile does not name."""
    all_taken(route, verdict="doubtful", sentence="不能确认签章有效：制作者不在认可的制章机构之列。")


def test_what_was_not_looked_at_is_not_called_verified(built_practice: Practice, audit: Callable[[str], Audit]) -> None:
    with served(built_practice.folders) as url:
        look = audit(url)
        look.page.locator("#tab-seal").click()
        panel = look.page.locator("#panel")
        expect(panel.get_by_text("部分核验", exact=True)).to_be_visible()
        expect(panel).to_contain_text("还不能说签章有效")
        expect(panel).not_to_contain_text("已核验")
        assert steps(look.page, "unchecked") == OPEN
        look.look("steps", "与证书的绑定")
        # The raw picture is not to be had by the way.
        assert look.page.locator(".paper img").evaluate(
            "img => !img.dispatchEvent(new MouseEvent('contextmenu', {cancelable: true, bubbles: true}))"
        )
        look.page.route("**/rpc", all_taken)
        look.fresh().locator("#tab-seal").click()
        expect(panel.get_by_text("已核验", exact=True)).to_be_visible()
        assert steps(look.page, "unchecked") == []
        look.look("verified", "签章已核验。")
        look.page.route("**/rpc", by_a_stranger)
        look.fresh().locator("#tab-seal").click()
        expect(panel.get_by_text("不能确认", exact=True)).to_be_visible()
        expect(panel.locator(".infobar.warn")).to_contain_text("不在认可的制章机构之列")
        assert steps(look.page, "doubtful") == ["制章资格"]


def test_a_seal_that_is_over(practice: Practice, audit: Callable[[str], Audit]) -> None:
    practice.demo.set_validity(1, -3)
    with served(practice.folders) as url:
        look = audit(url)
        look.page.locator("#tab-seal").click()
        panel = look.page.locator("#panel")
        expect(panel.get_by_text("未通过核验", exact=True)).to_be_visible()
        expect(panel.get_by_text("E-SEA-29")).to_be_visible()
        expect(panel).not_to_contain_text("已核验")
        assert steps(look.page, "failed") == ["签章有效期"]
        look.look("expired", "签章已过期")

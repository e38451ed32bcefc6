"""The page's files: each under its type and under a policy that lets nothing else in."""

from __future__ import annotations

import re

import pytest

from tests.service.registration.guest import Guest

POLICY = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
    "form-action 'none'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'",
}  # fmt: skip
PAGES = ["/register", "/register/sent", "/register/finished", "/register/skipped"]
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_a_document_under_a_strict_policy(guest: Guest, path: str) -> None:
    reply = guest.stage.client.get(path)
    assert reply.status_code == 200
    headers = reply.headers
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert set(headers["content-security-policy"].split("; ")) == POLICY
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers


def test_what_the_pages_and_scripts_name_is_there(guest: Guest) -> None:
    client, found = guest.stage.client, set()
    named = {name for path in PAGES for name in re.findall(r"/register/assets/([a-z_.-]+)", client.get(path).text)}
    while named - found:
        name = (named - found).pop()
        found.add(name)
        reply = client.get(f"/register/assets/{name}")
        assert reply.status_code == 200, name
        kind = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
        assert reply.headers["content-type"] == kind[name.rpartition(".")[2]]
        assert set(reply.headers["content-security-policy"].split("; ")) == POLICY
        named |= set(re.findall(r'from "\./([a-z]+\.js)"', reply.text))
    assert {"register.js", "texts.js", "rules.js", "tokens.css", "icons.svg", "mark.svg"} <= found


@pytest.mark.parametrize(
    "name", ["index.html", "routes.py", "..%2Froutes.py", "../page.py", "%2e%2e/page.py", "x" * 300]
)
def test_nothing_else_is(guest: Guest, name: str) -> None:
    assert guest.stage.client.get(f"/register/assets/{name}").status_code == 404


def test_the_purposes_and_the_promise_are_printed(guest: Guest) -> None:
    """REQ-028…032: the four purposes and the sentence of the manual, for whoever reads before deciding."""
    left = guest.stage.client.get("/register").text.partition("<main")[0]
    for words in (
        "统计产品使用情况",
        "客户满意度调查或市场研究",
        "发送产品和服务信息",
        "其他情况会在收集信息时另行向您说明",
        "未经您同意不会提供给第三方",
    ):
        assert words in left, words

"""The sheet of paper: what it says, and that nothing in it can do anything."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.certificate.test_calendar import certificate
from xieka.certificate import summary
from xieka.certificate.models import CertificateDetail, ValidityState
from xieka.certificate.trust.models import PathEntry, RevocationView, TrustCheck, TrustView

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
DETAIL = certificate().model_copy(
    update={
        "usages": ["数字签名", "不可否认"], "extended_usages": ["客户端身份验证"], "sha1": "0A" * 20,
        "signature_algorithm": "SHA-256 with RSA",
    }
)  # fmt: skip


def check(name: str, title: str, result: Any, text: str, source: str | None = None) -> TrustCheck:
    return TrustCheck(name=name, title=title, certificate=0, result=result, text=text, at=NOW, source=source)


CHECKS = [
    check("signature", "签名", "passed", "甲的签名相符"),
    check("signature", "签名", "passed", "乙的签名相符"),
    check("dates", "有效期", "passed", "甲在有效期内"),
    check("dates", "有效期", "failed", "乙不在有效期内"),
    check("revocation", "吊销状态", "open", "没有收到答复", "http://127.0.0.1:9/ca/ocsp"),
]
TRUST = TrustView(
    sha256=DETAIL.sha256, subject=DETAIL.subject, verdict="unreachable", level="warn", what="没有核实吊销",
    why="颁发机构没有答复", do="请稍后重新核对", checking=False, path=[], checks=CHECKS,
    revocation=RevocationView(
        status="unreachable", method="ocsp", source="", received=None, cached=False, this_update=None,
        next_update=None, revoked_at=None, reason="",
    ),
    checked_at=NOW - timedelta(minutes=5), clock_ahead_seconds=None,
)  # fmt: skip


class Reader(HTMLParser):
    """The document's texts and elements, by a parser that is not ours."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


def page(
    detail: CertificateDetail = DETAIL, trust: TrustView = TRUST, *, title: str = "摘要", practice: bool = False
) -> Reader:
    return Reader(summary.page(detail, trust, NOW, title=title, practice=practice))


def local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def test_it_says_what_the_certificate_says_and_what_was_checked() -> None:
    texts = page().texts
    for said in (
        DETAIL.subject, "91310115MA1K00007Q", "一证通", "签名证书 · 数字签名 · 不可否认 · 客户端身份验证",
        f"{local(DETAIL.not_before)} 至 {local(DETAIL.not_after)} · 还有 93 天", "练习 CA", "5F2C 1A90", "RSA 2048",
        "SHA-256 with RSA", " ".join(["0A0A"] * 10), " ".join(["ABAB"] * 16),
        "没有核实吊销", "颁发机构没有答复", "请稍后重新核对", f"核对时间 {local(NOW - timedelta(minutes=5))}",
    ):  # fmt: skip
        assert said in texts, said
    at = texts.index("签名", texts.index("核对的项目"))
    assert texts[at:-1] == [
        "签名", "通过", "甲的签名相符；乙的签名相符", "有效期", "未通过", "乙不在有效期内", "有效期", "通过",
        "甲在有效期内", "吊销状态", "没有结果", f"没有收到答复（{local(NOW)} 得到，来源 http://127.0.0.1:9/ca/ocsp）",
    ]  # fmt: skip
    assert "不是颁发机构出具的证明" in texts[-1]
    assert "组织机构代码" not in texts
    assert not any("练习证书" in text for text in texts)


def test_practice_and_an_answer_under_way_are_said() -> None:
    texts = page(trust=TRUST.model_copy(update={"checking": True}), practice=True).texts
    assert "练习证书：不是真实的证书，不能作为凭证" in texts
    assert "打印这一页时，颁发机构还没有答复，吊销状态没有核对完。" in texts


@pytest.mark.parametrize(
    ("state", "days", "said"),
    [
        (ValidityState.EXPIRED, -3, "已过期"),
        (ValidityState.NOT_YET, 400, "还没有生效"),
        (ValidityState.EXPIRING, 0, "今天到期"),
        (ValidityState.EXPIRING, 1, "还有 1 天"),
    ],
)
def test_where_today_lies(state: ValidityState, days: int, said: str) -> None:
    texts = page(DETAIL.model_copy(update={"state": state, "days_left": days})).texts
    assert any(text.endswith(f" · {said}") for text in texts)


EVIL = "</style></td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&lt;"


def test_nothing_that_a_certificate_says_becomes_part_of_the_document() -> None:
    texts = dict.fromkeys(("subject", "issuer", "serial", "uscc", "org_code", "algorithm", "sha1", "sha256"), EVIL)
    evil = DETAIL.model_copy(update={**texts, "signature_algorithm": EVIL, "usages": [EVIL], "extended_usages": [EVIL]})
    entry = PathEntry(
        subject=EVIL, issuer=EVIL, serial=EVIL, sha256=EVIL, not_before=NOW, not_after=NOW, algorithm=EVIL, anchor=False
    )
    changes = {"what": EVIL, "why": EVIL, "do": EVIL, "path": [entry]}
    checks = [check("signature", EVIL, "failed", EVIL, EVIL)]
    seen = page(evil, TRUST.model_copy(update={**changes, "checks": checks}), title=EVIL, practice=True)
    plain = page(practice=True)
    tags = [tag for tag, _ in seen.elements]
    assert {*tags} == {tag for tag, _ in plain.elements}
    assert not {"script", "img", "link", "iframe", "form", "a", "base", "object", "svg"} & {*tags}
    assert all(not name.startswith("on") and name not in ("src", "href") for _, all_ in seen.elements for name in all_)
    assert sum(EVIL in text for text in seen.texts) >= 12


def test_its_policy_allows_its_own_style_and_nothing_else() -> None:
    html = summary.page(DETAIL, TRUST, NOW, title="摘要", practice=False)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rules = policy.replace("&#x27;", "'").split("; ")
    assert rules == ["default-src 'none'", f"style-src 'sha256-{digest}'", "base-uri 'none'", "form-action 'none'"]
    assert html.index("Content-Security-Policy") < html.index("<title>")
    assert "url(" not in style
    assert "http://" not in html.replace(CHECKS[-1].source or "", "")

"""Who is asked, and whose answer counts: strangers, delegates, and authorities that name nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from tests.certificate.responder import Responder
from tests.certificate.trust.stage import Stage


def test_addresses_of_strangers_are_not_asked(stage: Stage) -> None:
    """Only authorities that are trusted, and only for what could still be good, name an address that is asked."""
    stage.says()
    stranger = pki.issuing(pki.root(stage.issuer.key.kind, 7, "别家根"), 8, "别家")
    places = {"ocsp": (stage.server.url("/ocsp"),), "crl": (stage.server.url("/1.crl"),)}
    cases = {
        "untrusted": pki.holder(stranger, **places),
        "forged": stage.der[:-20] + bytes(20),
        "expired": stage.holder(ends=NOW - DAY),
        "unsupported": stage.holder(extra=[pki.extension("1.2.3", b"\x05\x00", critical=True)]),
    }
    for verdict, der in cases.items():
        view = stage.service.settle(der, seconds=5)
        assert (view.verdict, view.level, view.checking) == (verdict, "bad", False)
    assert stage.server.asked == []


def test_a_revoked_authority(stage: Stage) -> None:
    """The list of the root revokes the issuer, while the issuer itself calls the holder good."""
    issuer = pki.issuing(stage.root, crl=(stage.server.url("/anchor.crl"),), serial=42)
    stage.issuer, stage.known = issuer, (issuer.certificate,)
    stage.der = stage.holder()
    stage.service = stage.fresh_service()
    stage.says()
    stage.server.answers["/anchor.crl"] = lambda _: pki.revocation_list({42: Word()}, stage.root)
    view = stage.settle()
    assert (view.verdict, view.level) == ("issuer_revoked", "bad")
    assert "测试 CA" in view.why


def delegated(stage: Stage, listed: bool = True, word: Word | None = None) -> None:
    """Answered by a delegate that its issuer has not said to need no look, but may name a list for."""
    signer = pki.delegate(stage.issuer, serial=77, extra=[], crl=(stage.server.url("/d.crl"),) if listed else ())
    stage.server.answers["/ocsp"] = lambda nonce: pki.answer(
        word or Word(), stage.der, stage.issuer, signer, nonce=nonce, certificates=[signer.der]
    )


BAD = Word("revoked")
DELEGATES: dict[str, tuple[Callable[[Stage], object], str]] = {
    "no-list-named": (lambda s: (delegated(s, listed=False), s.delegates()), "wrong_signer"),
    "listed": (lambda s: (delegated(s), s.delegates()), "good"),
    "taken-back": (lambda s: (delegated(s), s.delegates((77, Word()))), "wrong_signer"),
    "list-away": (lambda s: delegated(s), "wrong_signer"),
    "list-by-a-stranger": (lambda s: (delegated(s), s.delegates(by=pki.root("sm2", 7))), "wrong_signer"),
    "bad-news": (lambda s: (delegated(s, word=BAD), s.delegates()), "revoked"),
    "bad-news-and-no-list": (lambda s: delegated(s, word=BAD), "revoked"),
    "bad-news-by-one-taken-back": (lambda s: (delegated(s, word=BAD), s.delegates((77, Word()))), "wrong_signer"),
}


@pytest.mark.parametrize("name", DELEGATES)
def test_a_delegate_may_have_been_taken_back(server: Responder, tmp_path: Path, name: str) -> None:
    prepare, verdict = DELEGATES[name]
    stage = Stage("sm2", server, tmp_path)
    stage.der = stage.holder(crl=())
    prepare(stage)
    view = stage.settle()
    assert view.verdict == verdict
    assert any("委托" in check.text for check in view.checks) is (verdict == "wrong_signer")
    asked = len(server.asked)
    # What is kept is judged by the list that is kept.
    stage.service.close()
    stage.service = stage.fresh_service()
    assert stage.settle().verdict == verdict
    assert verdict != "good" or len(server.asked) == asked
    stage.service.close()


def test_issuers_that_name_nobody_to_ask(server: Responder, tmp_path: Path) -> None:
    """The profile's own are believed, and it is said; one that lay beside the certificate is not."""
    stage = Stage("sm2", server, tmp_path)
    stage.says()
    own = stage.settle()
    assert (own.verdict, "没有另行核实" in own.why) == ("good", True)
    asked = {check.certificate: check.result for check in own.checks if check.name == "revocation"}
    assert asked == {0: "passed", 1: "skipped", 2: "skipped"}
    stage.service.close()
    stage.known = ()
    stage.service = stage.fresh_service()
    beside = stage.service.settle(stage.der, [stage.issuer.der], seconds=20)
    assert (beside.verdict, beside.level) == ("issuer_no_source", "warn")
    assert "测试 CA" in beside.why
    assert [check.result for check in beside.checks if check.name == "revocation"] == ["passed", "open", "skipped"]
    stage.service.close()

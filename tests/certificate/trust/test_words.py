"""Every answer of a responder has a verdict, and words for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.certificate.pki import Word
from tests.certificate.trust.sayings import (
    demanding,
    future,
    garbage,
    good,
    good_by_list,
    held,
    no_source,
    private_place,
    revoked,
    revoked_by_list,
    stale,
    unknown,
    unreachable,
    wrong_signer,
)
from tests.certificate.trust.stage import Stage, row

WORDS: dict[str, tuple[Callable[[Stage], None], str, str, str]] = {
    "good": (good, "good", "ok", "passed"),
    "good-by-list": (good_by_list, "good", "ok", "passed"),
    "revoked": (revoked, "revoked", "bad", "failed"),
    "revoked-by-list": (revoked_by_list, "revoked", "bad", "failed"),
    "held": (held, "suspended", "bad", "failed"),
    "unknown": (unknown, "not_known", "warn", "open"),
    "stale": (stale, "stale", "warn", "open"),
    "of-tomorrow": (future, "future", "warn", "open"),
    "demanding": (demanding, "unreadable", "warn", "open"),
    "wrong-signer": (wrong_signer, "wrong_signer", "warn", "open"),
    "garbage": (garbage, "unreadable", "warn", "open"),
    "unreachable": (unreachable, "unreachable", "warn", "open"),
    "own-computer": (private_place, "unreachable", "warn", "open"),
    "no-source": (no_source, "no_source", "warn", "skipped"),
}


@pytest.mark.parametrize("name", WORDS)
def test_words(stage: Stage, name: str) -> None:
    prepare, verdict, level, result = WORDS[name]
    prepare(stage)
    view = stage.settle()
    assert (view.verdict, view.level, row(view, "revocation")[0]) == (verdict, level, result)
    assert not view.checking
    assert view.what
    assert view.why
    assert view.do
    assert [entry.anchor for entry in view.path] == [False, False, True]
    if name == "demanding":
        assert any("1.2.3" in check.text for check in view.checks)
    if name == "own-computer":
        assert stage.server.asked == []
        assert any("服务地址不可用" in check.text for check in view.checks)
    # Once asked, the answer stands: no second question, and the same word.
    asked = len(stage.server.asked)
    assert stage.service.check(stage.der).verdict == verdict
    assert len(stage.server.asked) == asked


def test_a_list_where_the_responder_fails(stage: Stage) -> None:
    for prepare in (unknown, stale, wrong_signer, garbage):
        prepare(stage)
        stage.lists((0x1234567890, Word()))
        stage.service = stage.fresh_service()
        view = stage.service.settle(stage.der, seconds=20, fresh=True)
        assert (view.verdict, view.revocation.method) == ("revoked", "crl")
        assert row(view, "revocation")[1] == stage.server.url("/1.crl")

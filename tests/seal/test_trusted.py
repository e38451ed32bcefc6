"""What the seal room makes of the certificate room's trust, on practice certificates with a real path."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.seal.make import NOW, seal
from tests.seal.signers import Signer, signer
from xieka.certificate.revocation.models import Answer, Standing, Status
from xieka.certificate.trust.models import TrustCheck, TrustView
from xieka.certificate.trust.parsed import parse
from xieka.certificate.trust.path import Store, find
from xieka.certificate.trust.verdict import evidence
from xieka.certificate.trust.views import view
from xieka.core.errors import XiekaError
from xieka.seal.makers import MakerRule
from xieka.seal.trusted import TrustedChain, finding
from xieka.seal.verify import Circumstances, verify

AT = datetime(2026, 1, 1, tzinfo=UTC)


def trust(who: Signer, *standing: Standing, anchors: tuple[Signer, ...] = ()) -> TrustView:
    """As TrustService makes it; the holder is signed by its own key, so it is an anchor or nobody."""
    store = Store(tuple(parse(one.certificate) for one in anchors))
    seen = evidence(find(parse(who.certificate), store), NOW)
    return view(replace(seen, standings=dict(enumerate(standing))), NOW, checking=False)


def issued(checks: list[TrustCheck] | None = None, **entry: object) -> TrustView:
    """A path of two: the maker's certificate and an anchor above it."""
    plain = trust(MAKER, anchors=(MAKER,))
    issuer = plain.path[0].model_copy(update={"subject": "制章根", **entry})
    own = plain.path[0].model_copy(update={"anchor": False})
    return plain.model_copy(update={"path": [own, issuer], "checks": checks or []})


MAKER = signer("sm2")
ISSUER_REVOKED = TrustCheck(
    name="revocation", title="吊销", certificate=1, result="failed", text="已吊销。", at=AT, source=None
)
OFFLINE, NOWHERE = Standing(Answer(Status.OFFLINE)), Standing(Answer(Status.NO_SOURCE))
GOOD, REVOKED = Standing(Answer(Status.GOOD)), Standing(Answer(Status.REVOKED, revoked_at=AT))


@pytest.mark.parametrize(
    ("seen", "trusted", "revoked"),
    [
        pytest.param(lambda: trust(MAKER), False, None, id="nobody-known"),
        pytest.param(lambda: trust(MAKER, anchors=(signer("sm2", "another"),)), False, None, id="another-anchor"),
        pytest.param(lambda: trust(MAKER, GOOD, anchors=(MAKER,)), True, False, id="good"),
        pytest.param(lambda: trust(MAKER, REVOKED, anchors=(MAKER,)), True, True, id="revoked"),
        pytest.param(lambda: trust(MAKER, anchors=(MAKER,)), True, None, id="not-asked"),
        pytest.param(lambda: trust(MAKER, OFFLINE, anchors=(MAKER,)), True, None, id="offline"),
        pytest.param(lambda: trust(MAKER, NOWHERE, anchors=(MAKER,)), True, None, id="none"),
        pytest.param(lambda: issued(), True, None, id="issuer"),
        pytest.param(lambda: issued(checks=[ISSUER_REVOKED]), False, None, id="issuer-revoked"),
        pytest.param(lambda: issued(not_after=AT - timedelta(days=1)), False, None, id="issuer-over-by-then"),
        pytest.param(lambda: issued(not_before=AT + timedelta(days=1)), False, None, id="issuer-not-yet"),
    ],
)
def test_finding(seen: Callable[[], TrustView], trusted: bool, revoked: bool | None) -> None:
    found = finding(seen(), AT)
    assert (found.trusted, found.revoked) == (trusted, revoked)
    assert found.why
    assert found.revoked_at == (AT if revoked else None)


def test_expired_today_was_good_then() -> None:
    who = signer("sm2", "maker", end=datetime(2026, 2, 1, tzinfo=UTC))
    assert finding(trust(who, GOOD, anchors=(who,)), AT).trusted


def test_a_certificate_nobody_can_read() -> None:
    def unreadable(_: bytes) -> TrustView:
        raise XiekaError("E-CRT-05")

    assert TrustedChain(unreadable).examine(b"", AT).trusted is None


def test_seal_with_a_path() -> None:
    ours = signer("sm2", "signer").certificate
    der = seal(MAKER, certificates=(ours,))
    pinned = MakerRule(sha256=frozenset({hashlib.sha256(MAKER.certificate).hexdigest()}))
    for makers, verdict in (([], "ok"), ([pinned], "ok"), ([MakerRule(issuers=frozenset({"别家"}))], "doubtful")):
        chain = TrustedChain(lambda _: trust(MAKER, GOOD, anchors=(MAKER,)), makers)
        assert verify(der, Circumstances(NOW, ours, chain)).verdict == verdict


def test_a_name_counts_only_under_somebody_trusted() -> None:
    named = MakerRule(issuers=frozenset({"maker"}))
    for anchors, listed in (((MAKER,), True), ((), None)):
        chain = TrustedChain(lambda _, anchors=anchors: trust(MAKER, GOOD, anchors=anchors), [named])
        assert chain.examine(MAKER.certificate, AT).listed is listed

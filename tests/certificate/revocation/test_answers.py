"""What an OCSP answer is worth, and what it tells as a list does: a table of honest and other ones, for RSA and SM2."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from tests.certificate.revocation.scene import AHEAD, DELTA, DEMAND, NONCE, OLD, SERIAL, Scene
from xieka.certificate.revocation.models import Status
from xieka.certificate.trust import signatures


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


ANSWERS: dict[str, tuple[Callable[[Scene], bytes], Status]] = {
    "good": (lambda s: s.answer(nonce=NONCE), Status.GOOD),
    "good-without-nonce": (lambda s: s.answer(), Status.GOOD),
    "good-by-sha256": (lambda s: s.answer(digest="sha256"), Status.GOOD),
    "good-without-end": (lambda s: s.answer(Word(next_update=None)), Status.GOOD),
    "delegate": (lambda s: s.delegated(), Status.GOOD),
    "delegate-with-critical-nocheck": (
        lambda s: s.delegated(extra=[pki.extension("1.3.6.1.5.5.7.48.1.5", b"\x05\x00", critical=True)]),
        Status.GOOD,
    ),
    "delegate-that-demands": (lambda s: s.delegated(extra=[pki.NO_CHECK, DEMAND]), Status.WRONG_SIGNER),
    "delegate-with-name-constraints": (
        lambda s: s.delegated(extra=[pki.NO_CHECK, pki.extension("2.5.29.30", b"\x30\x00")]),
        Status.WRONG_SIGNER,
    ),
    "a-demand-of-the-answer": (lambda s: s.answer(demands={"response": "1.2.3"}), Status.UNREADABLE),
    "a-demand-of-its-part": (lambda s: s.answer(demands={"single": "1.2.3"}), Status.UNREADABLE),
    "revoked-with-a-demand": (
        lambda s: s.answer(Word("revoked"), demands={"single": "1.2.3"}),
        Status.UNREADABLE,
    ),
    "a-nonce-that-is-critical": (
        lambda s: s.answer(demands={"response": "1.3.6.1.5.5.7.48.1.2"}),
        Status.WRONG_SIGNER,
    ),
    "two-nonces": (
        lambda s: s.answer(nonce=NONCE, demands={"response": "1.3.6.1.5.5.7.48.1.2"}),
        Status.UNREADABLE,
    ),
    "produced-tomorrow": (lambda s: s.answer(produced_at=NOW + DAY), Status.FUTURE),
    "ends-before-it-begins": (
        lambda s: s.answer(Word(this_update=NOW, next_update=NOW - DAY / 1440)),
        Status.UNREADABLE,
    ),
    "good-for-years": (
        lambda s: s.answer(Word(this_update=NOW - 9 * DAY, next_update=NOW + 900 * DAY)),
        Status.GOOD,
    ),
    "good-for-years-and-old": (
        lambda s: s.answer(Word(this_update=NOW - 11 * DAY, next_update=NOW + 900 * DAY)),
        Status.STALE,
    ),
    "revoked-for-years-and-old": (
        lambda s: s.answer(Word("revoked", this_update=NOW - 11 * DAY, next_update=NOW + 900 * DAY)),
        Status.REVOKED,
    ),
    "revoked": (lambda s: s.answer(Word("revoked")), Status.REVOKED),
    "revoked-without-reason": (lambda s: s.answer(Word("revoked", reason=None)), Status.REVOKED),
    "revoked-and-old": (lambda s: s.answer(Word("revoked", **OLD)), Status.REVOKED),
    "held": (lambda s: s.answer(Word("revoked", reason="certificate_hold")), Status.REVOKED),
    "held-and-old": (lambda s: s.answer(Word("revoked", reason="certificate_hold", **OLD)), Status.STALE),
    "unknown": (lambda s: s.answer(Word("unknown")), Status.UNKNOWN),
    "stale": (lambda s: s.answer(Word(**OLD)), Status.STALE),
    "stale-without-end": (lambda s: s.answer(Word(this_update=NOW - 3 * DAY, next_update=None)), Status.STALE),
    "a-little-late": (lambda s: s.answer(Word(next_update=NOW - DAY / 1440)), Status.GOOD),
    "a-little-early": (lambda s: s.answer(Word(this_update=NOW + DAY / 1440)), Status.GOOD),
    "of-tomorrow": (lambda s: s.answer(Word(**AHEAD)), Status.FUTURE),
    "revoked-tomorrow": (lambda s: s.answer(Word("revoked", **AHEAD)), Status.FUTURE),
    "other-nonce": (lambda s: s.answer(nonce=b"m" * 16), Status.WRONG_SIGNER),
    "signed-by-the-root": (lambda s: s.answer(signer=s.root, certificates=[s.root.der]), Status.WRONG_SIGNER),
    "delegate-of-a-stranger": (lambda s: s.by_stranger(), Status.WRONG_SIGNER),
    "delegate-without-purpose": (lambda s: s.delegated(purposes=("client_auth",)), Status.WRONG_SIGNER),
    "delegate-without-usage": (lambda s: s.delegated(usages=("key_encipherment",)), Status.WRONG_SIGNER),
    "delegate-expired": (lambda s: s.delegated(ends=NOW - DAY), Status.WRONG_SIGNER),
    "signed-by-the-holder": (
        lambda s: s.answer(signer=pki.Authority(pki.Key(s.issuer.key.kind, 3), s.issuer.subject), certificates=[s.der]),
        Status.WRONG_SIGNER,
    ),
    "about-another": (
        lambda s: pki.answer(Word(), pki.holder(s.issuer, serial=5), s.issuer),
        Status.UNREADABLE,
    ),
    "cut-short": (lambda s: s.answer()[:-1], Status.UNREADABLE),
    "nothing": (lambda _: b"", Status.UNREADABLE),
    "try-later": (lambda _: b"\x30\x03\x0a\x01\x03", Status.UNREADABLE),
    "a-list-instead": (lambda s: s.list(), Status.UNREADABLE),
    "flipped": (lambda s: flipped(s.answer()), Status.WRONG_SIGNER),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(scene: Scene, name: str) -> None:
    make, expected = ANSWERS[name]
    assert scene.ocsp(make(scene)).status is expected


def test_what_a_revoked_one_tells(scene: Scene) -> None:
    told = scene.ocsp(scene.answer(Word("revoked")))
    assert (told.revoked_at, told.reason, told.next_update) == (NOW - 10 * DAY, "key_compromise", NOW + DAY)
    listed = scene.crl(scene.list((SERIAL, Word())))
    assert (listed.revoked_at, listed.reason, listed.next_update) == (told.revoked_at, told.reason, told.next_update)


def test_what_is_demanded_is_told(scene: Scene) -> None:
    assert scene.crl(scene.list((7, Word(extensions=(DEMAND,))))).demands == "1.2.3"
    assert scene.crl(scene.list(extensions=[DELTA])).demands == "2.5.29.27"
    assert scene.ocsp(scene.answer(demands={"single": "1.2.4"})).demands == "1.2.4"


@pytest.mark.parametrize("judge", ["ocsp", "crl"])
def test_it_is_the_signature_that_counts(judge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the check switched off the stranger's word is taken: so it is this check that refuses it."""
    monkeypatch.setattr(signatures, "judge", lambda *_: signatures.Judgement.GOOD)
    scene = Scene("sm2")
    data = scene.by_stranger() if judge == "ocsp" else pki.revocation_list({}, scene.root, named=scene.issuer.subject)
    assert getattr(scene, judge)(data).status is Status.GOOD

"""What an OCSP answer and a list are worth: a table of honest and other ones, for RSA and SM2."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from xieka.certificate.revocation import crl, ocsp
from xieka.certificate.revocation.models import Answer, Status
from xieka.certificate.trust import signatures
from xieka.certificate.trust.parsed import parse

URL = "http://crl.example.com/721.crl"
NONCE = b"n" * 16
SERIAL = 0x1234567890


class Scene:
    """An issuer and a holder of one kind."""

    def __init__(self, kind: str) -> None:
        self.root = pki.root(kind)
        self.issuer = pki.issuing(self.root)
        self.der = pki.holder(self.issuer, crl=(URL,))

    def ocsp(self, data: bytes, nonce: bytes | None = NONCE) -> Answer:
        return ocsp.judge(data, parse(self.der), self.issuer.certificate, NOW, nonce)

    def crl(self, data: bytes) -> Answer:
        return crl.judge(data, URL, parse(self.der), self.issuer.certificate, NOW)

    def answer(self, word: Word | None = None, signer: pki.Authority | None = None, **how: object) -> bytes:
        return pki.answer(word or Word(), self.der, self.issuer, signer, **how)  # type: ignore[arg-type]

    def delegated(self, **changes: object) -> bytes:
        signer = pki.delegate(self.issuer, **changes)
        return self.answer(signer=signer, certificates=[signer.der])

    def by_stranger(self) -> bytes:
        """A responder with everything right but who appointed it."""
        signer = pki.delegate(pki.Authority(pki.Key(self.issuer.key.kind, 77), self.issuer.subject))
        return self.answer(signer=signer, certificates=[signer.der])

    def list(self, *words: tuple[int, Word], **how: object) -> bytes:
        return pki.revocation_list(dict(words), self.issuer, **how)  # type: ignore[arg-type]


@pytest.fixture(params=pki.KINDS)
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(request.param)


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


OLD = {"this_update": NOW - 9 * DAY, "next_update": NOW - 2 * DAY}
AHEAD = {"this_update": NOW + DAY, "next_update": NOW + 2 * DAY}
ANSWERS: dict[str, tuple[Callable[[Scene], bytes], Status]] = {
    "good": (lambda s: s.answer(nonce=NONCE), Status.GOOD),
    "good-without-nonce": (lambda s: s.answer(), Status.GOOD),
    "good-by-sha256": (lambda s: s.answer(digest="sha256"), Status.GOOD),
    "good-without-end": (lambda s: s.answer(Word(next_update=None)), Status.GOOD),
    "delegate": (lambda s: s.delegated(), Status.GOOD),
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


HERE = pki.uri(URL)
ELSEWHERE = pki.uri("http://crl.example.com/722.crl")
DELTA = pki.extension("2.5.29.27", b"\x02\x01\x01", critical=True)
LISTS: dict[str, tuple[Callable[[Scene], bytes], Status]] = {
    "empty": (lambda s: s.list(), Status.GOOD),
    "others": (lambda s: s.list((1, Word()), (SERIAL + 1, Word())), Status.GOOD),
    "pem": (lambda s: pem(s.list()), Status.GOOD),
    "revoked": (lambda s: s.list((1, Word()), (SERIAL, Word())), Status.REVOKED),
    "revoked-and-old": (lambda s: s.list((SERIAL, Word()), **OLD), Status.REVOKED),
    "held": (lambda s: s.list((SERIAL, Word(reason="certificate_hold"))), Status.REVOKED),
    "held-and-old": (lambda s: s.list((SERIAL, Word(reason="certificate_hold")), **OLD), Status.STALE),
    "its-own-part": (lambda s: s.list(extensions=[pki.part([HERE])]), Status.GOOD),
    "one-of-its-names": (lambda s: s.list(extensions=[pki.part([ELSEWHERE, HERE])]), Status.GOOD),
    "another-part": (lambda s: s.list(extensions=[pki.part([ELSEWHERE])]), Status.UNREADABLE),
    "users-only": (lambda s: s.list(extensions=[pki.part([HERE], only_contains_user_certs=True)]), Status.GOOD),
    "authorities-only": (
        lambda s: s.list(extensions=[pki.part([HERE], only_contains_ca_certs=True)]),
        Status.UNREADABLE,
    ),
    "indirect": (lambda s: s.list(extensions=[pki.part([HERE], indirect_crl=True)]), Status.UNREADABLE),
    "delta": (lambda s: s.list(extensions=[DELTA]), Status.UNREADABLE),
    "delta-after-its-part": (lambda s: s.list(extensions=[pki.part([HERE]), DELTA]), Status.UNREADABLE),
    "delta-before-its-part": (lambda s: s.list(extensions=[DELTA, pki.part([HERE])]), Status.UNREADABLE),
    "delta-not-critical": (
        lambda s: s.list(extensions=[pki.extension("2.5.29.27", b"\x02\x01\x01")]),
        Status.UNREADABLE,
    ),
    "stale": (lambda s: s.list(**OLD), Status.STALE),
    "stale-without-end": (lambda s: s.list(this_update=NOW - 8 * DAY, next_update=None), Status.STALE),
    "of-tomorrow": (lambda s: s.list(**AHEAD), Status.FUTURE),
    "another-issuers-name": (lambda s: s.list(named=pki.name("别家")), Status.WRONG_SIGNER),
    "signed-by-the-root": (
        lambda s: pki.revocation_list({}, s.root, named=s.issuer.subject),
        Status.WRONG_SIGNER,
    ),
    "nothing": (lambda _: b"", Status.UNREADABLE),
    "a-page": (lambda _: b"<html></html>", Status.UNREADABLE),
    "an-answer-instead": (lambda s: s.answer(), Status.UNREADABLE),
}


def pem(der: bytes) -> bytes:
    from asn1crypto import pem as armour

    armoured: bytes = armour.armor("X509 CRL", der)
    return armoured


@pytest.mark.parametrize("name", LISTS)
def test_lists(scene: Scene, name: str) -> None:
    make, expected = LISTS[name]
    assert scene.crl(make(scene)).status is expected


def test_an_issuer_that_may_not_sign_lists() -> None:
    scene = Scene("sm2")
    scene.issuer = pki.issuing(scene.root, usages=("key_cert_sign",))
    assert scene.crl(scene.list()).status is Status.WRONG_SIGNER


def test_a_list_for_some_reasons_only_is_not_asked_for() -> None:
    from asn1crypto import x509

    from xieka.certificate.trust import places

    issuer = pki.issuing(pki.root("sm2"))
    some = {"distribution_point": pki.point([HERE]), "reasons": {"key_compromise"}}
    points = pki.extension("2.5.29.31", x509.CRLDistributionPoints([some]))
    assert places.of(parse(pki.holder(issuer, extra=[points]))).crl == ()
    assert places.of(parse(pki.holder(issuer, crl=("ldap://a.example.com/x", URL)))).crl == (URL,)


def test_a_list_of_many() -> None:
    scene = Scene("sm2")
    data = scene.list(*((number, Word(reason=None)) for number in range(1 << 100, (1 << 100) + 3000)))
    scene.crl(data)
    begin = time.thread_time()
    assert scene.crl(data).status is Status.GOOD
    assert time.thread_time() - begin < 0.1


@pytest.mark.parametrize("judge", ["ocsp", "crl"])
def test_it_is_the_signature_that_counts(judge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the check switched off the stranger's word is taken: so it is this check that refuses it."""
    monkeypatch.setattr(signatures, "judge", lambda *_: signatures.Judgement.GOOD)
    scene = Scene("sm2")
    data = scene.by_stranger() if judge == "ocsp" else pki.revocation_list({}, scene.root, named=scene.issuer.subject)
    assert getattr(scene, judge)(data).status is Status.GOOD


GOOD = Scene("sm2")
SEEDS = [GOOD.answer(Word("revoked"), nonce=NONCE), GOOD.list((SERIAL, Word()), extensions=[pki.part([HERE])])]


@settings(max_examples=300, deadline=1000)
@given(st.sampled_from(SEEDS), st.data())
def test_mutations_never_say_good(seed: bytes, data: st.DataObject) -> None:
    changed = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    for outcome in (GOOD.ocsp(bytes(changed)), GOOD.crl(bytes(changed))):
        assert outcome.status is not Status.GOOD

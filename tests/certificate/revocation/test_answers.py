"""What an OCSP answer and a list are worth: a table of honest and other ones, for RSA and SM2."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Any as Untyped

import pytest
from asn1crypto.core import GeneralizedTime, OctetBitString, OctetString
from asn1crypto.x509 import GeneralNames
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from xieka.certificate.revocation import crl, listing, ocsp
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
DEMAND = pki.extension("1.2.3", b"\x05\x00", critical=True)
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


HERE = pki.uri(URL)
ELSEWHERE = pki.uri("http://crl.example.com/722.crl")
DELTA = pki.extension("2.5.29.27", b"\x02\x01\x01", critical=True)
OTHER = pki.extension("2.5.29.29", GeneralNames([pki.x509.GeneralName("directory_name", pki.name("别家"))]))
EXPIRED_SINCE = pki.extension("2.5.29.24", GeneralizedTime(NOW), critical=True)
KNOWN = pki.extension("1.2.3", b"\x05\x00")
MINUS = {size: -(1 << (8 * size - 1)) for size in (1, 2, 3, 16)}
"""Numbers whose one encoding is 80 00 … 00."""
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
    "taken-off-again": (lambda s: s.list((SERIAL, Word(reason="remove_from_crl"))), Status.GOOD),
    "taken-off-and-revoked": (
        lambda s: s.list((SERIAL, Word(reason="remove_from_crl")), (written(SERIAL, 1), Word())),
        Status.REVOKED,
    ),
    "held-and-revoked": (
        lambda s: s.list((SERIAL, Word(reason="certificate_hold")), (written(SERIAL, 1), Word()), **OLD),
        Status.REVOKED,
    ),
    "written-too-long": (lambda s: s.list((1, Word()), (written(SERIAL, 3), Word())), Status.REVOKED),
    "an-entry-with-a-demand": (lambda s: s.list((SERIAL, Word(extensions=(DEMAND,)))), Status.UNREADABLE),
    "another-entry-with-a-demand": (lambda s: s.list((7, Word(extensions=(DEMAND,)))), Status.UNREADABLE),
    "a-demand-behind-a-known-one": (
        lambda s: s.list((7, Word(extensions=(EXPIRED_SINCE, DEMAND))), (SERIAL, Word())),
        Status.UNREADABLE,
    ),
    "an-entry-with-known-demands": (lambda s: s.list((SERIAL, Word(extensions=(EXPIRED_SINCE,)))), Status.REVOKED),
    "an-entry-with-something-new": (lambda s: s.list((SERIAL, Word(extensions=(KNOWN,)))), Status.REVOKED),
    "of-another-issuer": (lambda s: s.list((SERIAL, Word(extensions=(OTHER,)))), Status.UNREADABLE),
    "behind-another-issuers": (lambda s: s.list((7, Word(extensions=(OTHER,))), (SERIAL, Word())), Status.UNREADABLE),
    "a-reason-of-tomorrow": (
        lambda s: s.list((SERIAL, Word(reason=None, extensions=(pki.extension("2.5.29.21", b"\x0a\x01\x0b"),)))),
        Status.REVOKED,
    ),
    "good-for-years": (lambda s: s.list(this_update=NOW - 9 * DAY, next_update=NOW + 900 * DAY), Status.GOOD),
    "good-for-years-and-old": (
        lambda s: s.list(this_update=NOW - 11 * DAY, next_update=NOW + 900 * DAY),
        Status.STALE,
    ),
    "two-algorithms": (lambda s: of_two_algorithms(s.list()), Status.UNREADABLE),
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


def written(serial: int, more: int) -> bytes:
    """Contents of an INTEGER, so many octets longer than DER wants."""
    size = (serial if serial >= 0 else ~serial).bit_length() // 8 + 1
    return serial.to_bytes(size + more, "big", signed=True)


def of_two_algorithms(der: bytes) -> bytes:
    """The signature's algorithm with other parameters outside than inside."""
    value = pki.List.load(der)
    value["algorithm"] = {"algorithm": value["algorithm"]["algorithm"].dotted, "parameters": OctetString(b"")}
    return bytes(value.dump(force=True))


def pem(der: bytes) -> bytes:
    from asn1crypto import pem as armour

    armoured: bytes = armour.armor("X509 CRL", der)
    return armoured


@pytest.mark.parametrize("name", LISTS)
def test_lists(scene: Scene, name: str) -> None:
    make, expected = LISTS[name]
    assert scene.crl(make(scene)).status is expected


@pytest.mark.parametrize("serial", [1, 127, 128, -1, -2, 0x800000, *MINUS.values()])
def test_numbers_of_every_form(serial: int) -> None:
    """Whatever a certificate is numbered, it is found in a list, in the shortest form and in longer ones."""
    scene = Scene("sm2")
    scene.der = pki.holder(scene.issuer, serial=serial, crl=(URL,))
    others = [(other, Word()) for other in (serial + 1, serial - 1, 257 * serial, 1 << 90)]
    assert scene.crl(scene.list(*others)).status is Status.GOOD
    for more in (0, 1, 4):
        assert scene.crl(scene.list(*others, (written(serial, more), Word()))).status is Status.REVOKED


def test_what_is_demanded_is_told(scene: Scene) -> None:
    assert scene.crl(scene.list((7, Word(extensions=(DEMAND,))))).demands == "1.2.3"
    assert scene.crl(scene.list(extensions=[DELTA])).demands == "2.5.29.27"
    assert scene.ocsp(scene.answer(demands={"single": "1.2.4"})).demands == "1.2.4"


def test_authorities_may_be_listed_more_rarely() -> None:
    """A root's list of a year is common; of an authority nobody wants to know within days."""
    root = pki.root("sm2")
    one = pki.issuing(root, crl=(URL,))
    for days, status in ((300, Status.GOOD), (400, Status.STALE)):
        data = pki.revocation_list({}, root, this_update=NOW - days * DAY, next_update=NOW + 900 * DAY)
        told = crl.judge(data, URL, one.certificate, root.certificate, NOW)
        assert (told.status, told.until) == (status, NOW - days * DAY + crl.AUTHORITIES_AT_MOST)


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


def of_size(scene: Scene, size: int) -> bytes:
    """A list of so many bytes, the holder revoked in its last entry."""
    few = scene.list(*((number, Word()) for number in range(1 << 127, (1 << 127) + 10)), (SERIAL, Word()))
    outline = listing.outline(few)
    begin, end = outline.entries
    last = outline.signed.rindex(b"\x30", begin, outline.signed.rindex(SERIAL.to_bytes(5)))
    entries = outline.signed[begin:last] * (size // (last - begin)) + outline.signed[last:end]
    parts = outline.signed[outline.signed.index(b"\x02\x01\x01") : begin].removesuffix(head(end - begin))
    tbs = wrapped(parts + wrapped(entries) + outline.signed[end:])
    return wrapped(tbs + outline.algorithm + OctetBitString(scene.issuer.key.sign(tbs)).dump())


def test_a_list_of_many_megabytes() -> None:
    """14 MB within half a second of the processor; memory is asked of a tenth of it, for looking takes its time."""
    scene = Scene("rsa")
    data = of_size(scene, 14_000_000)
    begin = time.thread_time()
    assert scene.crl(data).status is Status.REVOKED
    assert time.thread_time() - begin < 0.5
    data = of_size(scene, 1_400_000)
    tracemalloc.start()
    try:
        assert scene.crl(data).status is Status.REVOKED
        assert tracemalloc.get_traced_memory()[1] < 2 * len(data)
    finally:
        tracemalloc.stop()


def head(length: int) -> bytes:
    return bytes([0x30, length]) if length < 128 else b"\x30\x82" + length.to_bytes(2)


def wrapped(contents: bytes) -> bytes:
    return b"\x30\x84" + len(contents).to_bytes(4) + contents


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


class Mutations:
    """Lists under a signature that nobody looks at, read by two: what the one takes for good must be so for both."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311
        entries = [(SERIAL + step, Word(reason=reason)) for step in (3, 1, 256) for reason in ("superseded",)]
        hold = Word(reason="certificate_hold", extensions=(EXPIRED_SINCE,))
        self._seeds = [
            GOOD.list(*entries, (SERIAL, Word(reason=None)), (7, hold)),
            GOOD.list(*entries, (written(SERIAL, 1), hold), (5, Word(extensions=(KNOWN,)))),
            GOOD.list(*entries, (5, Word(extensions=(KNOWN,)))),
        ]

    def play(self, number: int) -> dict[Status, int]:
        outcomes: dict[Status, int] = {}
        for _ in range(number):
            data = self._mutated()
            begin = time.thread_time()
            told = GOOD.crl(data).status
            assert time.thread_time() - begin < 1.0
            assert told is not Status.GOOD or not self._revoked(data)
            outcomes[told] = outcomes.get(told, 0) + 1
        return outcomes

    def _mutated(self) -> bytes:
        changed = bytearray(self._dice.choice(self._seeds))
        for _ in range(self._dice.randint(1, 2)):
            place = self._dice.randrange(len(changed))
            changed[place] = self._dice.choice(
                (0, 1, 2, 0x30, 0x80, 0xFF, changed[place] ^ 1, changed[place] + 1 & 255)
            )
        return bytes(changed)

    def _revoked(self, data: bytes) -> bool:
        """By asn1crypto's own reading of the whole; what it cannot read is nobody's entry."""
        return any(map(self._names_holder, pki.List.load(data, strict=True)["tbs"]["revoked"] or ()))

    def _names_holder(self, entry: Untyped) -> bool:
        try:
            return entry["serial"].native == SERIAL and crl._reason(entry) != "remove_from_crl"
        except ValueError:
            return False


def test_two_readers_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "judge", lambda *_: signatures.Judgement.GOOD)
    outcomes = Mutations(5).play(300)
    assert {Status.GOOD, Status.REVOKED, Status.UNREADABLE} <= outcomes.keys()


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_readers_agree_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "judge", lambda *_: signatures.Judgement.GOOD)
    Mutations(6).play(20_000)

"""What comes of several answers about one certificate, asked one after another, kept, and played again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from asn1crypto import ocsp

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from tests.certificate.trust.stage import FixedClock
from xieka.certificate.revocation.asking import Asking
from xieka.certificate.revocation.cache import Cache
from xieka.certificate.trust.parsed import parse
from xieka.core.errors import XiekaError

OCSP, LIST = "http://ocsp.example.com/", "http://crl.example.com/1.crl"
HOUR = DAY / 24
SLOW = timedelta(minutes=10)
SERIAL, OTHER = 0x1234567890, 0x777


class Desk:
    """Two authorities' places without a network, asked by one installation whose clock the test moves."""

    def __init__(self, folder: Path) -> None:
        self.issuer = pki.issuing(pki.root("sm2"))
        self.der = pki.holder(self.issuer, ocsp=(OCSP,), crl=(LIST,))
        self.other = pki.holder(self.issuer, crl=(LIST,), serial=OTHER)
        self.clock = FixedClock()
        self.answers: dict[str, Callable[[bytes | None], bytes]] = {}
        self.asking = Asking(self, Cache(folder), self.clock)  # type: ignore[arg-type]

    def signed(self, url: str, *, body: bytes | None = None, **_: object) -> SimpleNamespace:
        """As core.http.Http."""
        if url not in self.answers:
            raise XiekaError("E-NET-03")
        nonce = ocsp.OCSPRequest.load(body).nonce_value.native if body is not None else None
        return SimpleNamespace(body=self.answers[url](nonce))

    def says(self, word: Word, signer: pki.Authority | None = None, *, again: bool = False, **how: object) -> None:
        """`again`: an answer of before, to nobody's question."""
        self.answers[OCSP] = lambda nonce: pki.answer(
            word, self.der, self.issuer, signer, nonce=None if again else nonce,
            certificates=[signer.der] if signer is not None else (), **how,
        )  # type: ignore[arg-type]  # fmt: skip

    def lists(self, serials: Iterable[int] = (), **how: object) -> None:
        words = dict.fromkeys(serials, how.pop("word", Word()))
        data = pki.revocation_list(words, self.issuer, **how)  # type: ignore[arg-type]
        self.answers[LIST] = lambda _: data

    def asks(self, der: bytes | None = None, *, fresh: bool = False) -> str:
        return self.asking.standing(parse(der or self.der), self.issuer.certificate, fresh=fresh).status


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def old(before: timedelta = DAY / 2) -> dict[str, datetime]:
    """A list of before, that still counts."""
    return {"this_update": NOW - before, "next_update": NOW + DAY}


HELD = Word("revoked", reason="certificate_hold")
OUT_OF_DATE = {"this_update": NOW - 2 * DAY, "next_update": NOW - HOUR}
SAID: dict[str, tuple[Callable[[Desk], object], str]] = {
    # The clock goes wrong, or the answer cannot be obeyed: an older list does not make it good.
    "revoked-of-a-time-to-come": (
        lambda d: (d.says(Word("revoked", this_update=NOW + SLOW, next_update=NOW + DAY)), d.lists(**old())),
        "future",
    ),
    "revoked-and-produced-in-time-to-come": (
        lambda d: (d.says(Word("revoked"), produced_at=NOW + SLOW), d.lists(**old())),
        "future",
    ),
    "revoked-with-a-demand": (
        lambda d: (d.says(Word("revoked"), demands={"single": "1.2.3"}), d.lists(**old())),
        "unreadable",
    ),
    "revoked-with-a-demand-of-the-answer": (
        lambda d: (d.says(Word("revoked"), demands={"response": "1.2.3"}), d.lists(**old())),
        "unreadable",
    ),
    "held-and-out-of-date": (
        lambda d: (
            d.says(Word("revoked", reason="certificate_hold", **OUT_OF_DATE)),
            d.lists(**old(3 * DAY)),
        ),
        "stale",
    ),
    "held-and-out-of-date-and-a-later-list": (
        lambda d: (d.says(Word("revoked", reason="certificate_hold", **OUT_OF_DATE)), d.lists(**old())),
        "good",
    ),
    "out-of-date-and-a-later-list": (lambda d: (d.says(Word(**OUT_OF_DATE)), d.lists(**old())), "good"),
    # A list says nothing of what was never issued.
    "unknown-and-a-silent-list": (lambda d: (d.says(Word("unknown")), d.lists()), "unknown"),
    "unknown-and-revoked-by-the-list": (lambda d: (d.says(Word("unknown")), d.lists([SERIAL])), "revoked"),
}


@pytest.mark.parametrize("name", SAID)
def test_asked_then_listed(desk: Desk, name: str) -> None:
    prepare, expected = SAID[name]
    prepare(desk)
    # Asked, and then by what is kept of it: nobody answers but the list.
    assert desk.asks() == expected
    desk.answers.pop(OCSP)
    kept = {"held-and-out-of-date": "stale", "unknown-and-a-silent-list": "unknown"}
    assert desk.asks() == kept.get(name, expected)


def test_a_demand_of_a_list_does_not_hide_who_stands_on_it(desk: Desk) -> None:
    demand = pki.extension("1.2.3", b"\x05\x00", critical=True)
    desk.der = desk.other
    for how in ({"extensions": [demand]}, {"word": Word(extensions=(demand,))}):
        desk.lists([OTHER], **how)
        assert desk.asks(fresh=True) == "unreadable"
        desk.lists(**old())
        assert desk.asks(fresh=True) == "unreadable"


def test_a_hold_that_has_ended_bars_what_was_said_before_it(desk: Desk) -> None:
    desk.says(HELD)
    assert desk.asks() == "revoked"
    desk.clock.shift = 2 * DAY
    good = {"status": "good", "next_update": NOW + 6 * DAY}
    desk.says(Word(this_update=NOW - DAY, **good), again=True)  # type: ignore[arg-type]
    assert desk.asks() == "stale"
    desk.says(Word("unknown", this_update=NOW + 2 * DAY, next_update=NOW + 3 * DAY))
    assert desk.asks() == "unknown"
    desk.says(Word(this_update=NOW - DAY, **good), again=True)  # type: ignore[arg-type]
    assert desk.asks() == "stale"
    desk.says(Word(this_update=NOW + 2 * DAY, **good))  # type: ignore[arg-type]
    assert desk.asks() == "good"


def test_an_older_list_replaces_nothing(desk: Desk) -> None:
    """Played again to whoever asks about somebody else, it would take the revocation off."""
    desk.answers.clear()
    desk.lists([SERIAL])
    assert (desk.asks(), desk.asks(desk.other)) == ("revoked", "good")
    desk.lists(this_update=NOW - DAY, next_update=NOW + 6 * DAY)
    assert desk.asks(desk.other, fresh=True) == "good"
    assert desk.asks() == "revoked"
    desk.lists(this_update=NOW, next_update=NOW + 6 * DAY)
    assert desk.asks(fresh=True) == "good"


@pytest.mark.parametrize(("word", "expected"), [(Word("revoked"), "revoked"), (Word(), "wrong_signer")])
def test_a_delegate_that_has_ended(desk: Desk, word: Word, expected: str) -> None:
    """What he said of a revocation he said in his time; good counts no longer than he."""
    desk.says(word, pki.delegate(desk.issuer, ends=NOW + HOUR), again=True)
    assert desk.asks() == word.status
    desk.clock.shift = 2 * HOUR
    assert desk.asks() == expected
    desk.says(word, pki.delegate(desk.issuer, ends=NOW - DAY), again=True)
    assert desk.asks(fresh=True) == expected

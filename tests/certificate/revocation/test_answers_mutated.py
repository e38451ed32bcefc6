"""Answers and lists with some octets changed never say good."""

from __future__ import annotations

import random
import time
from typing import Any as Untyped

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.certificate import pki
from tests.certificate.pki import Word
from tests.certificate.revocation.scene import EXPIRED_SINCE, HERE, KNOWN, NONCE, SERIAL, Scene, written
from xieka.certificate.revocation import crl
from xieka.certificate.revocation.models import Status
from xieka.certificate.trust import signatures

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

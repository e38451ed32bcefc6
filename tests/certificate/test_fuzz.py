"""Mutated certificates through everything that reads them: no crash, no hang, no undeserved word.

The fast tier plays some hundreds, `long` a hundred thousand.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.certificate import pki
from tests.conftest import SAMPLES
from xieka.certificate import bundle, service
from xieka.certificate.revocation.models import Answer, Standing, Status
from xieka.certificate.trust.models import TrustView
from xieka.certificate.trust.parsed import parse
from xieka.certificate.trust.path import Store
from xieka.certificate.trust.service import TrustService
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus

CPU_SECONDS = 1.0
LONG = 100_000
ROOTS = [pki.root(kind) for kind in pki.KINDS]
ISSUERS = [pki.issuing(root) for root in ROOTS]
PLACES = {"ocsp": ("http://ocsp.example.com/",), "crl": ("http://crl.example.com/1.crl",)}
SEEDS = [
    *(path.read_bytes() for path in sorted((SAMPLES / "certs").iterdir())),
    *(
        pki.holder(
            issuer,
            purposes=("client_auth",),
            extra=[pki.private("1.2.156.112570.11.205", "1@XY91310115MA1K00007Q")],
            **PLACES,
        )
        for issuer in ISSUERS
    ),
]


class Now:
    def now(self) -> object:
        return pki.NOW

    def monotonic(self) -> float:
        return 0.0


def make_service() -> TrustService:
    store = Store(tuple(one.certificate for one in ROOTS), tuple(one.certificate for one in ISSUERS))
    known = Standing(Answer(Status.GOOD, pki.NOW, pki.NOW + pki.DAY))
    return TrustService(lambda: store, lambda *_: known, EventBus(), Now())  # type: ignore[arg-type]


SERVICE = make_service()


def play(der: bytes) -> str:
    """What became of it; anything but a verdict or E-CRT-05 escapes. JSON must work too: it crosses to the page."""
    begin = time.thread_time()
    read = _outcome(lambda: service.detail(der, pki.NOW))
    # Beside its likes and whatever a P7B makes of it.
    others = [SEEDS[0], der[:-1], *bundle.certificates(der)]
    told = _outcome(lambda: SERVICE.check(der, others))
    assert time.thread_time() - begin < CPU_SECONDS
    return told.verdict if isinstance(told, TrustView) else "E-CRT-05" if read is None else "read"


def _outcome(call: Callable[[], BaseModel]) -> BaseModel | None:
    try:
        value = call()
    except XiekaError as error:
        if error.code != "E-CRT-05":
            raise
        return None
    value.model_dump_json()
    return value


def mutated(dice: random.Random) -> bytes:
    changed = bytearray(dice.choice(SEEDS))
    for _ in range(dice.randint(1, 4)):
        place, kind = dice.randrange(len(changed)), dice.randrange(6)
        if kind == 0:
            changed[place] ^= 1 << dice.randrange(8)
        elif kind == 1:
            changed[place] = dice.choice((0, 0x1F, 0x30, 0x7F, 0x80, 0xFF))
        elif kind == 2:
            del changed[place : place + dice.randint(1, 40)]
        elif kind == 3:
            changed[place:place] = dice.randbytes(dice.randint(1, 40))
        elif kind == 4:
            source = dice.choice(SEEDS)
            start = dice.randrange(len(source))
            changed[place:place] = source[start : start + dice.randint(1, 200)]
        else:
            changed[place:place] = b"\x1f" + b"\xff" * dice.randint(1, 2000)
    return bytes(changed)


GENUINE = {"good", "checking", "no_source"}
"""What an unchanged seed may be called."""


def campaign(number: int, seed: int) -> dict[str, int]:
    dice = random.Random(seed)  # noqa: S311
    outcomes: dict[str, int] = {}
    signed = {parse(one).signed for one in SEEDS}
    for _ in range(number):
        der = mutated(dice)
        outcome = play(der)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if outcome in GENUINE:
            # Only what the authority signed, bit for bit.
            assert parse(der).signed in signed
    return outcomes


def test_some_hundred_mutations() -> None:
    outcomes = campaign(400, 20261128)
    assert {"E-CRT-05", "untrusted"} <= outcomes.keys()


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_mutations() -> None:
    outcomes = campaign(LONG, 5)
    assert {"E-CRT-05", "untrusted", "forged"} <= outcomes.keys()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(st.binary(max_size=40), lambda inner: st.lists(inner, max_size=5), max_leaves=30), st.data())
def test_der_of_any_shape(tree: object, data: st.DataObject) -> None:
    play(_der(tree, data))


def _der(tree: object, data: st.DataObject) -> bytes:
    if isinstance(tree, bytes):
        tag = data.draw(st.sampled_from((1, 2, 3, 4, 5, 6, 12, 19, 23, 24, 0x80, 0x1F)))
        body = tree
    else:
        assert isinstance(tree, list)
        tag = data.draw(st.sampled_from((0x30, 0x31, 0xA0, 0xA3)))
        body = b"".join(_der(one, data) for one in tree)
    length = len(body)
    return bytes([tag, length] if length < 128 else [tag, 0x82, length >> 8, length & 255]) + body


def test_the_seeds_themselves_are_understood() -> None:
    for der in SEEDS:
        assert play(der) != "E-CRT-05"
    assert play(SEEDS[-1]) in GENUINE

"""What is known comes at once, what must be asked comes later: with a real responder on the loopback interface."""

from __future__ import annotations

import threading
import time

import pytest

from tests.certificate import pki
from tests.certificate.pki import Word
from tests.certificate.trust.stage import Stage
from xieka.core.errors import XiekaError


def test_the_first_answer_waits_for_nobody(stage: Stage) -> None:
    stage.says(Word("revoked"))
    stage.server.pause.clear()
    begin = time.perf_counter()
    first = stage.service.check(stage.der)
    assert time.perf_counter() - begin < 1.0
    assert (first.verdict, first.level, first.checking) == ("checking", "wait", True)
    assert stage.service.check(stage.der).checking
    assert stage.told == []
    stage.server.pause.set()
    assert stage.settle().verdict == "revoked"
    assert [(one.verdict, one.checking, one.sha256) for one in stage.told] == [("revoked", False, first.sha256)]
    assert stage.server.asked == ["/ocsp"]


def test_closing_breaks_off(stage: Stage) -> None:
    stage.says()
    stage.server.pause.clear()
    stage.service.check(stage.der)
    until = time.monotonic() + 5
    while not stage.server.asked and time.monotonic() < until:
        time.sleep(0.01)
    stage.service.close()
    (thread,) = (one for one in threading.enumerate() if one.name == "revocation" and one is stage.service._thread)
    thread.join(5)
    assert not thread.is_alive()
    assert stage.told == []


def test_not_a_certificate(stage: Stage) -> None:
    with pytest.raises(XiekaError, match="E-CRT-05"):
        stage.service.check(b"\x30\x00")
    assert stage.service.check(stage.der, [b"", b"\x30\x00", stage.issuer.der]).path[1].subject == "测试 CA"


def test_what_is_more_than_under_way_is_asked_then(stage: Stage) -> None:
    """Asked afresh while an ordinary question is being answered, whose answer is not the last word."""
    stage.known = ()
    stage.service.close()
    stage.service = stage.fresh_service()
    words = iter((Word(), Word("revoked")))
    stage.server.answers["/ocsp"] = lambda nonce: pki.answer(next(words), stage.der, stage.issuer, None, nonce=nonce)
    stage.server.pause.clear()
    beside = [stage.issuer.der]
    assert stage.service.check(stage.der, beside).checking
    assert stage.service.check(stage.der, beside, fresh=True).checking
    stage.server.pause.set()
    assert stage.service.settle(stage.der, beside, seconds=20).verdict == "revoked"
    assert stage.server.asked == ["/ocsp", "/ocsp"]

"""What is kept, for how long, and when it is asked again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from tests.certificate.responder import Responder
from tests.certificate.trust.sayings import unknown
from tests.certificate.trust.stage import FixedClock, RunningClock, Stage, wait
from xieka.certificate.revocation.models import SKEW, Answer, Standing, Status
from xieka.certificate.trust import memory
from xieka.certificate.trust.memory import RETRY_SECONDS
from xieka.certificate.trust.parsed import parse
from xieka.core import http_errors, route
from xieka.core.errors import XiekaError


def no_ukey(stage: Stage) -> None:
    stage.wanted = False


def run_out(stage: Stage) -> None:
    stage.clock.shift = 2 * DAY


def test_kept_until_its_end(stage: Stage) -> None:
    stage.says()
    assert stage.settle().revocation.cached is False
    stage.server.answers.clear()
    # Another run of the program, without anybody to ask.
    stage.service = stage.fresh_service()
    kept = stage.settle()
    assert (kept.verdict, kept.revocation.cached, kept.revocation.next_update) == ("good", True, NOW + DAY)
    assert stage.server.asked == ["/ocsp"]
    stage.clock.shift = DAY + timedelta(minutes=6)
    assert stage.service.check(stage.der).verdict == "checking"
    late = stage.settle()
    assert (late.verdict, late.revocation.cached) == ("stale", True)
    assert "2026-11-29" in late.why


def test_a_kept_answer_is_believed_for_its_signature_alone(stage: Stage) -> None:
    stage.says()
    stage.settle()
    (file,) = stage.folder.iterdir()
    head, _, _ = file.read_bytes().partition(b"\n")
    stranger = pki.Authority(pki.Key(stage.issuer.key.kind, 88), stage.issuer.subject)
    file.write_bytes(head + b"\n" + pki.answer(Word(), stage.der, stage.issuer, stranger))
    stage.says(Word("revoked"))
    stage.service = stage.fresh_service()
    assert stage.settle().verdict == "revoked"


def test_asked_again_when_it_may_have_changed(stage: Stage) -> None:
    unknown(stage)
    assert stage.settle().verdict == "not_known"
    stage.says()
    assert stage.settle().verdict == "not_known"
    stage.clock.shift = timedelta(seconds=RETRY_SECONDS + 1)
    assert stage.settle().verdict == "good"
    stage.says(Word("revoked"))
    assert stage.settle().verdict == "good"
    assert stage.service.settle(stage.der, seconds=20, fresh=True).verdict == "revoked"


@pytest.mark.parametrize("service", [True, False], ids=["with-a-service", "without"])
def test_offline_and_back(service: bool, server: Responder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a service in the profile nothing is ever `online` (content.online)."""
    stage = Stage("sm2", server, tmp_path)
    stage.der = stage.holder(ocsp=("http://ocsp.example.com/",), crl=())
    with monkeypatch.context() as cut:
        # No route: what the fetcher finds when the cable is out.
        cut.setattr(http_errors, "has_route", lambda: False)
        cut.setattr(route, "has_route", lambda: False)
        cut.setattr("xieka.core.public.socket.getaddrinfo", _no_name)
        view = stage.settle()
    assert (view.verdict, view.level) == ("offline", "warn")
    assert "联网" in view.do
    asked = []

    def answer(*_: object, **__: object) -> object:
        asked.append(1)
        raise XiekaError("E-NET-03")

    monkeypatch.setattr(stage.http, "signed", answer)
    stage.bus.publish("network", {"connected": False, "online": False})
    assert asked == []
    stage.bus.publish("network", {"connected": True, "online": service})
    assert stage.settle().verdict == "unreachable"
    assert asked
    stage.service.close()


def _no_name(*_: object, **__: object) -> object:
    import socket

    raise socket.gaierror(-3, "Temporary failure in name resolution")


def soon_over(stage: Stage) -> None:
    """Good, and in a second no longer: an answer counts after its end for the time that clocks may differ."""
    stage.server.answers["/ocsp"] = lambda nonce: pki.answer(
        Word(next_update=stage.clock.now() - SKEW + timedelta(seconds=1)), stage.der, stage.issuer, nonce=nonce
    )


def test_asked_again_by_itself(server: Responder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When an answer ends, though nobody looks; and while nobody decides anything, ever more rarely."""
    monkeypatch.setattr(memory, "RETRY_SECONDS", 0.1)
    stage = Stage("sm2", server, tmp_path)
    stage.clock = RunningClock()
    stage.service = stage.fresh_service()
    soon_over(stage)
    assert stage.settle().verdict == "good"
    assert stage.told.pop().verdict == "good"
    stage.says(Word("unknown"))
    wait(lambda: len(stage.told) >= 2)
    assert {one.verdict for one in stage.told} == {"not_known"}
    stage.says(Word("revoked"))
    wait(lambda: stage.told[-1].verdict == "revoked")
    told, asked = len(stage.told), len(server.asked)
    time.sleep(0.3)
    assert (len(stage.told), len(server.asked)) == (told, asked)
    stage.service.close()


def test_in_vain_ever_more_rarely() -> None:
    """While nobody looks; whoever looks may ask every minute."""
    clock, issuer = FixedClock(), pki.issuing(pki.root("sm2"))
    holder = parse(pki.holder(issuer, ocsp=("http://ocsp.example.com/",)))
    path = (holder, issuer.certificate)
    kept = memory.Memory(clock)
    assert kept.due(path) == 0
    waits = []
    for _ in range(8):
        kept.put(holder, issuer.certificate, Standing(Answer(Status.UNREACHABLE)))
        waits.append(kept.due(path))
        clock.shift += timedelta(seconds=RETRY_SECONDS + 1)
        assert kept.wanting(path)
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    # The network's return asks for these, nobody for the others.
    for status, due in ((Status.OFFLINE, None), (Status.NO_SOURCE, None), (Status.STALE, 3600)):
        kept.put(holder, issuer.certificate, Standing(Answer(status)))
        assert kept.due(path) == due
    kept.put(holder, issuer.certificate, Standing(Answer(Status.GOOD, until=clock.now() + DAY)))
    assert kept.due(path) == (DAY + SKEW).total_seconds()
    kept.put(holder, issuer.certificate, Standing(Answer(Status.UNKNOWN)))
    assert kept.due(path) == RETRY_SECONDS


@pytest.mark.parametrize("happens", [run_out, no_ukey])
def test_an_answer_that_has_ended_is_not_asked_for_in_vain(
    happens: Callable[[Stage], None], server: Responder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that has run out meanwhile, or that nobody has here, is left alone, and the thread rests."""
    monkeypatch.setattr(memory, "RETRY_SECONDS", 0.1)
    stage = Stage("sm2", server, tmp_path)
    stage.clock = RunningClock()
    stage.service = stage.fresh_service()
    stage.der = stage.holder(ends=NOW + DAY)
    soon_over(stage)
    assert stage.settle().verdict == "good"
    happens(stage)
    wait(lambda: stage.service._ends() == [])
    assert server.asked == ["/ocsp"]
    stage.service.close()


def test_a_fault_while_renewing_is_one_certificates(
    server: Responder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread lives on, and answers the others."""
    stage = Stage("sm2", server, tmp_path)
    stage.says()
    assert stage.settle().verdict == "good"

    def fault() -> bool:
        raise OSError

    monkeypatch.setattr(stage.service, "_wanted", fault)
    stage.clock.shift = 2 * DAY
    stage.service._jobs.put(None)
    wait(lambda: stage.service._ends() == [])
    stage.says(Word("revoked", this_update=NOW + 2 * DAY, next_update=NOW + 3 * DAY))
    assert stage.service.settle(stage.der, seconds=5, fresh=True).verdict == "revoked"
    stage.service.close()

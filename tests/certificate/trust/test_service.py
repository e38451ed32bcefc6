"""What is known comes at once, what must be asked comes later: with a real responder on the loopback interface."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.certificate import pki
from tests.certificate.pki import DAY, NOW, Word
from tests.certificate.responder import Responder, responding
from tests.core.net import free_port
from xieka.certificate.revocation.asking import Asking
from xieka.certificate.revocation.cache import Cache
from xieka.certificate.revocation.models import SKEW, Answer, Standing, Status
from xieka.certificate.trust import memory
from xieka.certificate.trust.memory import RETRY_SECONDS
from xieka.certificate.trust.models import TrustView
from xieka.certificate.trust.parsed import parse
from xieka.certificate.trust.path import Store
from xieka.certificate.trust.service import TrustService
from xieka.core import http_errors, route
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings


class FixedClock:
    def __init__(self) -> None:
        self.shift = timedelta()

    def now(self) -> datetime:
        return NOW + self.shift

    def monotonic(self) -> float:
        return 1000 + self.shift.total_seconds()


class Stage:
    """A responder, an authority that names it, a holder, and the service as the app builds it."""

    def __init__(self, kind: str, server: Responder, folder: Path) -> None:
        self.server = server
        self.clock = FixedClock()
        self.bus = EventBus()
        self.http = Http(lambda: ProxySettings("none"))
        self.root = pki.root(kind)
        self.issuer = pki.issuing(self.root)
        self.folder = folder
        self.local = {server.place}
        self.der = self.holder()
        self.known = (self.issuer.certificate,)
        self.ahead: timedelta | None = None
        self.wanted = True
        self.told: list[TrustView] = []
        self.bus.on("certificate.trust", lambda data: self.told.append(TrustView.model_validate(data)))
        self.service = self.fresh_service()

    def holder(self, **changes: object) -> bytes:
        places: dict[str, object] = {"ocsp": (self.server.url("/ocsp"),), "crl": (self.server.url("/1.crl"),)}
        return pki.holder(self.issuer, **{**places, **changes})

    def fresh_service(self) -> TrustService:
        asking = Asking(self.http, Cache(self.folder), self.clock, self.local)
        store = Store((self.root.certificate,), self.known)
        ahead, wanted = lambda: self.ahead, lambda: self.wanted
        return TrustService(lambda: store, asking.standing, self.bus, self.clock, ahead, wanted)

    def says(self, word: Word | None = None, signer: pki.Authority | None = None) -> None:
        self.server.answers["/ocsp"] = lambda nonce: pki.answer(
            word or Word(), self.der, self.issuer, signer, nonce=nonce
        )

    def lists(self, *words: tuple[int, Word], **how: object) -> None:
        self.server.answers["/1.crl"] = lambda _: pki.revocation_list(dict(words), self.issuer, **how)  # type: ignore[arg-type]

    def delegates(self, *words: tuple[int, Word], by: pki.Authority | None = None) -> None:
        """The list that a delegate names."""
        data = pki.revocation_list(dict(words), by or self.issuer, named=self.issuer.subject)
        self.server.answers["/d.crl"] = lambda _: data

    def settle(self) -> TrustView:
        return self.service.settle(self.der, seconds=20)


def no_ukey(stage: Stage) -> None:
    stage.wanted = False


def run_out(stage: Stage) -> None:
    stage.clock.shift = 2 * DAY


@pytest.fixture
def server() -> Iterator[Responder]:
    with responding() as started:
        yield started


@pytest.fixture(params=pki.KINDS)
def stage(request: pytest.FixtureRequest, server: Responder, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(request.param, server, tmp_path / "revocation")
    yield made
    made.service.close()
    made.http.close()


def row(view: TrustView, name: str) -> tuple[str, str | None]:
    (found,) = (check for check in view.checks if check.name == name and check.certificate in (0, None))
    return found.result, found.source


def good(stage: Stage) -> None:
    stage.says()


def good_by_list(stage: Stage) -> None:
    stage.lists()


def revoked(stage: Stage) -> None:
    stage.says(Word("revoked"))


def revoked_by_list(stage: Stage) -> None:
    stage.lists((0x1234567890, Word()))


def held(stage: Stage) -> None:
    stage.says(Word("revoked", reason="certificate_hold"))


def unknown(stage: Stage) -> None:
    stage.says(Word("unknown"))


def stale(stage: Stage) -> None:
    stage.says(Word(this_update=NOW - 9 * DAY, next_update=NOW - DAY))


def future(stage: Stage) -> None:
    stage.says(Word(this_update=NOW + DAY, next_update=NOW + 2 * DAY))


def wrong_signer(stage: Stage) -> None:
    stage.says(signer=pki.Authority(pki.Key(stage.issuer.key.kind, 88), stage.issuer.subject))


def garbage(stage: Stage) -> None:
    stage.server.answers["/ocsp"] = lambda _: b"not an answer"


def demanding(stage: Stage) -> None:
    stage.server.answers["/ocsp"] = lambda nonce: pki.answer(
        Word(), stage.der, stage.issuer, nonce=nonce, demands={"single": "1.2.3"}
    )


def unreachable(stage: Stage) -> None:
    place = f"127.0.0.1:{free_port()}"
    stage.local.add(place)
    stage.service = stage.fresh_service()
    stage.der = stage.holder(ocsp=(f"http://{place}/ocsp",), crl=())


def private_place(stage: Stage) -> None:
    """An address of this computer that nobody has named is not asked."""
    stage.local.clear()
    stage.service = stage.fresh_service()
    stage.says()


def no_source(stage: Stage) -> None:
    stage.der = stage.holder(ocsp=(), crl=("ldap://ldap.example.com/cn=1",))


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


def test_a_list_where_the_responder_fails(stage: Stage) -> None:
    for prepare in (unknown, stale, wrong_signer, garbage):
        prepare(stage)
        stage.lists((0x1234567890, Word()))
        stage.service = stage.fresh_service()
        view = stage.service.settle(stage.der, seconds=20, fresh=True)
        assert (view.verdict, view.revocation.method) == ("revoked", "crl")
        assert row(view, "revocation")[1] == stage.server.url("/1.crl")


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


def test_offline_and_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
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
    stage.bus.publish("network", {"online": False})
    assert asked == []
    stage.bus.publish("network", {"online": True})
    assert stage.settle().verdict == "unreachable"
    assert asked


def _no_name(*_: object, **__: object) -> object:
    import socket

    raise socket.gaierror(-3, "Temporary failure in name resolution")


def test_addresses_of_strangers_are_not_asked(stage: Stage) -> None:
    """Only authorities that are trusted, and only for what could still be good, name an address that is asked."""
    stage.says()
    stranger = pki.issuing(pki.root(stage.issuer.key.kind, 7, "别家根"), 8, "别家")
    places = {"ocsp": (stage.server.url("/ocsp"),), "crl": (stage.server.url("/1.crl"),)}
    cases = {
        "untrusted": pki.holder(stranger, **places),
        "forged": stage.der[:-20] + bytes(20),
        "expired": stage.holder(ends=NOW - DAY),
        "unsupported": stage.holder(extra=[pki.extension("1.2.3", b"\x05\x00", critical=True)]),
    }
    for verdict, der in cases.items():
        view = stage.service.settle(der, seconds=5)
        assert (view.verdict, view.level, view.checking) == (verdict, "bad", False)
    assert stage.server.asked == []


def test_a_revoked_authority(stage: Stage) -> None:
    """The list of the root revokes the issuer, while the issuer itself calls the holder good."""
    issuer = pki.issuing(stage.root, crl=(stage.server.url("/anchor.crl"),), serial=42)
    stage.issuer, stage.known = issuer, (issuer.certificate,)
    stage.der = stage.holder()
    stage.service = stage.fresh_service()
    stage.says()
    stage.server.answers["/anchor.crl"] = lambda _: pki.revocation_list({42: Word()}, stage.root)
    view = stage.settle()
    assert (view.verdict, view.level) == ("issuer_revoked", "bad")
    assert "测试 CA" in view.why


TOMORROW, LAST_WEEK = {"this_update": NOW + DAY, "next_update": NOW + 2 * DAY}, {"next_update": NOW - DAY}
CLOCKS: dict[str, tuple[dict[str, object], Word, str, str]] = {
    "expired": ({"ends": NOW - DAY}, Word(), "expired", "expired"),
    "not-yet": ({"begins": NOW + DAY}, Word(), "not_yet", "not_yet"),
    "of-tomorrow": ({}, Word(**TOMORROW), "clock", "future"),
    "stale": ({}, Word(this_update=NOW - 9 * DAY, **LAST_WEEK), "clock", "stale"),
    "expired-by-the-servers": ({"ends": NOW + DAY}, Word(), "clock", "good"),
    "good-by-both": ({"ends": NOW + 1000 * DAY}, Word(), "good", "good"),
}
"""Certificate and answer, and the verdict by a clock that is wrong by 400 days, and by a right one."""


@pytest.mark.parametrize("name", CLOCKS)
def test_a_wrong_clock_is_told(server: Responder, tmp_path: Path, name: str) -> None:
    """Beside what the dates say against a certificate, which it does not soften."""
    changes, word, wrong, right = CLOCKS[name]
    stage = Stage("sm2", server, tmp_path)
    stage.der = stage.holder(**changes)
    stage.says(word)
    stage.ahead = timedelta(days=400)
    view = stage.settle()
    assert (view.verdict, view.level) == (wrong, {"clock": "warn", "good": "ok"}.get(wrong, "bad"))
    assert ("576000" in view.why) is (wrong != "good")
    assert row(view, "clock")[0] == "failed"
    for seconds, words in ((20, "慢 20 秒"), (-2, "快 2 秒")):
        stage.ahead = timedelta(seconds=seconds)
        view = stage.settle()
        assert view.verdict == right
        assert "校准" not in view.why
        assert row(view, "clock")[0] == "passed"
        assert words in next(check.text for check in view.checks if check.name == "clock")
    stage.service.close()


def delegated(stage: Stage, listed: bool = True, word: Word | None = None) -> None:
    """Answered by a delegate that its issuer has not said to need no look, but may name a list for."""
    signer = pki.delegate(stage.issuer, serial=77, extra=[], crl=(stage.server.url("/d.crl"),) if listed else ())
    stage.server.answers["/ocsp"] = lambda nonce: pki.answer(
        word or Word(), stage.der, stage.issuer, signer, nonce=nonce, certificates=[signer.der]
    )


BAD = Word("revoked")
DELEGATES: dict[str, tuple[Callable[[Stage], object], str]] = {
    "no-list-named": (lambda s: (delegated(s, listed=False), s.delegates()), "wrong_signer"),
    "listed": (lambda s: (delegated(s), s.delegates()), "good"),
    "taken-back": (lambda s: (delegated(s), s.delegates((77, Word()))), "wrong_signer"),
    "list-away": (lambda s: delegated(s), "wrong_signer"),
    "list-by-a-stranger": (lambda s: (delegated(s), s.delegates(by=pki.root("sm2", 7))), "wrong_signer"),
    "bad-news": (lambda s: (delegated(s, word=BAD), s.delegates()), "revoked"),
    "bad-news-and-no-list": (lambda s: delegated(s, word=BAD), "revoked"),
    "bad-news-by-one-taken-back": (lambda s: (delegated(s, word=BAD), s.delegates((77, Word()))), "wrong_signer"),
}


@pytest.mark.parametrize("name", DELEGATES)
def test_a_delegate_may_have_been_taken_back(server: Responder, tmp_path: Path, name: str) -> None:
    prepare, verdict = DELEGATES[name]
    stage = Stage("sm2", server, tmp_path)
    stage.der = stage.holder(crl=())
    prepare(stage)
    view = stage.settle()
    assert view.verdict == verdict
    assert any("委托" in check.text for check in view.checks) is (verdict == "wrong_signer")
    asked = len(server.asked)
    # What is kept is judged by the list that is kept.
    stage.service.close()
    stage.service = stage.fresh_service()
    assert stage.settle().verdict == verdict
    assert verdict != "good" or len(server.asked) == asked
    stage.service.close()


def test_issuers_that_name_nobody_to_ask(server: Responder, tmp_path: Path) -> None:
    """The profile's own are believed, and it is said; one that lay beside the certificate is not."""
    stage = Stage("sm2", server, tmp_path)
    stage.says()
    own = stage.settle()
    assert (own.verdict, "没有另行核实" in own.why) == ("good", True)
    asked = {check.certificate: check.result for check in own.checks if check.name == "revocation"}
    assert asked == {0: "passed", 1: "skipped", 2: "skipped"}
    stage.service.close()
    stage.known = ()
    stage.service = stage.fresh_service()
    beside = stage.service.settle(stage.der, [stage.issuer.der], seconds=20)
    assert (beside.verdict, beside.level) == ("issuer_no_source", "warn")
    assert "测试 CA" in beside.why
    assert [check.result for check in beside.checks if check.name == "revocation"] == ["passed", "open", "skipped"]
    stage.service.close()


class RunningClock(FixedClock):
    def __init__(self) -> None:
        super().__init__()
        self._since = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._since)

    def monotonic(self) -> float:
        return time.monotonic()


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


def wait(until: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(0.02)
    assert until()


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

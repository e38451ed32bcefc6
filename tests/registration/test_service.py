"""The client's registration against the real service with real practice Ukeys."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Practice
from tests.registration.conftest import DETAILS, Visitor, Window
from xieka.app import App
from xieka.contract.registration import Details
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.registration.service import IDLE_SECONDS
from xieka.ukey.sign_in import Bearer, Sign, SignIn
from xieka_demo.online import PracticeService

Start = Callable[[Window | None], App]
PIN = "123456"


def ids(app: App) -> list[str]:
    return [ukey.id for ukey in app.ukeys.state().tokens]


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(XiekaError) as error:
        action()
    return error.value.code


def test_sent_once_remembered_and_taken_back(start: Start) -> None:
    """REQ-024, REQ-025, REQ-027, and seeing, correcting and deleting (PIPL Art. 45–47)."""
    window = Window()
    app = start(window)
    one, two = ids(app)
    registration = app.pages().registration
    told: list[object] = []
    app.bus.on("registration", told.append)
    assert registration.open(one) == "window"
    page = window.pages[0]
    assert app.service.url is not None
    assert page.origin == app.service.url
    assert page.address.startswith(f"{page.origin}/register#")
    visitor = Visitor(page.address)
    assert visitor.subject == app.ukeys.get(one).holder
    visitor.submit()
    assert registration.state(one).asked is None, "only the window knows how it ended"
    window.ended("submitted")
    assert told == [{"token": one}]
    again = start(Window()).pages().registration
    assert again.state(one).asked == "submitted"
    assert again.state(two).asked is None

    assert refused(lambda: registration.records(one)) == "E-REG-03"
    assert registration.sign_in(one, Secret(PIN)).state == "unknown", "SoftHSM gives no count"
    assert registration.state(one).signed_in
    assert refused(lambda: registration.records(two)) == "E-REG-03", "one Ukey's session is not another's"
    (record,) = registration.records(one).items
    assert (record.contact, record.phone, record.email, record.purposes) == (
        "王会计", "13800000000", None, ("information",)
    )  # fmt: skip
    changed = Details(contact="李会计", phone="021-62510000", email="li@example.com", purposes=("survey", "statistics"))
    corrected = registration.correct(one, record.id, changed)
    assert corrected.corrected_at is not None
    assert registration.records(one).items == (corrected,)
    assert (corrected.contact, set(corrected.purposes)) == ("李会计", {"survey", "statistics"})
    assert refused(lambda: registration.correct(one, uuid4(), changed)) == "E-REG-05"
    registration.delete(one, record.id)
    registration.delete(one, record.id)
    assert registration.records(one).items == ()
    assert registration.state(one).asked == "deleted"
    registration.sign_out(one)
    assert refused(lambda: registration.records(one)) == "E-REG-03"


def test_skipped_and_not_asked_again(start: Start) -> None:
    """REQ-026, D-33."""
    window = Window()
    app = start(window)
    registration = app.pages().registration
    registration.open(ids(app)[0])
    window.ended("left")
    assert start(Window()).pages().registration.state(ids(app)[0]).asked == "left"
    registration.sign_in(ids(app)[0], Secret(PIN))
    assert registration.records(ids(app)[0]).items == ()


def test_what_was_sent_stands_whatever_becomes_of_a_later_look(start: Start) -> None:
    window = Window()
    app = start(window)
    registration = app.pages().registration
    one = ids(app)[0]
    registration.open(one)
    window.ended("submitted")
    registration.open(one)
    window.ended("left")
    assert registration.state(one).asked == "submitted"


def test_an_open_window_comes_to_the_front_and_the_service_is_not_asked(start: Start, service: PracticeService) -> None:
    window = Window(is_open=True)
    app = start(window)
    service.stop()
    assert refused(lambda: app.pages().registration.open(ids(app)[0])) == "E-REG-04"


def test_offered_only_while_it_is_welcome(start: Start) -> None:
    window = Window(welcome=False)
    app = start(window)
    registration = app.pages().registration
    one = ids(app)[0]
    assert not registration.offer(one)
    assert (window.pages, registration.state(one).asked) == ([], None)
    window.welcome = True
    assert registration.offer(one)
    assert len(window.pages) == 1


def test_a_session_that_nobody_uses_or_that_the_service_has_ended_is_forgotten(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = start(Window())
    registration = app.pages().registration
    one = ids(app)[0]
    registration.sign_in(one, Secret(PIN))
    bearer = registration._sessions[one][0]
    # A computer whose clock is hours ahead: only the service says when a session ends.
    monkeypatch.setattr(app.clock, "now", lambda: datetime.now(UTC) + timedelta(hours=8))
    assert registration.records(one).items == ()
    registration._sign_in.close(bearer)
    assert refused(lambda: registration.records(one)) == "E-REG-03"
    assert not registration.state(one).signed_in
    registration.sign_in(one, Secret(PIN))
    later = app.clock.monotonic() + IDLE_SECONDS + 1
    monkeypatch.setattr(app.clock, "monotonic", lambda: later)
    assert not registration.state(one).signed_in


def test_a_ukey_pulled_on_the_way_leaves_no_session(
    start: Start, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = start(Window())
    registration = app.pages().registration
    one = ids(app)[0]
    opened = SignIn.open

    def slow(self: SignIn, certificate: bytes, sign: Sign) -> Bearer:
        bearer = opened(self, certificate, sign)
        practice.demo.unplug(1)
        eventually(lambda: one not in ids(app))
        return bearer

    monkeypatch.setattr(SignIn, "open", slow)
    assert refused(lambda: registration.sign_in(one, Secret(PIN))) == "E-TOK-06"
    practice.demo.plug(1)
    eventually(lambda: one in ids(app))
    assert not registration.state(one).signed_in


def test_in_the_browser_where_there_is_no_window_or_it_is_preferred(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("xieka.content.browser.open_in_browser", lambda url, _: bool(opened.append(url)) or True)
    app = start(None)
    one, two = ids(app)
    assert app.pages().registration.open(one) == "browser"
    Visitor(opened[0]).submit()
    assert app.pages().registration.state(one).asked == "browser", "what happened there is not known here"
    app.pages().registration.sign_in(one, Secret(PIN))
    assert len(app.pages().registration.records(one).items) == 1
    assert app.pages().registration.state(one).asked == "submitted"

    window = Window()
    app = start(window)
    app.pages().registration.open(two)
    window.browse()
    assert opened[1].partition("#")[2] != window.pages[0].address.partition("#")[2]
    assert app.pages().registration.state(two).asked == "browser"


def test_a_pulled_ukey_is_signed_out(start: Start, practice: Practice, service: PracticeService) -> None:
    app = start(Window())
    registration = app.pages().registration
    one = ids(app)[0]
    registration.sign_in(one, Secret(PIN))
    bearer = registration._sessions[one][0].token
    practice.demo.unplug(1)
    eventually(lambda: one not in ids(app))
    assert refused(lambda: registration.records(one)) == "E-REG-03"

    def over() -> bool:
        answer = httpx.get(f"{service.url}/v1/auth/session", headers={"Authorization": f"Bearer {bearer}"})
        return answer.status_code == 401

    eventually(over)
    practice.demo.plug(1)
    eventually(lambda: one in ids(app))
    assert refused(lambda: registration.records(one)) == "E-REG-03"


def test_without_the_service_nothing_is_remembered(start: Start, service: PracticeService) -> None:
    service.stop()
    window = Window()
    app = start(window)
    registration = app.pages().registration
    one = ids(app)[0]
    for action in (lambda: registration.open(one), lambda: registration.sign_in(one, Secret(PIN))):
        assert refused(action).startswith("E-NET-")
    assert window.pages == []
    assert registration.state(one).asked is None
    assert registration.state(one).available


def test_a_wrong_pin_is_told_and_opens_nothing(start: Start) -> None:
    app = start(Window())
    registration = app.pages().registration
    one = ids(app)[0]
    assert refused(lambda: registration.sign_in(one, Secret("654321"))).startswith("E-PIN-01")
    assert not registration.state(one).signed_in
    assert refused(lambda: registration.sign_in(one, Secret("654321"))) == "E-PIN-04", "not presented again"


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_details_of_the_tests_are_ones_the_contract_takes() -> None:
    assert Details.model_validate(DETAILS).purposes == ("information",)

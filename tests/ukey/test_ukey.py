"""Ukey 管理 over the real practice Ukeys (SoftHSM through its PKCS#11 module)."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Practice
from xieka.app import App, start_tokens
from xieka.certificate.models import Role
from xieka.certificate.service import detail
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.secret import Secret
from xieka.token.models import TokenList
from xieka.ukey import views

ONE, TWO = "上海沪申示例贸易有限公司", "上海浦江示例科技有限公司"


def start(practice: Practice) -> App:
    bus = EventBus()
    return App(practice.folders, bus, start_tokens(practice.folders, bus), {})


@pytest.fixture
def app(practice: Practice) -> Iterator[App]:
    app = start(practice)
    assert app.tokens.wait_first(20)
    yield app
    app.close()


def wait(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ids(app: App) -> dict[str, str]:
    return {ukey.holder: ukey.id for ukey in app.ukeys.state().tokens}


def test_both_practice_ukeys_with_their_certificates_and_the_seal(app: App) -> None:
    state = app.ukeys.state()
    assert not state.reading
    assert state.problems == []
    by_holder = {ukey.holder: ukey for ukey in state.tokens}
    assert set(by_holder) == {ONE, TWO}
    for ukey in state.tokens:
        assert ukey.practice
        assert {entry.role for entry in ukey.certificates} == {Role.SIGNING, Role.ENCRYPTION}
    assert by_holder[ONE].certificates[0].summary is not None
    assert by_holder[ONE].certificates[0].summary.kind == "legacy"
    assert by_holder[TWO].certificates[0].summary is not None
    assert by_holder[TWO].certificates[0].summary.kind == "yizhengtong"
    names = [seal.summary.name for seal in by_holder[ONE].seals if seal.summary]
    assert names == [f"{ONE}{seal}" for seal in ("合同专用章", "法定代表人章", "财务专用章")]
    assert by_holder[TWO].seals == []
    # Whatever order the module lists them in: their numbers stay.
    token = app.tokens.get(by_holder[ONE].id)
    turned = dataclasses.replace(token, data=tuple(reversed(token.data)))
    assert views.seal_values(turned) == views.seal_values(token)


def test_the_first_practice_ukey_is_managed_first(app: App) -> None:
    state = app.ukeys.state()
    assert state.current == ids(app)[ONE]


def test_choosing_and_remembering(app: App, practice: Practice) -> None:
    two = ids(app)[TWO]
    assert app.ukeys.select(two).current == two
    assert app.settings.value.preferred_token is None
    assert app.ukeys.select(two, remember=True).remembered == two
    again = start(practice)
    try:
        assert again.tokens.wait_first(20)
        assert again.ukeys.state().current == two
    finally:
        again.close()
    assert app.ukeys.select(two, remember=False).remembered is None
    with pytest.raises(XiekaError) as error:
        app.ukeys.select("softhsm:nothing")
    assert error.value.code == "E-TOK-06"


def test_pulling_the_managed_one_hands_over_to_the_other(app: App, practice: Practice) -> None:
    told: list[JsonValue] = []
    app.bus.on("ukey.removed", told.append)
    app.bus.on("ukey.inserted", told.append)
    one, two = ids(app)[ONE], ids(app)[TWO]
    app.ukeys.select(one)
    practice.demo.unplug(1)
    wait(lambda: app.ukeys.state().current == two)
    practice.demo.plug(1)
    wait(lambda: len(app.ukeys.state().tokens) == 2)
    # D-12: what the user chose is managed again when it comes back; order is by insertion.
    wait(lambda: app.ukeys.state().current == one)
    assert [ukey.id for ukey in app.ukeys.state().tokens] == [two, one]
    wait(lambda: len(told) == 2)
    assert told == [{"id": one, "holder": ONE}, {"id": one, "holder": ONE}]


def test_without_a_ukey_nothing_stale_is_left(app: App, practice: Practice) -> None:
    practice.demo.unplug(1)
    practice.demo.unplug(2)
    wait(lambda: app.ukeys.state().tokens == [])
    assert app.ukeys.state().current is None


def test_export_equals_the_tokens_bytes(app: App, tmp_path: Path) -> None:
    token = app.tokens.get(ids(app)[ONE])
    for role in Role:
        name, der = app.ukeys.certificate_file(token.id, role)
        path = tmp_path / name
        app.ukeys.export_certificate(token.id, role, path)
        assert path.read_bytes() == der
        assert der in {item.der for item in token.certificates}
        assert name.endswith(".cer")
        assert ("签名" if role is Role.SIGNING else "加密") in name


def test_the_practice_seal_verifies_but_for_what_nobody_has_looked_at(app: App) -> None:
    found = app.ukeys.check_seal(ids(app)[ONE], 0)
    open_steps = {step.name: step.state for step in found.steps if step.state != "ok"}
    assert open_steps == {"maker_revocation": "unchecked"}
    assert found.verdict == "partial"
    detail = app.ukeys.seal(ids(app)[ONE], 0)
    # Why nothing is known of the revocation may have changed meanwhile.
    assert {step.name: step.state for step in detail.verification.steps if step.state != "ok"} == open_steps


def test_the_seal_picture_is_a_png(app: App) -> None:
    picture = app.ukeys.seal_picture(ids(app)[ONE], 0)
    assert picture.png.startswith(b"\x89PNG")
    assert picture.width == picture.height > 300
    for token, number in ((ids(app)[ONE], 3), (ids(app)[ONE], -1), (ids(app)[TWO], 0)):
        with pytest.raises(XiekaError) as error:
            app.ukeys.seal_picture(token, number)
        assert error.value.code == "E-SEA-02"


def test_verifying_tells_the_desktop_that_it_is_busy(app: App) -> None:
    told: list[JsonValue] = []
    app.bus.on("busy", told.append)
    app.ukeys.verify_pin(ids(app)[ONE], Secret("123456"))
    with pytest.raises(XiekaError):
        app.ukeys.verify_pin(ids(app)[ONE], Secret("wrong-one"))
    assert told == [{"on": True}, {"on": False}] * 2


def test_an_older_state_is_never_told_after_a_newer_one(
    app: App, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    app.bus.on("ukeys", lambda data: told.append(len(data["tokens"])))  # type: ignore[index,arg-type,call-overload]
    read, go = threading.Event(), threading.Event()
    real = app.tokens.tokens

    def slow() -> TokenList:
        known = real()
        if not read.is_set():
            read.set()
            go.wait(10)
        return known

    monkeypatch.setattr(app.tokens, "tokens", slow)
    slower = threading.Thread(target=app.ukeys.publish)
    slower.start()
    assert read.wait(5)
    practice.demo.unplug(2)
    wait(lambda: len(real().tokens) == 1)
    time.sleep(0.3)
    go.set()
    slower.join(5)
    wait(lambda: len(told) > 1)
    assert told[-1] == 1


def test_busy_is_told_in_the_order_it_is_counted(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[JsonValue] = []
    app.bus.on("busy", told.append)
    ending, go = threading.Event(), threading.Event()
    real = app.bus.publish

    def slow(topic: str, data: JsonValue = None) -> int:
        if data == {"on": False} and not ending.is_set():
            ending.set()
            go.wait(10)
        return real(topic, data)

    monkeypatch.setattr(app.bus, "publish", slow)
    one = ids(app)[ONE]
    first = threading.Thread(target=lambda: app.ukeys.verify_pin(one, Secret("123456")))
    first.start()
    assert ending.wait(5)
    second = threading.Thread(target=lambda: app.ukeys.verify_pin(one, Secret("123456")))
    second.start()
    time.sleep(0.5)
    go.set()
    first.join(5)
    second.join(5)
    assert told == [{"on": True}, {"on": False}] * 2


def test_refresh_reads_everything_anew(app: App, practice: Practice) -> None:
    practice.demo.unplug(2)
    app.refresh()
    assert set(ids(app)) == {ONE}


def test_a_wrong_manifest_of_the_users_is_shown_and_costs_nothing_else(practice: Practice) -> None:
    folder = practice.folders.config / "drivers" / "mine"
    folder.mkdir(parents=True)
    (folder / "driver.toml").write_text("id = 7", encoding="utf-8")
    app = start(practice)
    try:
        assert app.tokens.wait_first(20)
        assert [problem.error.code for problem in app.ukeys.state().problems] == ["E-MOD-05"]
        assert len(app.ukeys.state().tokens) == 2
    finally:
        app.close()


def test_certificates_issued_anew_show_without_replugging(app: App, practice: Practice) -> None:
    practice.demo.set_validity(2, 20)

    def days() -> list[int]:
        two = [ukey for ukey in app.ukeys.state().tokens if ukey.holder == TWO]
        return [entry.summary.days_left for ukey in two for entry in ukey.certificates if entry.summary]

    wait(lambda: days() == [20, 20])


def test_of_two_signing_certificates_the_longest_is_shown_and_exported(app: App) -> None:
    token = app.tokens.get(ids(app)[TWO])
    other = app.tokens.get(ids(app)[ONE])
    both = dataclasses.replace(token, certificates=(*token.certificates, *other.certificates))
    now = app.clock.now()
    shown = views.view(both, now).certificates[0]
    assert shown.summary is not None
    assert shown.role is Role.SIGNING
    assert (shown.summary.subject, views.view(both, now).holder) == (ONE, ONE)
    exported = views.certificate_der(both, Role.SIGNING, now)
    assert detail(exported, now).serial == shown.summary.serial

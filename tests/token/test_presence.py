"""Plugging and unplugging: order, events, what is read, and how soon."""

from __future__ import annotations

import secrets
import threading
import time
from pathlib import Path
from typing import Any, Final

import pytest

from tests.token.conftest import Start, until
from tests.tokens.shim import Shim
from tests.tokens.softhsm import PIN, Object, SoftHsm
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token import ckr, reading
from xieka.token.protocol import Contents, TokenInfo
from xieka.token.registry import Registry

INFO: Final[TokenInfo] = {
    "ref": "1",
    "slot": 0,
    "serial": "1",
    "label": "label",
    "manufacturer": "maker",
    "model": "model",
    "flags": ckr.FLAG_TOKEN_INITIALIZED | ckr.FLAG_USER_PIN_INITIALIZED,
}


def test_present_at_the_start_is_not_inserted(hsm: SoftHsm, start: Start) -> None:
    running = start(hsm.driver())
    assert running.plugs() == []
    assert ("token.list", {}) in running.events
    listed = running.service.tokens()
    assert not listed.reading
    token = running.token()
    assert [item.label for item in token.data] == ["合同专用章"]
    assert token.data[0].value == b"seal bytes"
    assert [(item.label, item.object_id) for item in token.certificates] == [("签名证书", "01"), ("加密证书", "02")]


def test_large_object_is_read_whole(tmp_path: Path, start: Start) -> None:
    """Larger than what is offered in the first call."""
    hsm = SoftHsm(tmp_path / "large")
    value = secrets.token_bytes(100_000)
    hsm.make("large", "large", data=[Object(f"seal {n}", value[n:]) for n in (2, 0, 1)])
    token = start(hsm.driver()).token("large")
    assert [item.label for item in token.data] == ["seal 0", "seal 1", "seal 2"]
    assert [item.value for item in token.data] == [value, value[1:], value[2:]]


def test_unplug_and_plug(hsm: SoftHsm, start: Start) -> None:
    running = start(hsm.driver())
    hsm.unplug("one")
    until(lambda: running.labels() == ["second"])
    hsm.plug("one")
    until(lambda: running.labels() == ["second", "沪申示例"])
    until(lambda: running.plugs() == [("token.removed", "沪申示例"), ("token.inserted", "沪申示例")])
    assert running.token().certificates


def test_order_is_the_order_of_insertion(hsm: SoftHsm, start: Start) -> None:
    hsm.unplug("one")
    hsm.unplug("two")
    running = start(hsm.driver())
    assert running.labels() == []
    for order in (("two", "one"), ("one", "two")):
        for name in order:
            hsm.plug(name)
            until(lambda n=name: running.labels()[-1:] == [{"one": "沪申示例", "two": "second"}[n]])
        assert running.labels() == [{"one": "沪申示例", "two": "second"}[name] for name in order]
        for name in order:
            hsm.unplug(name)
        until(lambda: running.labels() == [])


def test_folder_watch_is_quick(hsm: SoftHsm, start: Start) -> None:
    hsm.unplug("one")
    running = start(hsm.driver())
    worst = 0.0
    for _ in range(3):
        for action, count in ((hsm.plug, 2), (hsm.unplug, 1)):
            began = time.monotonic()
            action("one")
            until(lambda n=count: len(running.labels()) == n, 1.0)
            worst = max(worst, time.monotonic() - began)
    assert worst < 0.5


def test_polling_alone_finds_it(shim: Shim, start: Start) -> None:
    """A library that shows changes by itself, without a folder or a hint."""
    running = start(shim.driver(relist="list", watch=None))
    shim.control(f"present.{shim.hsm.serials['one']}=0")
    until(lambda: running.labels() == ["second"], 2.0)
    shim.control()
    until(lambda: running.labels() == ["second", "沪申示例"], 2.0)


def test_known_tokens_are_not_read_again(shim: Shim, start: Start) -> None:
    running = start(shim.driver(watch=None))
    shim.hsm.unplug("one")
    until(lambda: running.labels() == ["second"])
    shim.forget_calls()
    shim.hsm.plug("one")
    until(lambda: len(running.labels()) == 2)
    assert len(shim.calls("C_OpenSession")) == 1
    shim.forget_calls()
    running.service.refresh()
    assert len(shim.calls("C_OpenSession")) == 2


def test_hint_looks_at_once(shim: Shim, start: Start) -> None:
    running = start(shim.driver(watch=None))
    shim.hsm.unplug("one")
    began = time.monotonic()
    running.service.hint(arrived=False)
    until(lambda: running.labels() == ["second"])
    assert time.monotonic() - began < 0.5


def test_hint_restarts_a_library_that_does_not_see_the_token(shim: Shim, start: Start) -> None:
    """`staleslots`: the slot list stands still until the library is initialised anew."""
    shim.control("staleslots=1", f"present.{shim.hsm.serials['one']}=0")
    running = start(shim.driver(relist="list", watch=None))
    assert running.labels() == ["second"]
    shim.control("staleslots=1")
    time.sleep(1.2)
    assert running.labels() == ["second"], "polling cannot see it"
    worker = running.worker_pid()
    running.service.hint()
    until(lambda: running.labels() == ["second", "沪申示例"], 3.0)
    assert running.worker_pid() != worker
    assert running.driver_states() == [], "a deliberate restart is no crash"
    assert running.plugs() == [("token.inserted", "沪申示例")]


def test_hint_without_arrival_restarts_nothing(shim: Shim, start: Start) -> None:
    running = start(shim.driver(relist="list", watch=None))
    worker = running.worker_pid()
    running.service.hint(arrived=False)
    time.sleep(1.3)
    assert running.worker_pid() == worker


def test_two_drivers(hsm: SoftHsm, shim: Shim, start: Start) -> None:
    """A token of the second driver comes before a later one of the first."""
    hsm.unplug("one")
    running = start(hsm.driver(id="a"), hsm.driver(id="b", watch=None))
    ids = [token.id for token in running.service.tokens().tokens]
    assert [token_id.split(":")[0] for token_id in ids] == ["a", "b"]
    hsm.plug("one")
    until(lambda: len(running.labels()) == 4, 7.0)
    assert [token.driver for token in running.service.tokens().tokens] == ["a", "b", "a", "b"]


def test_reading_is_told_during_a_refresh(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    seen: list[bool] = []
    running.bus.on("token.list", lambda _: seen.append(running.service.tokens().reading))
    running.service.refresh()
    assert seen == [True, False]


def test_no_drivers_at_all(start: Start) -> None:
    running = start()
    assert running.service.refresh().tokens == ()
    assert not running.service.tokens().reading


def test_older_listing_does_not_hide_a_wrong_pin(shim: Shim, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read before a login, taken over after it: the count that the login has left must stand."""
    shim.control("max=6")
    shim.set_tries("one", 2)
    running = start(shim.driver())
    token = running.token().id
    take_over, listed, go = Registry.update, threading.Event(), threading.Event()

    def late(*arguments: Any) -> bool | None:
        listed.set()
        assert go.wait(5)
        return take_over(*arguments)

    monkeypatch.setattr(Registry, "update", late)
    running.service.hint()
    assert listed.wait(5)
    with pytest.raises(XiekaError):
        running.service.verify_pin(token, Secret("000000"))
    assert running.service.get(token).pin.state == "final"
    states: list[str] = []
    running.bus.on("token.list", lambda _: states.append(running.service.get(token).pin.state))
    go.set()
    running.service.refresh()
    assert running.service.get(token).pin.state == "final"
    assert set(states) <= {"final"}


def test_older_state_of_a_pin_does_not_hide_a_listing(shim: Shim, start: Start) -> None:
    running = start(shim.driver())
    token = running.token()
    registry = running.service._registry
    shim.control("max=6")
    shim.set_tries("one", 1)
    running.service.refresh()
    registry.renew("softhsm", 1, {**INFO, "ref": token.ref})
    assert running.service.get(token.id).pin.state == "final"


def test_texts_of_tokens_are_made_safe(hsm: SoftHsm) -> None:
    """No direction-changing, control or invisible character reaches a page or a terminal; the worker's name stays."""
    nasty = "a\u202eb\x1b[2Jc\u200b"
    info: TokenInfo = {**INFO, **dict.fromkeys(("ref", "serial", "label", "manufacturer", "model"), nasty)}
    contents: Contents = {
        "certificates": [{"der": "", "label": nasty, "id": "01"}],
        "data": [{"label": nasty, "application": nasty, "value": ""}],
    }
    token = reading.token(hsm.driver(), info, contents)
    assert token.ref == nasty
    safe = "a\ufffdb\ufffd[2Jc\ufffd"
    assert token.id == f"softhsm:{safe}"
    assert {token.serial, token.label, token.manufacturer, token.model} == {safe}
    assert {token.certificates[0].label, token.data[0].label, token.data[0].application} == {safe}
    assert reading.renewed(token, hsm.driver(), info) is token


def test_token_with_an_unsafe_serial_still_takes_its_pin(shim: Shim, start: Start) -> None:
    shim.control(f"serial.{shim.hsm.serials['one']}=AB\x1b[31mC")
    running = start(shim.driver())
    assert running.token().id == "softhsm:AB\ufffd[31mC"
    assert running.service.verify_pin(running.token().id, Secret(PIN)).state == "normal"

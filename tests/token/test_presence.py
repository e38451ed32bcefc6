"""Plugging and unplugging: order, events, what is read, and how soon."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from tests.token.conftest import Start, until
from tests.tokens.shim import Shim
from tests.tokens.softhsm import Object, SoftHsm


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

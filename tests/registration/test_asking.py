"""When the page opens by itself: by a table of situations, each changed in one thing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.registration import asking
from xieka.registration.asking import Asking

A, B = "d:1", "d:2"


class Clock(SystemClock):
    ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


@dataclass
class World:
    """What Asking sees of registration, the desktop and the Ukeys."""

    bus: EventBus = field(default_factory=EventBus)
    present: list[str] = field(default_factory=lambda: [A])
    current: str | None = A
    wanted: bool = True
    welcome: bool = True
    without_certificate: set[str] = field(default_factory=set)
    remembered: set[str] = field(default_factory=set)
    failure: str | None = None
    typed_meanwhile: bool = False
    opened: list[str] = field(default_factory=list)
    looked: threading.Event = field(default_factory=threading.Event)

    def ukeys(self) -> Any:
        self.looked.set()
        return SimpleNamespace(current=self.current, tokens=[SimpleNamespace(id=one) for one in self.present])

    def fingerprint(self, token: str) -> str | None:
        if token not in self.present:
            raise XiekaError("E-TOK-06")
        return None if token in self.without_certificate else token

    def asked(self, fingerprint: str) -> bool:
        return fingerprint in self.remembered

    def offer(self, token: str) -> bool:
        self.opened.append(token)
        if self.failure is not None:
            raise XiekaError(self.failure, detail="")
        if self.typed_meanwhile:
            return False
        self.welcome = False
        return True

    def online(self, now: bool = True) -> None:
        self.bus.publish("network", {"online": now})

    def ended(self, token: str) -> None:
        self.remembered.add(token)
        self.welcome = True
        self.bus.publish("registration", {"token": token})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[World]:
    monkeypatch.setattr(asking, "SETTLE_SECONDS", 0.05)
    world = World()
    it = cast("Any", world)
    asks = Asking(lambda: it, it, it.ukeys, lambda: world.wanted, world.bus, clock)
    asks.start()
    yield world
    asks.close()


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def settled() -> None:
    time.sleep(0.25)


def test_a_new_certificate_is_asked_about_once(world: World) -> None:
    world.online()
    eventually(lambda: world.opened == [A])
    world.ended(A)
    for topic in ("ukeys", "shown", "modal", "busy"):
        world.bus.publish(topic, {})
    settled()
    assert world.opened == [A]


SILENT: dict[str, Callable[[World], object]] = {
    "no Ukey": lambda w: w.present.clear(),
    "asked before, also on another day": lambda w: w.remembered.add(A),
    "no signing certificate": lambda w: w.without_certificate.add(A),
    "switched off": lambda w: setattr(w, "wanted", False),
    "the window is hidden, a dialog is open": lambda w: setattr(w, "welcome", False),
}


@pytest.mark.parametrize("name", SILENT)
def test_silent_when(world: World, name: str) -> None:
    SILENT[name](world)
    world.online()
    # It has looked, where looking goes that far, and held back.
    if name != "switched off":
        assert world.looked.wait(5)
    settled()
    assert world.opened == []


def test_silent_offline_and_asked_when_the_service_is_back(world: World) -> None:
    world.online(False)
    world.bus.publish("ukeys", {})
    settled()
    assert world.opened == []
    world.online()
    eventually(lambda: world.opened == [A])


def test_what_could_not_be_asked_is_asked_when_it_can(world: World) -> None:
    world.welcome = False
    world.online()
    settled()
    world.welcome = True
    world.bus.publish("shown", None)
    eventually(lambda: world.opened == [A])


def test_what_was_not_welcome_at_the_last_moment_is_offered_again(world: World) -> None:
    world.typed_meanwhile = True
    world.online()
    eventually(lambda: world.opened == [A])
    world.typed_meanwhile = False
    world.bus.publish("modal", {"open": False, "typing": False})
    eventually(lambda: world.opened == [A, A])
    assert not world.welcome


def test_the_managed_ukey_first_then_the_other(world: World) -> None:
    world.present, world.current = [A, B], B
    world.online()
    eventually(lambda: world.opened == [B])
    settled()
    assert world.opened == [B], "one at a time"
    world.ended(B)
    eventually(lambda: world.opened == [B, A])


def test_another_ukey_is_asked_about_when_it_is_plugged_in(world: World) -> None:
    """REQ-027."""
    world.remembered.add(A)
    world.online()
    settled()
    world.present.append(B)
    world.bus.publish("ukeys", {})
    eventually(lambda: world.opened == [B])


def test_a_failed_request_waits_its_minute_or_for_the_network(world: World, clock: Clock) -> None:
    world.failure = "E-NET-03"
    world.online()
    eventually(lambda: world.opened == [A])
    for _ in range(3):
        world.bus.publish("ukeys", {})
        settled()
    assert world.opened == [A], "not at every happening"
    clock.ahead = asking.RETRY_SECONDS
    world.bus.publish("ukeys", {})
    eventually(lambda: world.opened == [A, A])
    world.online(False)
    world.online()
    eventually(lambda: world.opened == [A, A, A])


def test_a_certificate_the_service_does_not_take_is_not_asked_about_again(world: World) -> None:
    world.present, world.failure = [A, B], "E-AUT-02"
    world.online()
    eventually(lambda: world.opened == [A, B])
    world.bus.publish("ukeys", {})
    settled()
    assert world.opened == [A, B]

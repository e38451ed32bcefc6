from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.core.net import Server, free_port, reply, running
from tests.namespace import namespace
from xieka.content import online
from xieka.content.network_events import NetlinkEvents
from xieka.content.online import DOUBT_SECONDS, OFFLINE_SECONDS, ONLINE_SECONDS, OnlineWatch, Verdict, service_probe
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings

PATH = "/v1/health/live"
OK = reply(b'{"status":"ok"}')


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


class Quiet:
    """No events of this computer's network during a test."""

    def start(self, on_change: Callable[[], None]) -> bool:
        return True

    def close(self) -> None: ...


def answers(*results: bool) -> Callable[[], None]:
    waiting = iter(results)

    def probe() -> None:
        if not next(waiting):
            raise XiekaError("E-NET-03")

    return probe


def watch(probe: Callable[[], None] | None, bus: EventBus | None = None, *, route: bool = True) -> OnlineWatch:
    return OnlineWatch(bus or EventBus(), Clock(), probe, route=lambda: route, events=Quiet())


@pytest.mark.parametrize(
    ("probes", "online", "pause"),
    [
        pytest.param("", False, OFFLINE_SECONDS, id="nothing known"),
        pytest.param("-", False, OFFLINE_SECONDS, id="never was"),
        pytest.param("+", True, ONLINE_SECONDS, id="one success is enough"),
        pytest.param("+-", True, DOUBT_SECONDS, id="one failure is a doubt"),
        pytest.param("+--", False, OFFLINE_SECONDS, id="two failures are not"),
        pytest.param("+-+", True, ONLINE_SECONDS, id="doubt dispelled"),
        pytest.param("+-+-", True, DOUBT_SECONDS, id="failures must follow each other"),
        pytest.param("+--+", True, ONLINE_SECONDS, id="back with one success"),
        pytest.param("+-----", False, OFFLINE_SECONDS, id="long away"),
        pytest.param("+---+-", True, DOUBT_SECONDS, id="long away, back, doubt"),
    ],
)
def test_the_hysteresis(probes: str, online: bool, pause: float) -> None:
    verdict = Verdict()
    for probe in probes:
        verdict = verdict.after(probe == "+")
    assert (verdict.online, verdict.pause()) == (online, pause)


def test_only_changes_are_published() -> None:
    bus = EventBus()
    told: list[object] = []
    bus.on("network", told.append)
    looking = watch(answers(True, True, False, False, False, True), bus)
    for _ in range(6):
        looking._look()
    assert [(one["online"], one["reason"]) for one in told] == [  # type: ignore[index]
        (True, None),
        (True, "E-NET-03"),
        (False, "E-NET-03"),
        (True, None),
    ]
    assert set(told[0]) == {"connected", "online", "checked_at", "reason"}  # type: ignore[call-overload]


def test_a_check_is_final() -> None:
    looking = watch(answers(True, False, False, False, True, False, True))
    assert looking.check().online
    assert not looking.check().online, "asked twice: no doubt is left"
    assert not looking.check().online
    assert looking.check().online
    state = looking.check()
    assert (state.online, state.reason) == (True, None)


def test_without_a_service() -> None:
    looking = watch(None)
    state = looking.check()
    assert (state.connected, state.online, state.reason) == (True, False, None)


def test_before_the_first_probe() -> None:
    looking = watch(answers(True), route=False)
    assert (looking.state().connected, looking.state().online) == (False, False)
    assert not looking.wait_first(0.01)
    looking.check()
    assert looking.wait_first(0)


def test_a_fault_in_the_probe_does_not_end_the_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "OFFLINE_SECONDS", 0.02)
    asked: list[int] = []

    def probe() -> None:
        asked.append(1)
        if len(asked) == 1:
            raise RuntimeError("bug")

    looking = watch(probe)
    looking.start()
    until(lambda: looking.state().online)
    looking.close()


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_real_service_goes_and_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: real sockets, real pauses (shortened); nobody touches anything."""
    for name, value in (("OFFLINE_SECONDS", 0.1), ("ONLINE_SECONDS", 0.2), ("DOUBT_SECONDS", 0.05)):
        monkeypatch.setattr(online, name, value)
    bus, told = EventBus(), []
    bus.on("network", lambda data: told.append(data["online"]))  # type: ignore[index,call-overload]
    port = free_port()
    http = Http(lambda: ProxySettings("none"), allow_loopback_http=True)
    looking = watch(service_probe(http, f"http://127.0.0.1:{port}/"), bus)
    looking.start()
    assert looking.wait_first(2)
    assert (looking.state().online, looking.state().reason) == (False, "E-NET-03")
    server = Server({PATH: OK}, port=port)
    until(lambda: looking.state().online)
    server.close()
    until(lambda: not looking.state().online)
    assert looking.state().reason in ("E-NET-03", "E-NET-05")
    server = Server({PATH: OK}, port=port)
    until(lambda: looking.state().online)
    looking.close()
    server.close()
    assert [one for before, one in zip([None, *told], told, strict=False) if one != before] == [
        False,
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(reply(b"<html>login", kind="text/html"), "E-NET-02", id="captive portal"),
        pytest.param(reply(b'{"status":"starting"}'), "E-NET-03", id="not ok"),
        pytest.param(reply(b"[]"), "E-NET-03", id="another JSON"),
        pytest.param(reply(b"x" * 3000), "E-NET-16", id="endless"),
    ],
)
def test_answers_that_are_no_service(answer: bytes, reason: str) -> None:
    server = Server({PATH: answer})
    http = Http(lambda: ProxySettings("none"), allow_loopback_http=True)
    with running(server):
        state = watch(service_probe(http, server.url())).check()
    assert (state.online, state.reason) == (False, reason)


def test_the_first_answer_of_a_near_service_is_quick() -> None:
    """REQ-138: the first snapshot waits 0.4 s for it; the import of the HTTP library is part of that."""
    server = Server({PATH: OK})
    with running(server):
        script = f"""
            import time
            from xieka.content.online import OnlineWatch, service_probe
            from xieka.core.clock import SystemClock
            from xieka.core.events import EventBus
            from xieka.core.http import Http
            begun = time.monotonic()
            http = Http(allow_loopback_http=True)
            watch = OnlineWatch(EventBus(), SystemClock(), service_probe(http, {server.url()!r}))
            watch.start()
            watch.wait_first(5)
            print(time.monotonic() - begun, watch.state().online)
        """
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
        )
    seconds, state = done.stdout.split()
    assert state == "True"
    assert float(seconds) < 2.0


def test_a_hint_probes_at_once() -> None:
    asked = threading.Semaphore(0)
    looking = watch(asked.release)
    looking.start()
    assert asked.acquire(timeout=2)
    looking.hint()
    assert asked.acquire(timeout=2), "long before the pause is over"
    assert not asked.acquire(timeout=0.2), "once"
    looking.close()


def test_the_threads_end_at_close() -> None:
    looking = OnlineWatch(EventBus(), Clock(), answers(*[True] * 9), events=NetlinkEvents())
    looking.start()
    assert looking.wait_first(2)
    looking.close()
    until(lambda: not any(t.name in ("network", "network-events") for t in threading.enumerate()))


def test_the_kernel_tells_of_a_new_link() -> None:
    """In a network namespace of its own, so that nothing of this computer is touched."""
    enter = namespace("net")
    script = """
        import subprocess, threading, time
        from xieka.content.network_events import NetlinkEvents
        hints = []
        events = NetlinkEvents()
        assert events.start(lambda: hints.append(time.monotonic()))
        time.sleep(0.3)
        assert not hints, "nothing has happened"
        begun = time.monotonic()
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        subprocess.run(["ip", "address", "add", "10.9.9.9/24", "dev", "lo"], check=True)
        while not hints and time.monotonic() < begun + 5:
            time.sleep(0.01)
        time.sleep(1)
        events.close()
        print(len(hints), hints[0] - begun)
    """
    done = subprocess.run(
        [*enter, sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done.stderr
    count, delay = done.stdout.split()
    assert count == "1", "a burst gives one hint"
    assert float(delay) < 2

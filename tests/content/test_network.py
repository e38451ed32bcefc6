from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from xieka.content import network
from xieka.content.network import NetworkWatch
from xieka.core.events import EventBus


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


def test_only_changes_are_published() -> None:
    answers = iter([False, False, True, True, False])
    bus = EventBus()
    told: list[object] = []
    bus.on("network", told.append)
    watch = NetworkWatch(bus, Clock(), lambda: next(answers))
    seen = [watch.check()[0] for _ in range(5)]
    assert seen == [False, False, True, True, False]
    assert [item["connected"] for item in told] == [True, False]  # type: ignore[index]


def test_state_looks_once_and_then_remembers() -> None:
    looks: list[int] = []
    watch = NetworkWatch(EventBus(), Clock(), lambda: bool(looks.append(1)) or True)
    assert watch.state()[0] is True
    assert watch.state()[0] is True
    assert len(looks) == 1


def test_no_route_over_either_family_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def __init__(self, *_: object) -> None: ...
        def __enter__(self) -> Refusing:
            return self

        def __exit__(self, *_: object) -> None: ...
        def connect(self, address: object) -> None:
            raise OSError("unreachable")

    monkeypatch.setattr(network.socket, "socket", Refusing)
    assert network.has_route() is False


def test_the_real_probe_agrees_with_the_routing_table() -> None:
    table = Path("/proc/net/route").read_text(encoding="ascii").splitlines()[1:]
    default = any(line.split()[1] == "00000000" for line in table)
    if default:
        assert network.has_route() is True


def test_the_thread_ends_at_close() -> None:
    import threading

    watch = NetworkWatch(EventBus(), Clock(), lambda: True)
    watch.start()
    watch.close()
    for thread in threading.enumerate():
        if thread.name == "network":
            thread.join(2)
            assert not thread.is_alive()

from __future__ import annotations

import queue

from xieka.core.events import Event, EventBus


def drain(subscriber: queue.SimpleQueue[Event | None]) -> list[object]:
    items = []
    while not subscriber.empty():
        event = subscriber.get()
        items.append(None if event is None else event.data)
    return items


def test_a_late_page_gets_only_what_is_newer_than_its_snapshot() -> None:
    bus = EventBus()
    for number in range(3):
        bus.publish("n", number)
    subscriber = bus.subscribe(after=2)
    bus.publish("n", 3)
    assert subscriber is not None
    assert drain(subscriber) == [2, 3]


def test_too_far_behind_or_from_another_run_means_snapshot() -> None:
    bus = EventBus(keep=2)
    for number in range(5):
        bus.publish("n", number)
    assert bus.subscribe(after=2) is None
    assert bus.subscribe(after=9) is None
    assert bus.subscribe(after=3) is not None
    assert bus.subscribe(after=5) is not None


def test_a_failing_listener_stops_nobody() -> None:
    bus = EventBus()
    heard = []

    def broken(_: object) -> None:
        raise ValueError

    bus.on("t", broken)
    bus.on("t", heard.append)
    bus.publish("t", 1)
    assert heard == [1]


def test_unsubscribe_and_close() -> None:
    bus = EventBus()
    first, second = bus.subscribe(0), bus.subscribe(0)
    assert first is not None
    assert second is not None
    bus.unsubscribe(first)
    bus.publish("t", 1)
    bus.close()
    assert drain(first) == []
    assert drain(second) == [1, None]


def test_each_run_has_its_own_name() -> None:
    assert EventBus().boot != EventBus().boot

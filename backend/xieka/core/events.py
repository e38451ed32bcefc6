"""The event bus: fan-out to in-process listeners and to pages, with a replay buffer for late pages."""

from __future__ import annotations

import queue
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from xieka.core.log import report

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
Listener = Callable[[JsonValue], None]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: a running number, a topic and JSON data without secrets."""

    id: int
    topic: str
    data: JsonValue


class EventBus:
    """Publishes events in order. Listeners run in the publisher's thread and must be quick.

    `boot` names this run of the process: a page that reconnects with another boot id must start from a snapshot.
    """

    def __init__(self, keep: int = 256) -> None:
        self.boot = secrets.token_hex(8)
        self._lock = threading.Lock()
        self._recent: deque[Event] = deque(maxlen=keep)
        self._last = 0
        self._queues: set[queue.SimpleQueue[Event | None]] = set()
        self._listeners: dict[str, list[Listener]] = {}

    @property
    def last_id(self) -> int:
        """Number of the newest event; 0 before the first."""
        with self._lock:
            return self._last

    def publish(self, topic: str, data: JsonValue = None) -> int:
        """Number the event, keep it for replay and hand it to everyone. Returns its number."""
        with self._lock:
            self._last += 1
            event = Event(self._last, topic, data)
            self._recent.append(event)
            for subscriber in self._queues:
                subscriber.put(event)
            listeners = list(self._listeners.get(topic, ()))
        for listener in listeners:
            try:
                listener(data)
            except Exception as error:  # noqa: BLE001 - one listener's fault must not stop the others or the publisher
                report(error, f"listener for {topic}")
        return event.id

    def on(self, topic: str, listener: Listener) -> None:
        """Call `listener(data)` for every later event of this topic."""
        with self._lock:
            self._listeners.setdefault(topic, []).append(listener)

    def subscribe(self, after: int) -> queue.SimpleQueue[Event | None] | None:
        """A queue of all events newer than `after`; `None` in the queue means the bus has closed.

        Returns None when events after that number are no longer kept: the page must take a snapshot instead.
        """
        with self._lock:
            oldest = self._recent[0].id if self._recent else self._last + 1
            if after > self._last or after + 1 < oldest:
                return None
            subscriber: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
            for event in self._recent:
                if event.id > after:
                    subscriber.put(event)
            self._queues.add(subscriber)
            return subscriber

    def unsubscribe(self, subscriber: queue.SimpleQueue[Event | None]) -> None:
        """Stop filling this queue."""
        with self._lock:
            self._queues.discard(subscriber)

    def close(self) -> None:
        """End every subscription (at quit)."""
        with self._lock:
            for subscriber in self._queues:
                subscriber.put(None)
            self._queues.clear()

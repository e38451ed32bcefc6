"""One thread that carries out what was asked for, in order."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from xieka.core.log import report


class ActionQueue:
    """Callbacks of the tray, of the bus and of other processes only enqueue here; window calls may block."""

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def post(self, action: Callable[[], object]) -> None:
        """Run `action` after everything posted before it; returns at once."""
        self._queue.put(action)

    def close(self) -> None:
        """End the thread after what is already posted."""
        self._queue.put(None)

    def _run(self) -> None:
        while (action := self._queue.get()) is not None:
            try:
                action()
            except Exception as error:  # noqa: BLE001 - one failed action must not take the tray menu with it
                report(error, "desktop action")

"""Run code on Qt's thread from any other one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class GuiThread(QObject):  # type: ignore[misc]
    """Made on Qt's thread; its methods are for the others."""

    _run = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._run.connect(self._execute, Qt.ConnectionType.QueuedConnection)

    def post(self, action: Callable[[], object]) -> None:
        """Run `action` there soon; returns at once."""
        self._run.emit(action)

    def call(self, action: Callable[[], T], timeout: float | None = None) -> T:
        """Run `action` there and return what it returns. Raises what it raises, or TimeoutError.

        On Qt's own thread it simply runs.
        """
        if threading.current_thread() is threading.main_thread():
            return action()
        result: Future[T] = Future()

        def execute() -> None:
            try:
                result.set_result(action())
            except BaseException as error:  # noqa: BLE001 - handed to the caller, whatever it is
                result.set_exception(error)

        self.post(execute)
        return result.result(timeout)

    def _execute(self, action: Callable[[], Any]) -> None:
        action()

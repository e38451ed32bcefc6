"""The harness's orders about the registration window: a visit as registration makes one, and a person's hands on it."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from xieka.core.errors import XiekaError
from xieka.desktop.run import Desktop
from xieka.registration.window import RemotePage

ORDERS = frozenset({"visit", "proxy", "welcome", "press", "words", "kill-renderer", "patience", "drops", "close"})


_telling = threading.Lock()


def tell(event: str, **more: object) -> None:
    # Listeners of the bus tell from threads of their own.
    with _telling:
        sys.stdout.write(json.dumps({"event": event, **more}) + "\n")
        sys.stdout.flush()


class Visits:
    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._proxy: str | None = None

    def obey(self, order: dict[str, Any]) -> None:
        remote: Any = self._desktop.remote(lambda _: self._proxy)
        match order["do"]:
            case "visit":
                threading.Thread(target=self._visit, args=(order,), daemon=True).start()
            case "proxy":
                self._proxy = order["address"]
            case "welcome":
                tell("welcome", yes=remote.welcome)
            case "press":
                remote._thread.call(lambda: press(remote._view, order["text"]))
            case "words":
                tell("words", words=remote._thread.call(lambda: words(remote._view)))
            case "kill-renderer":
                os.kill(remote._thread.call(lambda: remote._view._page.renderProcessPid()), 9)
            case "patience":
                from xieka.desktop.remote import view

                view.LOAD_SECONDS = order["seconds"]
            case "drops":
                tell("drops", taken=remote._thread.call(lambda: drops(remote._view)))
            case "close":
                # Told first: the end of the visit is told from another thread.
                tell("closing", was_open=remote.is_open)
                remote._thread.call(lambda: remote._view and remote._view.close())

    def _visit(self, order: dict[str, Any]) -> None:
        remote = self._desktop.remote(lambda _: self._proxy)
        assert remote is not None
        paths = order["paths"]
        page = RemotePage(order["address"], order["origin"], frozenset(paths["submitted"]), frozenset(paths["closing"]))
        browse: Callable[[], object] = lambda: tell("browse")  # noqa: E731
        if order.get("no_browser"):
            browse = no_browser
        try:
            ended: Callable[[object], object] = lambda outcome: tell("ended", outcome=outcome)  # noqa: E731
            shown = remote.open(page, ended, browse, unasked=order.get("unasked", False))
        except XiekaError as error:
            tell("refused", code=error.code)
        except ValueError:
            tell("refused", code="ValueError")
        else:
            tell("visiting" if shown else "unwelcome")


def no_browser() -> None:
    tell("browse")
    raise XiekaError("E-LNK-03", domain="x")


def press(view: Any, text: str) -> None:
    from PySide6.QtWidgets import QPushButton

    next(one for one in view.findChildren(QPushButton) if one.isVisible() and one.text() == text).click()


def words(view: Any) -> list[str]:
    """What the window says where the page would be, and offers; nothing while the page is there."""
    from PySide6.QtWidgets import QLabel, QPushButton

    shown = [*view._trouble.findChildren(QLabel), *view._trouble.findChildren(QPushButton)]
    return [one.text() for one in shown if one.isVisible()]


def drops(view: Any) -> list[str]:
    """The widgets on which something could be dropped."""
    from PySide6.QtWidgets import QWidget

    return [type(one).__name__ for one in [view, *view.findChildren(QWidget)] if one.acceptDrops()]

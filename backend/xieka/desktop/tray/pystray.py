"""The tray icon on Windows and macOS, drawn by pystray. Not tested: neither system was at hand."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from xieka.core import messages
from xieka.desktop.status import Icon, Status
from xieka.desktop.tray.model import Entry, Item, OnEntry, icon_files


class PystrayTray:
    """Windows: own message loop in a thread. macOS: made on the main thread before the window's loop runs."""

    def __init__(self, status: Status, items: Sequence[Item], on_entry: OnEntry) -> None:
        import pystray

        def line(item: Item) -> Any:
            return pystray.MenuItem(item.label, lambda *_: on_entry(item.entry))

        lines: list[Any] = [
            # An invisible default line is what a left click means.
            pystray.MenuItem(messages.text("tray_show"), lambda *_: on_entry(Entry.SHOW), default=True, visible=False)
        ]
        for item in items:
            if item.line_before:
                lines.append(pystray.Menu.SEPARATOR)
            lines.append(line(item))
        options: dict[str, Any] = {}
        if sys.platform == "darwin":
            from AppKit import NSApplication

            options["darwin_nsapplication"] = NSApplication.sharedApplication()
        self._icon = pystray.Icon("xieka", self._picture(status.icon), status.tooltip, pystray.Menu(*lines), **options)
        self.available = True
        if sys.platform == "darwin":
            self._icon.run_detached()
        else:
            # Not run_detached(): its thread is no daemon and would keep a dead program alive.
            threading.Thread(target=self._icon.run, name="tray", daemon=True).start()

    def set_status(self, status: Status) -> None:
        """Change icon and tooltip."""
        self._icon.icon = self._picture(status.icon)
        self._icon.title = status.tooltip

    def notify(self, title: str, text: str, on_click: Callable[[], object] | None = None) -> None:
        """A notification of the system; pystray does not tell of clicks on it."""
        self._icon.notify(text, title)

    def close(self) -> None:
        """Take the icon away."""
        self.available = False
        self._icon.stop()

    @staticmethod
    def _picture(icon: Icon) -> Any:
        from PIL import Image

        return Image.open(icon_files(icon)[5])

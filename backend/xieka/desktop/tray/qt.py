"""The tray icon on Linux: QSystemTrayIcon, which speaks StatusNotifierItem (D-Bus) or XEmbed by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from xieka.desktop.qt_thread import GuiThread
from xieka.desktop.status import Status
from xieka.desktop.tray.model import Entry, Item, OnEntry, icon_files

RETRY_MILLISECONDS = 2000


class QtTray:
    """Made on Qt's thread. When the panel appears later (log-in), so does the icon."""

    def __init__(self, thread: GuiThread, status: Status, items: Sequence[Item], on_entry: OnEntry) -> None:
        self._thread = thread
        self._status = status
        self._on_entry = on_entry
        self._menu = QMenu()
        for item in items:
            if item.line_before:
                self._menu.addSeparator()
            action = QAction(item.label, self._menu)
            action.triggered.connect(lambda _checked=False, entry=item.entry: on_entry(entry))
            self._menu.addAction(action)
        self._icon: Any = None
        self._on_click: Callable[[], object] = lambda: on_entry(Entry.SHOW)
        self.available = False
        self._retry = QTimer()
        self._retry.setInterval(RETRY_MILLISECONDS)
        self._retry.timeout.connect(self._appear)
        if not self._appear():
            self._retry.start()

    def set_status(self, status: Status) -> None:
        """Change icon and tooltip."""
        self._thread.post(lambda: self._set(status))

    def notify(self, title: str, text: str, on_click: Callable[[], object] | None = None) -> None:
        """A balloon or a notification of the desktop; a click is meant for the one that was shown last."""
        self._thread.post(lambda: self._notify(title, text, on_click or (lambda: self._on_entry(Entry.SHOW))))

    def _notify(self, title: str, text: str, on_click: Callable[[], object]) -> None:
        if self._icon is not None:
            self._on_click = on_click
            self._icon.showMessage(title, text, self._icon.icon())

    def close(self) -> None:
        """Take the icon away."""
        self._thread.post(self._close)

    def _appear(self) -> bool:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return False
        self._retry.stop()
        # Made only now: whether D-Bus or XEmbed is used is decided once, when the object is made.
        self._icon = QSystemTrayIcon()
        self._set(self._status)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(lambda: self._on_click())
        self._icon.show()
        self.available = True
        return True

    def _activated(self, reason: Any) -> None:
        reasons = QSystemTrayIcon.ActivationReason
        if reason in (reasons.Trigger, reasons.DoubleClick):
            self._on_entry(Entry.SHOW)

    def _set(self, status: Status) -> None:
        self._status = status
        if self._icon is None:
            return
        picture = QIcon()
        for file in icon_files(status.icon):
            picture.addFile(str(file))
        self._icon.setIcon(picture)
        self._icon.setToolTip(status.tooltip)

    def _close(self) -> None:
        self._retry.stop()
        self.available = False
        if self._icon is not None:
            self._icon.hide()

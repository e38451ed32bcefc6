"""Where the window stands: beside nothing else, over the main window, and never larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

SIZE = QSize(960, 640)
MINIMUM = QSize(480, 360)
_FRAME = 40
"""Room for the window manager's frame where it is not known yet; pixels at 1×."""


def put(window: QWidget, main: QWidget) -> None:
    """Give a window that is not shown yet its size and place: above `main` in its middle, or in the screen's."""
    over = main if main.isVisible() and not main.isMinimized() else None
    screen = QWidget.screen(main)  # pywebview has an attribute of this name in the way
    free = screen.availableGeometry()
    edges = main.frameGeometry().size() - main.geometry().size() if over else QSize(0, _FRAME)
    most = free.size() - edges
    window.setMinimumSize(MINIMUM.boundedTo(most))
    window.resize(SIZE.boundedTo(most))
    outer = QRect(free.topLeft(), window.size() + edges)
    outer.moveCenter((over.frameGeometry() if over else free).center())
    outer.moveLeft(max(free.left(), min(outer.left(), free.right() + 1 - outer.width())))
    outer.moveTop(max(free.top(), min(outer.top(), free.bottom() + 1 - outer.height())))
    window.move(outer.topLeft())
    if over:
        # A Ukey that is plugged in meanwhile brings `main` to the front, but not before this one.
        window.winId()
        window.windowHandle().setTransientParent(over.windowHandle())

"""The slim bar above the page: whose page it is, loading it anew, and the way to the system's browser."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from xieka.core import messages
from xieka.desktop.remote.fence import Fence


class Bar(QFrame):  # type: ignore[misc]
    """The host is the fence's: the page can show nothing else, and has no say in what stands here."""

    def __init__(
        self, fence: Fence, reload: Callable[[], object], browse: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(_Host(fence, self), 1)
        self.buttons = [
            QPushButton(messages.text(f"remote_{name}"), self, clicked=lambda *_, action=action: action())
            for name, action in (("reload", reload), ("browser", browse))
        ]
        for button in self.buttons:
            # A button that took Enter from the page's form would be a trap.
            button.setAutoDefault(False)
            row.addWidget(button)


class _Host(QLabel):  # type: ignore[misc]
    """The host; where it is too long its end stays, which says whose it is."""

    def __init__(self, fence: Fence, parent: QWidget) -> None:
        super().__init__(fence.host if fence.encrypted else fence.origin, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = "remote_address" if fence.encrypted else "remote_address_open"
        self.setAccessibleName(messages.text(words, domain=fence.host))
        self.setToolTip(self.accessibleName())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As narrow as the window likes."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The text, shortened at its beginning."""
        text = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideLeft, self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

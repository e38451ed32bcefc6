"""Words in the place of a page: while it loads, and when it cannot be shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from xieka.core import messages


class Panel(QWidget):  # type: ignore[misc]
    """Title, one sentence, and the ways on."""

    def __init__(
        self, retry: Callable[[], object], browse: Callable[[], object], skip: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._title, self._hint = QLabel(self), QLabel(self)
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        self._title.setFont(font)
        for label in (self._title, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self._buttons = [
            QPushButton(messages.text(f"remote_{name}"), self, clicked=lambda *_, action=action: action())
            for name, action in (("retry", retry), ("browser", browse), ("skip", skip))
        ]
        row = QHBoxLayout()
        row.addStretch()
        for button in self._buttons:
            button.setMinimumSize(96, 36)
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 24, 48, 24)
        column.setSpacing(16)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addLayout(row)
        column.addStretch(3)
        self.say("loading")

    def say(self, what: str) -> None:
        """`loading`, `failed` or `crashed`; the ways on belong to the latter two."""
        self._title.setText(messages.text(f"remote_{what}"))
        self._hint.setText("" if what == "loading" else messages.text(f"remote_{what}_hint"))
        self.setAccessibleName(f"{self._title.text()} {self._hint.text()}")
        for button in self._buttons:
            button.setVisible(what != "loading")
        if what != "loading":
            self._buttons[0].setFocus()

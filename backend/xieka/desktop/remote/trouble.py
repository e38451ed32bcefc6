"""What stands in the page's place when it cannot be shown: the error in four parts, and the ways on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from xieka.core import messages
from xieka.core.errors import XiekaError


class Trouble(QFrame):  # type: ignore[misc]
    """One error at a time; 重试 has the keyboard."""

    def __init__(
        self, retry: Callable[[], object], browse: Callable[[], object], skip: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trouble")
        self._parts = {name: QLabel(self) for name in ("what", "kept", "do", "code")}
        self._parts["what"].setObjectName("title")
        self._parts["code"].setObjectName("weak")
        self.buttons = [
            QPushButton(messages.text(f"remote_{name}"), self, clicked=lambda *_, action=action: action())
            for name, action in (("retry", retry), ("browser", browse), ("skip", skip))
        ]
        row = QHBoxLayout()
        row.addStretch()
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch()
        self.buttons[0].setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 24, 48, 24)
        column.setSpacing(12)
        column.addStretch(2)
        for label in self._parts.values():
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(3)

    def say(self, error: XiekaError) -> None:
        """Show this error."""
        body = error.body()
        for name, label in self._parts.items():
            label.setText(body[name])  # type: ignore[literal-required]
        self.setAccessibleName(f"{body['what']} {body['kept']} {body['do']}")
        self.buttons[0].setFocus()

"""How the native parts of the window look: the page's colours (frontend/css/tokens.css), Qt's style sheets."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from xieka.settings.early import Theme
from xieka.settings.models import Size

_LIGHT = {
    "base": "#edf1f7", "layer": "#f8fafd", "ctl": "#ffffff", "hover": "#f4f6fa", "press": "#eceff5",
    "line": "#e1e6ee", "edge": "#838b99", "text": "#191c21", "weak": "#545d6a", "accent": "#0f5cb5", "on": "#ffffff",
}  # fmt: skip
_DARK = {
    "base": "#1a1d23", "layer": "#22262d", "ctl": "#343a44", "hover": "#3b424d", "press": "#2f353e",
    "line": "#383e49", "edge": "#8d96a5", "text": "#f2f4f7", "weak": "#b9c1cc", "accent": "#63b3f6", "on": "#06213c",
}  # fmt: skip

_SHEET = """
#remote, #trouble {{ background: {layer}; }}
#bar {{ background: {base}; border-bottom: 1px solid {line}; }}
QLabel {{ color: {text}; font-size: {size}px; }}
#weak {{ color: {weak}; }}
#title {{ font-size: {title}px; font-weight: 600; }}
QPushButton {{
  color: {text}; background: {ctl}; border: 1px solid {edge}; border-radius: 5px; font-size: {size}px;
  padding: 0 12px; min-height: {height}px;
}}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {press}; }}
QPushButton:default {{ color: {on}; background: {accent}; border-color: {accent}; }}
QPushButton:focus {{ border: 2px solid {text}; padding: 0 11px; }}
QProgressBar {{ background: {line}; border: none; }}
QProgressBar::chunk {{ background: {accent}; }}
"""


@dataclass(frozen=True, slots=True)
class Look:
    """The program's setting, as far as a remote window follows it."""

    theme: Theme
    size: Size

    @property
    def zoom(self) -> float:
        """The page's own zoom: large type is 1.25 times as large."""
        return 1.25 if self.size == "large" else 1.0

    def colours(self) -> dict[str, str]:
        """The theme's colours; `system` is what Qt knows of the desktop."""
        system = QApplication.styleHints().colorScheme()
        dark = self.theme == "dark" or (self.theme == "system" and system == Qt.ColorScheme.Dark)
        return _DARK if dark else _LIGHT

    def sheet(self) -> str:
        """The style sheet of the whole window."""
        size, title, height = (16, 22, 34) if self.size == "large" else (14, 18, 28)
        return _SHEET.format(size=size, title=title, height=height, **self.colours())

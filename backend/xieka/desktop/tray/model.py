"""The tray icon's menu and the face of every tray, whatever draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from xieka.core import messages
from xieka.desktop.status import Icon, Status

ICONS = Path(__file__).parent / "icons"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256)


class Entry(StrEnum):
    """What a person can do with the icon; the menu shows them in this order (REQ-055)."""

    SHOW = "show"
    REFRESH = "refresh"
    SETTINGS = "settings"
    ABOUT = "about"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu."""

    entry: Entry
    label: str
    line_before: bool = False


def menu() -> tuple[Item, ...]:
    """显示 刷新 设置 关于 退出."""
    return tuple(Item(entry, messages.text(f"tray_{entry}"), line_before=entry is Entry.QUIT) for entry in Entry)


def icon_files(icon: Icon) -> list[Path]:
    """The icon in every size, smallest first."""
    return [ICONS / f"{icon}-{size}.png" for size in SIZES]


OnEntry = Callable[[Entry], None]
"""Called for a menu line; a click on the icon or on a notification means SHOW. Only enqueues, never blocks."""


class Tray(Protocol):
    """A tray icon. Methods may be called from any thread and return at once."""

    available: bool
    """There is a place for the icon on this desktop now. Without one a hidden window could not come back."""

    def set_status(self, status: Status) -> None:
        """Change icon and tooltip."""
        ...

    def notify(self, title: str, text: str, on_click: Callable[[], object] | None = None) -> None:
        """Show a short notification, where the desktop has them; a click calls `on_click`, or means SHOW."""
        ...

    def close(self) -> None:
        """Take the icon away."""
        ...


class NullTray:
    """No tray at all."""

    available = False

    def set_status(self, status: Status) -> None:
        """Nothing to change."""

    def notify(self, title: str, text: str, on_click: Callable[[], object] | None = None) -> None:
        """Nobody to tell."""

    def close(self) -> None:
        """Nothing to take away."""

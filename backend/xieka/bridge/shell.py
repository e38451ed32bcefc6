"""What the bridge needs of the desktop it runs on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from xieka.core.errors import XiekaError


class Shell(Protocol):
    """The native window around the page, or its absence in a browser."""

    host: Literal["window", "browser"]

    @property
    def tray(self) -> bool:
        """There is a tray icon to come back from; may change when the panel starts later."""
        ...

    def minimize(self) -> None:
        """To the task bar."""
        ...

    def to_tray(self) -> None:
        """Hide, leaving the tray icon; minimise where there is no tray."""
        ...

    def quit(self) -> None:
        """End the program."""
        ...

    def ask_save_path(self, name: str) -> Path | None:
        """Ask where to save a file of this name; None when the user cancelled."""
        ...

    def ask_folder(self, folder: Path) -> Path | None:
        """Ask for a folder, beginning near this one; None when the user cancelled."""
        ...

    def ask_certificate(self) -> Path | None:
        """Ask for a file of certificates; None when the user cancelled."""
        ...

    def reveal(self, path: Path) -> None:
        """Show the file's folder in the system's file manager."""
        ...

    def open_file(self, path: Path) -> None:
        """Open a file with the system's program for it."""
        ...

    def pdf(self, html: str) -> bytes | None:
        """A self-contained document as PDF; None where nothing of ours makes one. Raises XiekaError E-EXP-03."""
        ...

    def view_certificate(self, der: bytes) -> None:
        """Show a certificate in the system's own viewer."""
        ...


class BrowserShell:
    """The same page in a browser: nothing native, every window action is refused with a clear error."""

    host: Literal["window", "browser"] = "browser"
    tray = False

    def minimize(self) -> None:
        """Refused: E-WIN-01."""
        raise XiekaError("E-WIN-01")

    to_tray = quit = minimize

    def ask_save_path(self, name: str) -> Path | None:
        """Refused: E-WIN-01."""
        raise XiekaError("E-WIN-01")

    def ask_folder(self, folder: Path) -> Path | None:
        """Refused: E-WIN-01."""
        raise XiekaError("E-WIN-01")

    def ask_certificate(self) -> Path | None:
        """Refused: E-WIN-01."""
        raise XiekaError("E-WIN-01")

    def reveal(self, path: Path) -> None:
        """Refused: E-WIN-01."""
        raise XiekaError("E-WIN-01")

    def open_file(self, path: Path) -> None:
        """Refused: E-WIN-01."""
        raise XiekaError("E-WIN-01")

    def pdf(self, html: str) -> bytes | None:
        """Refused: E-WIN-01; the browser prints."""
        raise XiekaError("E-WIN-01")

    def view_certificate(self, der: bytes) -> None:
        """Refused: E-WIN-01."""
        raise XiekaError("E-WIN-01")

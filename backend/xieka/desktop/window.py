"""The main window through pywebview alone: what every system can do.

On Linux QtWindow (qt_window.py) does the same with Qt directly. On Windows and macOS this class is what runs; it
could not be tested there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xieka.core import messages
from xieka.core.log import report
from xieka.desktop import webview_patches
from xieka.desktop.files import documents
from xieka.desktop.status import Status
from xieka.desktop.tray.model import NullTray, OnEntry, Tray, menu

if TYPE_CHECKING:
    from xieka.desktop.remote.port import QtRemote
    from xieka.settings.models import Settings

SIZE = (960, 640)
MINIMUM = (880, 560)
BACKGROUND = {"light": "#edf1f7", "dark": "#1a1d23"}
"""The page's base colour in both themes, so that nothing flashes before the first paint."""

CERTIFICATES = tuple(f"*{ending}" for ending in (".cer", ".crt", ".der", ".pem", ".p7b", ".p7c"))
"""What files of certificates are called."""


def kind_of(name: str) -> str:
    """What files of this ending are, for a dialog."""
    return messages.names("file_filter").get(Path(name).suffix or name, "")


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the window tells; `ready` runs on the GUI thread and must not block, `closing` must return at once."""

    ready: Callable[[MainWindow], None]
    """The time to make the tray: the toolkit's loop is about to run or has just begun to."""
    closing: Callable[[], None]
    """The user closed the window. It stays: hide or minimise it."""
    shown: Callable[[], object]
    """The window came on the screen, by whomever; in any thread, must return at once. May come once too often."""


class MainWindow:
    """One window showing one address. Methods may be called from any thread but the GUI's, before it exists too."""

    gui: str | None = None
    icon: Path | None = None

    def __init__(self, url: str, theme: str, hooks: Hooks, *, hidden: bool) -> None:
        self._webview = webview_patches.load()
        self._hooks = hooks
        self._theme = theme
        self._on_screen = not hidden
        self._dialogs = 0
        self._ending = False
        self.window: Any = self._webview.create_window(
            messages.text("app_name"),
            url=url,
            width=SIZE[0],
            height=SIZE[1],
            min_size=MINIMUM,
            hidden=hidden,
            background_color=BACKGROUND["dark" if theme == "dark" else "light"],
            text_select=True,
        )
        webview_patches.allow(self.window, [webview_patches.origin_of(url)])
        self._loading = threading.Event()
        self.window.events.initialized += self._initialized
        self.window.events.before_show += self._loading.set
        self.window.events.closing += self._closing
        self.window.events.minimized += lambda: self._became(on_screen=False)
        self.window.events.restored += lambda: self._became(on_screen=True)
        self.window.events.maximized += lambda: self._became(on_screen=True)
        self.window.events.shown += self._tell_shown

    def run(self) -> None:
        """Show the window and run the toolkit's loop on this (the main) thread until `destroy`."""
        self._webview.start(gui=self.gui, icon=str(self.icon) if self.icon else None)

    def when_loading(self, action: Callable[[], object]) -> None:
        """Wait until the engine has been told to load the page, then run `action` here."""
        self._loading.wait()
        action()

    def when_shown(self, action: Callable[[], object]) -> None:
        """Wait until the window has been shown (or made, when hidden), then run `action` here."""
        self.window.events.shown.wait()
        action()

    def make_tray(self, status: Status, on_entry: OnEntry) -> Tray:
        """The tray icon that goes with this toolkit."""
        from xieka.desktop.tray.pystray import PystrayTray

        try:
            return PystrayTray(status, menu(), on_entry)
        except (ImportError, OSError) as error:
            report(error, "the tray icon")
            return NullTray()

    def make_remote(
        self, *, welcome: Callable[[], bool], settings: Callable[[], Settings], proxy: Callable[[str], str | None]
    ) -> QtRemote | None:
        """The embedded window for the service's page (see QtRemote); None: this toolkit has none."""
        return None

    @property
    def on_screen(self) -> bool:
        """Shown and not minimised."""
        return self._on_screen

    @property
    def in_dialog(self) -> bool:
        """A native dialog is open."""
        return self._dialogs > 0

    def show(self, *, focus: bool = True) -> None:
        """Show the window in front, whatever state it was in; without `focus` it takes no keyboard."""
        self.window.show()
        self.window.restore()
        self._became(on_screen=True)

    def hide(self) -> None:
        """Take the window off the screen and the task bar; the page lives on."""
        self._on_screen = False
        self.window.hide()

    def minimize(self) -> None:
        """To the task bar."""
        self._on_screen = False
        self.window.minimize()

    def destroy(self) -> None:
        """End the loop; `run` returns."""
        self._ending = True
        self.window.destroy()

    def alive(self, timeout: float) -> bool:
        """Whether the GUI thread reacts within `timeout` seconds; here it cannot be asked and counts as alive."""
        return True

    def ask_save_path(self, name: str) -> Path | None:
        """The system's save dialog, starting in Documents; None when the user cancelled."""
        self._dialogs += 1
        try:
            return self._ask_save_path(name)
        finally:
            self._dialogs -= 1

    def ask_folder(self, folder: Path) -> Path | None:
        """The system's folder dialog, at `folder` or the nearest above it that is there; None when cancelled."""
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        self._dialogs += 1
        try:
            return self._ask_folder(folder)
        finally:
            self._dialogs -= 1

    def ask_certificate(self) -> Path | None:
        """The system's dialog for opening a file of certificates, starting in Documents; None when cancelled."""
        self._dialogs += 1
        try:
            return self._ask_certificate()
        finally:
            self._dialogs -= 1

    def pdf(self, html: str) -> bytes | None:
        """A self-contained document as PDF (A4); None: this toolkit makes none. Raises XiekaError E-EXP-03."""
        return None

    def _ask_folder(self, folder: Path) -> Path | None:
        chosen = self.window.create_file_dialog(self._webview.FileDialog.FOLDER, directory=str(folder))
        return Path(chosen if isinstance(chosen, str) else chosen[0]) if chosen else None

    def _ask_save_path(self, name: str) -> Path | None:
        chosen = self.window.create_file_dialog(
            self._webview.FileDialog.SAVE,
            directory=str(documents()),
            save_filename=name,
            file_types=(f"{kind_of(name)} (*{Path(name).suffix})",),
        )
        if not chosen:
            return None
        return Path(chosen if isinstance(chosen, str) else chosen[0])

    def _ask_certificate(self) -> Path | None:
        chosen = self.window.create_file_dialog(
            self._webview.FileDialog.OPEN,
            directory=str(documents()),
            file_types=(f"{kind_of('.cer')} ({';'.join(CERTIFICATES)})",),
        )
        return Path(chosen if isinstance(chosen, str) else chosen[0]) if chosen else None

    def _initialized(self) -> None:
        self._hooks.ready(self)

    def _closing(self) -> bool:
        if self._ending:
            return True
        # Hiding inside the handler freezes WinForms and deadlocks where it waits for this very thread.
        threading.Thread(target=self._hooks.closing, name="closing", daemon=True).start()
        return False

    def _became(self, *, on_screen: bool) -> None:
        self._on_screen = on_screen
        self._tell_shown()

    def _tell_shown(self) -> None:
        if self.on_screen:
            self._hooks.shown()

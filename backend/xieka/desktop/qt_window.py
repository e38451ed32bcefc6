"""The main window on Linux, with Qt directly where pywebview's methods fall short."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xieka.core import messages
from xieka.desktop.files import documents
from xieka.desktop.status import Status
from xieka.desktop.tray.model import OnEntry, Tray, menu
from xieka.desktop.window import BACKGROUND, CERTIFICATES, Hooks, MainWindow, kind_of

if TYPE_CHECKING:
    from xieka.desktop.remote.port import QtRemote
    from xieka.settings.models import Settings


class QtWindow(MainWindow):
    """MainWindow whose every step runs on Qt's thread and is finished when the method returns."""

    gui = "qt"
    icon = Path(__file__).parent / "tray" / "icons" / "none-256.png"

    def __init__(self, url: str, theme: str, hooks: Hooks, *, hidden: bool) -> None:
        super().__init__(url, theme, hooks, hidden=hidden)
        # The stand-ins of webview_patches have imported Qt already.
        from PySide6.QtWidgets import QApplication

        from xieka.desktop.qt_thread import GuiThread

        # Our own application object, so that no argument of the command line means something to Qt, and panels,
        # task bars and window rules know us by one name.
        self._application = QApplication(["xieka"])
        self._application.setApplicationName("xieka")
        self._application.setDesktopFileName("xieka")
        self._application.setQuitOnLastWindowClosed(False)
        self._translator: Any = None
        self._thread = GuiThread()
        if theme == "system":
            self.window.background_color = BACKGROUND[self._system_theme()]

    def make_tray(self, status: Status, on_entry: OnEntry) -> Tray:
        """QSystemTrayIcon; Qt's thread only."""
        from xieka.desktop.tray.qt import QtTray

        return QtTray(self._thread, status, menu(), on_entry)

    def make_remote(
        self, *, welcome: Callable[[], bool], settings: Callable[[], Settings], proxy: Callable[[str], str | None]
    ) -> QtRemote:
        """See MainWindow."""
        from xieka.desktop.remote.port import QtRemote

        return QtRemote(self._thread, lambda: self.window.native, welcome=welcome, settings=settings, proxy=proxy)

    @property
    def on_screen(self) -> bool:
        """Shown and not minimised, whoever did it."""
        view = self.window.native
        return view is not None and self._thread.call(lambda: view.isVisible() and not view.isMinimized())

    def show(self, *, focus: bool = True) -> None:
        """Show the window in front; a maximised one stays maximised. Without `focus` it takes no keyboard."""
        self.window.events.shown.wait()
        self._thread.call(lambda: self._show(focus))

    def hide(self) -> None:
        """Take the window off the screen and the task bar; the page lives on."""
        self.window.events.shown.wait()
        self._thread.call(lambda: self.window.native.hide())

    def minimize(self) -> None:
        """To the task bar, also from hidden."""
        self.window.events.shown.wait()
        self._thread.call(lambda: self.window.native.showMinimized())

    def pdf(self, html: str) -> bytes:
        """See MainWindow."""
        from xieka.desktop import pdf

        return pdf.make(self._thread, html)

    def alive(self, timeout: float) -> bool:
        """Whether Qt's thread reacts within `timeout` seconds."""
        answered = threading.Event()
        self._thread.post(answered.set)
        return answered.wait(timeout)

    def _show(self, focus: bool) -> None:
        from PySide6.QtCore import Qt

        view = self.window.native
        if view.isVisible() and not focus:
            # Wherever it is, raising or un-minimising it would take the keyboard; the task bar asks instead.
            self._application.alert(view)
            return
        if not view.isVisible():
            self._forget_icon(view)
        if not focus:
            # The widget attribute of this meaning is read only when the native window is made.
            view.windowHandle().setProperty("_q_showWithoutActivating", True)
            view.show()
            view.windowHandle().setProperty("_q_showWithoutActivating", False)
            return
        view.show()
        view.setWindowState(view.windowState() & ~Qt.WindowState.WindowMinimized)
        view.raise_()
        view.activateWindow()

    def _forget_icon(self, view: Any) -> None:
        """Tell the window manager anew how a hidden window is to be mapped (ICCCM 4.1.2.4, initial_state).

        Qt writes it at changes of its own alone: a window that it has minimised, that the task bar has brought back and
        that was hidden then would come as an icon.
        """
        from PySide6.QtCore import Qt

        handle = view.windowHandle()
        if handle is None:
            # Never shown yet: nothing has been written.
            return
        states = view.windowState() & ~Qt.WindowState.WindowMinimized
        # Any change will do; of a window that is not mapped the window manager hears nothing else.
        handle.setWindowStates(states ^ Qt.WindowState.WindowMaximized)
        handle.setWindowStates(states)

    def _ask_save_path(self, name: str) -> Path | None:
        return self._thread.call(lambda: self._save_dialog(name))

    def _ask_folder(self, folder: Path) -> Path | None:
        return self._thread.call(lambda: self._folder_dialog(folder))

    def _folder_dialog(self, folder: Path) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        self._speak_chinese()
        chosen = QFileDialog.getExistingDirectory(self.window.native, messages.text("dialog_folder"), str(folder))
        return Path(chosen) if chosen else None

    def _save_dialog(self, name: str) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        self._speak_chinese()
        filters = f"{kind_of(name)} (*{Path(name).suffix})"
        chosen, _ = QFileDialog.getSaveFileName(
            self.window.native, messages.text("dialog_save"), str(documents() / name), filters
        )
        return Path(chosen) if chosen else None

    def _ask_certificate(self) -> Path | None:
        return self._thread.call(self._open_dialog)

    def _open_dialog(self) -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        self._speak_chinese()
        chosen, _ = QFileDialog.getOpenFileName(
            self.window.native,
            messages.text("dialog_certificate"),
            str(documents()),
            f"{kind_of('.cer')} ({' '.join(CERTIFICATES)})",
        )
        return Path(chosen) if chosen else None

    def _speak_chinese(self) -> None:
        """Qt's own dialogs in Chinese; loaded at the first one, it is not needed before."""
        if self._translator is None:
            from PySide6.QtCore import QLibraryInfo, QTranslator

            self._translator = QTranslator()
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            if self._translator.load("qtbase_zh_CN", folder):
                self._application.installTranslator(self._translator)

    def _system_theme(self) -> str:
        from PySide6.QtCore import Qt

        scheme = self._application.styleHints().colorScheme()
        return "dark" if scheme == Qt.ColorScheme.Dark else "light"

    def _initialized(self) -> None:
        # The tray asks D-Bus for its place; the window must not wait for that.
        self._thread.post(lambda: self._hooks.ready(self))

    def _closing(self) -> bool:
        # Logging out closes every window; refusing would stop the whole session from ending.
        return bool(self._application.isSavingSession()) or super()._closing()

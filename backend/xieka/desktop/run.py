"""The desktop around the page: ties window, tray, single instance and the policy together."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

from xieka.core import messages, paths
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.log import report
from xieka.desktop import engine, files, quitting, viewer
from xieka.desktop.actions import ActionQueue
from xieka.desktop.foreground import fullscreen_in_front
from xieka.desktop.instance import Instance
from xieka.desktop.policy import Action, Happening, Situation, decide
from xieka.desktop.status import Icon, Status, progress_of, reminder_of, status_of
from xieka.desktop.tray.model import Entry, NullTray, Tray
from xieka.settings.early import Theme

if TYPE_CHECKING:
    from xieka.desktop.remote.port import QtRemote
    from xieka.desktop.window import MainWindow
    from xieka.registration.window import RemoteWindow
    from xieka.settings.models import Settings
    from xieka.ukey.models import UkeyList

log = logging.getLogger(__name__)

HIDDEN_FLAG = "--hidden"
TRAY_PATIENCE = 20.0
"""Seconds after a hidden start in which the panel must appear; else the window goes to the task bar."""

REMIND_PATIENCE = 20.0
"""Seconds until a reminder that found no tray is tried once more."""


class Desktop:
    """The native side of the program; the page reaches it as the bridge's Shell.

    Listens on the bus to `ukeys`, `ukey.inserted`, `ukey.removed`, `busy`, `modal`, `installs` and `reminder.due`;
    publishes `show`, `first_hide` and, for the program alone, `shown`: the main window came on the screen.
    """

    host: Literal["window", "browser"] = "window"

    def __init__(
        self,
        url: str,
        bus: EventBus,
        *,
        ukeys: Callable[[], UkeyList],
        settings: Callable[[], Settings],
        on_refresh: Callable[[], object],
        on_quit: Callable[[], object],
        instance: Instance,
        folder: Path,
        theme: Theme = "system",
        hidden: bool = False,
    ) -> None:
        """Cheap; nothing is imported or shown before `run`.

        ukeys, settings: what is known and wanted now; asked at every happening, in the desktop's own thread.
        on_refresh: the menu's 刷新; runs in a thread of its own.
        on_quit: closes the services before the window goes; five seconds for all of it.
        instance: claimed; answers other starts once the window is there.
        folder: the program's own, for files that other programs are shown.
        hidden: started at log-in, stay in the tray (D-09).
        Raises XiekaError E-WIN-02 without a graphical desktop.
        """
        if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise XiekaError("E-WIN-02")
        self._url = url
        self._bus = bus
        self._ukeys = ukeys
        self._settings = settings
        self._on_refresh = on_refresh
        self._on_quit = on_quit
        self._instance = instance
        self._folder = folder
        self._theme = theme
        self._hidden = hidden
        self._environment = dict(os.environ)
        self._actions = ActionQueue("desktop")
        self._window: MainWindow | None = None
        self._remote: QtRemote | None = None
        self._tray: Tray = NullTray()
        self._status = Status(Icon.NONE, messages.text("tray_reading"))
        self._progress = ""
        self._busy = False
        self._modal = False
        self._typing = False
        self._read_once = False
        self._hidden_once = False
        self._quitting = threading.Lock()

    # What the page may ask (Shell) -------------------------------------------------------------------------------

    @property
    def tray(self) -> bool:
        """There is a tray icon to come back from."""
        return self._tray.available

    def minimize(self) -> None:
        """To the task bar."""
        self._actions.post(lambda: self._open_window().minimize())

    def to_tray(self) -> None:
        """Hide, leaving the tray icon; minimise where there is no tray."""
        self._actions.post(self._hide)

    def quit(self) -> None:
        """End the program; within five seconds it is gone, whatever hangs. Returns at once, may be called twice."""
        if not self._quitting.acquire(blocking=False):
            return
        quitting.start_watchdog()
        self._instance.quitting()
        threading.Thread(target=self._close_everything, name="quit", daemon=True).start()

    def ask_save_path(self, name: str) -> Path | None:
        """Ask where to save a file of this name; None when the user cancelled."""
        return self._asked(lambda window: window.ask_save_path(name))

    def ask_folder(self, folder: Path) -> Path | None:
        """Ask for a folder, beginning near this one; None when the user cancelled."""
        return self._asked(lambda window: window.ask_folder(folder))

    def ask_certificate(self) -> Path | None:
        """Ask for a file of certificates; None when the user cancelled."""
        return self._asked(lambda window: window.ask_certificate())

    def _asked(self, ask: Callable[[MainWindow], Path | None]) -> Path | None:
        try:
            return ask(self._open_window())
        finally:
            # Whoever waited for the dialog to close may look again.
            self._bus.publish("shown", None)

    def reveal(self, path: Path) -> None:
        """Show the file's folder in the file manager. Raises XiekaError E-OPN-01."""
        files.reveal(path, self._environment)

    def open_file(self, path: Path) -> None:
        """Open a file with the system's program for it. Raises XiekaError E-OPN-03."""
        files.open_file(path, self._environment)

    def pdf(self, html: str) -> bytes | None:
        """A self-contained document as PDF; None where this window makes none. Raises XiekaError E-EXP-03."""
        return self._open_window().pdf(html)

    def view_certificate(self, der: bytes) -> None:
        """Show a certificate in the system's own viewer. Raises XiekaError E-OPN-02."""
        viewer.view(der, self._folder, self._environment)

    # What registration may ask ------------------------------------------------------------------------------------

    def remote(self, proxy: Callable[[str], str | None]) -> RemoteWindow | None:
        """The window for the service's page, one for the whole run; None on a system that has none yet (D-05).

        `proxy`: the proxy for an address, None: directly. Not before `run` has made the main window.
        """
        if self._remote is None:
            make = self._open_window().make_remote
            self._remote = make(welcome=self._welcomes, settings=self._settings, proxy=proxy)
        return self._remote

    # Life --------------------------------------------------------------------------------------------------------

    def run(self, meanwhile: Callable[[], object] | None = None) -> NoReturn:
        """Open the window and stay until the program ends; ends the process itself. Main thread only.

        `meanwhile` runs in a thread as soon as the engine has begun to load the page: the place for everything
        the page needs a moment later.
        """
        quitting.on_signals(self.quit)
        self._window = window = self._make_window()
        self._bus.on("ukeys", lambda _: self._actions.post(self._ukeys_changed))
        self._bus.on("ukey.inserted", lambda _: self._actions.post(lambda: self._happened(Happening.INSERTED)))
        self._bus.on("ukey.removed", lambda _: self._actions.post(lambda: self._happened(Happening.REMOVED)))
        self._bus.on("busy", self._busy_changed)
        self._bus.on("modal", self._modal_changed)
        self._bus.on("installs", self._installs_changed)
        self._bus.on("reminder.due", lambda data: self._actions.post(lambda: self._remind(data)))
        if meanwhile is not None:
            threading.Thread(target=window.when_loading, args=(meanwhile,), name="meanwhile", daemon=True).start()
        threading.Thread(target=window.when_shown, args=(self._serve_instance,), daemon=True).start()
        window.run()
        if self._quitting.acquire(blocking=False):
            # The session ended and took the window with it.
            quitting.start_watchdog()
            self._close_services()
        self._instance.release()
        quitting.leave()

    def _make_window(self) -> MainWindow:
        from xieka.desktop.window import Hooks

        hooks = Hooks(ready=self._make_tray, closing=self.to_tray, shown=lambda: self._bus.publish("shown"))
        if sys.platform == "linux":
            checkout = paths.bundled("frontend").name == "frontend"
            variables, remarks = engine.settings(engine.this_machine(), os.environ, checkout=checkout)
            engine.apply(variables, os.environ)
            for remark in remarks:
                log.info(remark)
            from xieka.desktop.qt_window import QtWindow

            return QtWindow(self._url, self._theme, hooks, hidden=self._hidden)
        from xieka.desktop.window import MainWindow

        return MainWindow(self._url, self._theme, hooks, hidden=self._hidden)

    def _make_tray(self, window: MainWindow) -> None:
        self._tray = window.make_tray(self._status, self._on_entry)
        if self._hidden and not self._tray.available:
            timer = threading.Timer(TRAY_PATIENCE, self._actions.post, (self._do_not_stay_lost,))
            timer.daemon = True
            timer.start()

    def _do_not_stay_lost(self) -> None:
        if not self._tray.available and not self._open_window().on_screen:
            log.warning("no tray on this desktop: going to the task bar")
            self._open_window().minimize()

    def _serve_instance(self) -> None:
        self._instance.serve(self._activated, self._open_window().alive)

    def _activated(self, arguments: Sequence[str]) -> None:
        if HIDDEN_FLAG not in arguments:
            self._actions.post(lambda: self._open_window().show())

    def _close_services(self) -> None:
        try:
            self._on_quit()
        except Exception as error:  # noqa: BLE001 - what cannot be closed dies with the process
            report(error, "closing at quit")
        self._tray.close()

    def _close_everything(self) -> None:
        # First: a visit that the end of the program cuts off is not one that was left.
        if self._remote is not None:
            self._remote.close()
        self._close_services()
        if self._window is not None:
            self._window.destroy()
            return
        # Still importing: there is no loop to end yet.
        self._instance.release()
        quitting.leave()

    # What happens ------------------------------------------------------------------------------------------------

    def _on_entry(self, entry: Entry) -> None:
        match entry:
            case Entry.SHOW:
                self._actions.post(lambda: self._open_window().show())
            case Entry.REFRESH:
                threading.Thread(target=self._on_refresh, name="tray-refresh", daemon=True).start()
            case Entry.SETTINGS | Entry.ABOUT:
                self._actions.post(lambda: self._show_dialog(entry))
            case Entry.QUIT:
                self.quit()

    def _remind(self, data: JsonValue) -> None:
        reminder = reminder_of(data)
        if reminder is None:
            return
        token, title, text = reminder
        if self._tray.available:
            self._tray.notify(title, text, lambda: self._actions.post(lambda: self._show_certificate(token)))
        elif not self._open_window().on_screen:
            # The panel may come later than the log-in; the page says it in any case.
            timer = threading.Timer(REMIND_PATIENCE, self._actions.post, (lambda: self._remind_late(data),))
            timer.daemon = True
            timer.start()

    def _remind_late(self, data: JsonValue) -> None:
        if self._tray.available:
            self._remind(data)

    def _show_certificate(self, token: str) -> None:
        self._open_window().show()
        self._bus.publish("show", {"what": "certificate", "token": token})

    def _show_dialog(self, entry: Entry) -> None:
        self._open_window().show()
        self._bus.publish("show", {"what": str(entry)})

    def _busy_changed(self, data: JsonValue) -> None:
        self._busy = isinstance(data, dict) and data.get("on") is True

    def _modal_changed(self, data: JsonValue) -> None:
        self._modal = isinstance(data, dict) and data.get("open") is True
        self._typing = isinstance(data, dict) and data.get("typing") is True

    def _ukeys_changed(self) -> None:
        state = self._ukeys()
        self._say(state)
        if not self._read_once and not state.reading:
            self._read_once = True
            self._happened(Happening.PRESENT_AT_START)

    def _installs_changed(self, data: JsonValue) -> None:
        progress = progress_of(data)
        if progress != self._progress:
            self._progress = progress
            self._actions.post(lambda: self._say(self._ukeys()))

    def _say(self, state: UkeyList) -> None:
        status = status_of(state, self._progress)
        if status != self._status:
            self._status = status
            self._tray.set_status(status)

    def _happened(self, happening: Happening) -> None:
        window, state, wanted = self._open_window(), self._ukeys(), self._settings()
        action = decide(
            happening,
            Situation(
                on_screen=window.on_screen,
                present=len(state.tokens),
                busy=self._occupied(),
                tray=self._tray.available,
                fullscreen_in_front=happening is Happening.INSERTED and fullscreen_in_front(),
                popup_on_insert=wanted.popup_on_insert,
                hide_on_removal=wanted.hide_on_removal,
            ),
        )
        match action:
            case Action.SHOW:
                window.show()
            case Action.SHOW_BEHIND:
                window.show(focus=False)
            case Action.NOTIFY:
                holder = next((one.holder for one in state.tokens if one.id == state.current), "")
                self._tray.notify(messages.text("app_name"), messages.text("notify_present", who=holder))
            case Action.HIDE:
                self._hide()
            case Action.MINIMIZE:
                window.minimize()

    def _occupied(self) -> bool:
        visited = self._remote is not None and self._remote.is_open
        return self._busy or self._modal or self._open_window().in_dialog or visited

    def _welcomes(self) -> bool:
        # A window that takes the keyboard would get the rest of a 口令.
        return not self._typing and not self._occupied() and self._open_window().on_screen

    def _hide(self) -> None:
        window = self._open_window()
        if not self._tray.available:
            window.minimize()
            return
        window.hide()
        if not self._hidden_once:
            self._hidden_once = True
            self._tray.notify(messages.text("app_name"), messages.text("notify_first_hide"))
            self._bus.publish("first_hide", {})

    def _open_window(self) -> MainWindow:
        if self._window is None:
            raise XiekaError("E-WIN-01")
        return self._window

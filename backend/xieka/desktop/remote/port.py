"""The embedded window for callers on any thread: `xieka.registration.window.RemoteWindow` on Qt."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from xieka.core.errors import XiekaError
from xieka.core.log import report
from xieka.desktop.qt_thread import GuiThread
from xieka.desktop.remote.fence import Fence
from xieka.registration.window import End, RemotePage
from xieka.settings.models import Settings

if TYPE_CHECKING:
    from xieka.desktop.remote.view import RemoteView

log = logging.getLogger(__name__)

CLOSE_SECONDS = 1.0
"""How long quitting waits for the window: a stuck GUI thread must not keep the rest from closing."""


class QtRemote:
    """One window at a time, made anew for every visit and gone without a trace after it."""

    def __init__(
        self,
        thread: GuiThread,
        main: Callable[[], Any],
        *,
        welcome: Callable[[], bool],
        settings: Callable[[], Settings],
        proxy: Callable[[str], str | None],
    ) -> None:
        """Cheap; nothing is imported before the first visit.

        main: the main window's widget, which the window is put over. welcome: the desktop's part of `welcome`.
        settings, proxy (the proxy for an address, None: directly): asked at the beginning of each visit.
        """
        self._thread = thread
        self._main = main
        self._welcome = welcome
        self._settings = settings
        self._proxy = proxy
        self._view: RemoteView | None = None
        self._quitting = False

    @property
    def is_open(self) -> bool:
        """A visit's window is open."""
        return self._view is not None

    @property
    def welcome(self) -> bool:
        """See RemoteWindow."""
        return self._welcome()

    def come(self) -> bool:
        """See RemoteWindow."""
        return self._thread.call(self._come)

    def open(
        self,
        page: RemotePage,
        ended: Callable[[End], object],
        browse: Callable[[], object],
        *,
        unasked: bool = False,
    ) -> bool:
        """See RemoteWindow. Raises ValueError, too, for a page that begins outside of its origin."""
        fence = Fence(page.origin)
        if not fence.contains(page.address):
            raise ValueError("the page begins outside of its origin")
        # Not on Qt's thread: the system's setting may have to be read from other programs.
        proxy = self._proxy(f"{fence.origin}/")
        return self._thread.call(lambda: self._open(page, fence, proxy, ended, browse, unasked))

    def close(self) -> None:
        """The program ends: close what is open, tell nobody, and open nothing again."""
        self._quitting = True
        try:
            self._thread.call(self._leave, CLOSE_SECONDS)
        except TimeoutError:
            log.warning("the remote window did not close in time")

    def _open(
        self,
        page: RemotePage,
        fence: Fence,
        proxy: str | None,
        ended: Callable[[End], object],
        browse: Callable[[], object],
        unasked: bool,
    ) -> bool:
        # Asked again here: the service and the proxy took their time, and somebody may have begun to type.
        if self._quitting or (unasked and not self.welcome):
            return False
        if self._come():
            raise XiekaError("E-REG-04")
        from xieka.desktop.remote.look import Look
        from xieka.desktop.remote.place import put
        from xieka.desktop.remote.proxy import use_proxy
        from xieka.desktop.remote.view import RemoteView, Way

        def gone(outcome: End | None) -> None:
            if outcome is not None:
                threading.Thread(target=ended, args=(outcome,), name="visit-ended", daemon=True).start()

        settings = self._settings()
        look = Look(settings.theme, settings.size)
        use_proxy(proxy)
        way = Way(browse=lambda: self._browse(browse), closed=self._closed, gone=gone)
        self._view = RemoteView(page, fence, look, way)
        put(self._view, self._main())
        self._view.come()
        return True

    def _come(self) -> bool:
        if self._view is None:
            return False
        self._view.come()
        return True

    def _browse(self, browse: Callable[[], object]) -> None:
        def hand_over() -> None:
            try:
                browse()
            except XiekaError as error:
                told = error
                self._thread.post(lambda: self._tell(told))
                return
            except Exception as error:  # noqa: BLE001 - the window is still there to go on in
                report(error, "opening the page in the browser")
                return
            self._thread.post(self._leave)

        threading.Thread(target=hand_over, name="browse", daemon=True).start()

    def _closed(self) -> None:
        self._view = None

    def _tell(self, error: XiekaError) -> None:
        if self._view is not None:
            self._view.tell(error)

    def _leave(self) -> None:
        if self._view is not None:
            self._view.leave()

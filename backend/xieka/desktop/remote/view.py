"""The native window around a remote page: bar, page, progress, and the error in the page's place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QChildEvent, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QColor, QIcon, QKeySequence, QShortcut
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QMenu, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.desktop.remote.bar import Bar
from xieka.desktop.remote.fence import Fence, origin_only
from xieka.desktop.remote.look import Look
from xieka.desktop.remote.page import FencedPage
from xieka.desktop.remote.profile import RemoteProfile, encoded
from xieka.desktop.remote.trouble import Trouble
from xieka.registration.window import End, RemotePage

log = logging.getLogger(__name__)

LOAD_SECONDS = 20
"""A page that has not come by then counts as not coming."""
_PROGRESS_AFTER = 300
"""Milliseconds of loading before it is shown."""
ZOOM = (0.5, 3.0)
_ICON = Path(__file__).parents[1] / "tray" / "icons" / "none-256.png"


@dataclass(frozen=True, slots=True)
class Way:
    """Where things lead out of the window; called on Qt's thread, must not hold it up."""

    browse: Callable[[], object]
    """在浏览器中打开 was pressed; the window stays until it is closed."""
    closed: Callable[[], object]
    """The window is off the screen."""
    gone: Callable[[End | None], object]
    """Page and profile are destroyed; None: not by a person, or to go on in the browser."""


class _Surface(QWebEngineView):  # type: ignore[misc]
    """Nothing can be dropped on it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)

    def childEvent(self, event: QChildEvent) -> None:  # noqa: N802 - Qt's name
        """The engine puts a widget of its own in here, a new one with every process of the page."""
        super().childEvent(event)
        if event.polished() and event.child().isWidgetType():
            event.child().setAcceptDrops(False)


class RemoteView(QWidget):  # type: ignore[misc]
    """One window for one visit. Lives on Qt's thread only; deletes itself when it is closed."""

    def __init__(self, page: RemotePage, fence: Fence, look: Look, way: Way) -> None:
        # A dialog to the window manager, which then keeps it above the main window; with all buttons of a window.
        super().__init__(None, Qt.WindowType.Dialog | Qt.WindowType.WindowMinMaxButtonsHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("remote")
        # Fixed: a title of the page's own choice could claim anything.
        self.setWindowTitle(messages.text("remote_title"))
        self.setWindowIcon(QIcon(str(_ICON)))
        self._visit = page
        self._fence = fence
        self._look = look
        self._way = way
        self._here = QUrl(page.address)
        self._submitted = False
        self._told = True
        self._over = False
        self._zoom = look.zoom
        self._profile = RemoteProfile(fence, look.theme, self)
        self._page = FencedPage(self._profile, fence, self)
        self._view = _Surface(self)
        self._view.setPage(self._page)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._menu)
        self._trouble = Trouble(self._load, way.browse, self.close, self)
        self._bar = Bar(fence, self.reload, way.browse, self)
        self._progress = QProgressBar(self, textVisible=False, maximum=100)
        self._progress.setFixedHeight(3)
        self._arrange()
        self._shortcuts()
        self._dress()
        QApplication.styleHints().colorSchemeChanged.connect(self._dress)
        self._late = QTimer(self, singleShot=True, interval=_PROGRESS_AFTER, timeout=self._progress.show)
        self._patience = QTimer(self, singleShot=True, interval=LOAD_SECONDS * 1000, timeout=self._not_coming)
        self._page.loadingChanged.connect(self._loading)
        self._page.loadProgress.connect(self._progress.setValue)
        self._page.urlChanged.connect(self._moved)
        self._page.renderProcessTerminated.connect(self._crashed)
        self._load()

    def reload(self) -> None:
        """The page anew (F5). What a form has sent is never sent again."""
        if self._stack.currentWidget() is self._view and not self._profile.interceptor.sending:
            self._page.triggerAction(self._page.WebAction.Reload)
        else:
            self._load()

    def come(self) -> None:
        """To the front, with the keyboard."""
        self.show()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def tell(self, error: XiekaError) -> None:
        """Show an error in the page's place; 重试 brings the page back."""
        self._stack.setCurrentWidget(self._trouble)
        self._trouble.say(error)

    def leave(self) -> None:
        """Close without telling how the visit ended."""
        self._told = False
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """However it is closed: nothing asks the page, and it ends before its profile."""
        super().closeEvent(event)
        if self._over:
            return
        self._over = True
        # Logging out closes every window, and decides nothing.
        told = self._told and not QApplication.instance().isSavingSession()
        outcome: End | None = ("submitted" if self._submitted else "left") if told else None
        self._patience.stop()
        self._late.stop()
        for signal in (self._page.loadingChanged, self._page.loadProgress, self._page.urlChanged):
            signal.disconnect()
        self._page.renderProcessTerminated.disconnect()
        QApplication.styleHints().colorSchemeChanged.disconnect(self._dress)
        profile, gone = self._profile, self._way.gone
        # The application's for the rest of their time: without an owner Python would delete them with this window, in
        # any order and without a word.
        profile.setParent(QApplication.instance())
        profile.destroyed.connect(lambda: gone(outcome))
        self._view.setPage(None)
        # Until the page is gone its requests are watched, and a profile that goes first takes the engine down.
        self._page.destroyed.connect(lambda: profile.deleteLater())
        self._page.setParent(QApplication.instance())
        self._page.deleteLater()
        self._way.closed()

    def _load(self) -> None:
        self._stack.setCurrentWidget(self._view)
        self._view.setFocus()
        self._view.setUrl(self._here)

    def _loading(self, info: QWebEngineLoadingInfo) -> None:
        status = QWebEngineLoadingInfo.LoadStatus
        if info.status() == status.LoadStartedStatus:
            self._patience.start()
            self._late.start()
            return
        self._settle()
        if info.status() == status.LoadStoppedStatus:
            # Led elsewhere and refused; a page that was there before stays.
            if not self._fence.contains(encoded(self._page.url())):
                self._say("E-REG-02")
            return
        if info.status() == status.LoadFailedStatus and not self._answered(info):
            # Neither the address nor the engine's words, which quote it.
            log.info("remote page not shown: %s %s", info.errorDomain().name, info.errorCode())
            self._say("E-REG-02")
            return
        self._page.setZoomFactor(self._zoom)

    def _answered(self, info: QWebEngineLoadingInfo) -> bool:
        # Below 500 the service says in a page of its own what is the matter.
        http = info.errorDomain() == QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain
        return bool(http and info.errorCode() < 500)

    def _moved(self, url: QUrl) -> None:
        # Told once the page has begun to come, not for an attempt that failed; and for history.pushState.
        if not self._fence.contains(encoded(url)):
            # The engine goes to about:blank without asking; no address at all is a page that is still to come.
            log.warning("the page went to %s", origin_only(encoded(url)))
            if not url.isEmpty():
                self._say("E-REG-02")
            return
        if not self._profile.interceptor.sending:
            self._here = url
        self._submitted = self._submitted or url.path() in self._visit.submitted
        if url.path() in self._visit.closing:
            # Not from within the page's own signal.
            QTimer.singleShot(0, self, self.close)

    def _crashed(self, *_: object) -> None:
        log.warning("the remote page's process ended")
        self._settle()
        self._say("E-REG-02b")

    def _not_coming(self) -> None:
        self._view.stop()
        self._settle()
        self._say("E-REG-02")

    def _settle(self) -> None:
        self._patience.stop()
        self._late.stop()
        self._progress.hide()

    def _say(self, code: str) -> None:
        self.tell(XiekaError(code))

    def _zoom_by(self, step: float) -> None:
        self._zoom = min(ZOOM[1], max(ZOOM[0], round(self._zoom + step, 2))) if step else self._look.zoom
        self._page.setZoomFactor(self._zoom)

    def _arrange(self) -> None:
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._trouble)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._progress)
        column.addWidget(self._stack, 1)
        self._progress.hide()

    def _shortcuts(self) -> None:
        for keys in ("F5", "Ctrl+R", "Ctrl+F5"):
            QShortcut(QKeySequence(keys), self, activated=self.reload)
        for keys, step in (("Ctrl++", 0.1), ("Ctrl+=", 0.1), ("Ctrl+-", -0.1), ("Ctrl+0", 0)):
            QShortcut(QKeySequence(keys), self, activated=lambda step=step: self._zoom_by(step))

    def _dress(self) -> None:
        self.setStyleSheet(self._look.sheet())
        # Until the page paints, its own colour shows instead of white.
        self._page.setBackgroundColor(QColor(self._look.colours()["layer"]))

    def _menu(self, place: QPoint) -> None:
        # The engine's own menu saves pages and shows their source.
        menu = QMenu(self)
        actions = self._page.WebAction
        for name, action in (("cut", actions.Cut), ("copy", actions.Copy), ("paste", actions.Paste)):
            entry = menu.addAction(messages.text(f"remote_{name}"))
            entry.setEnabled(self._page.action(action).isEnabled())
            entry.triggered.connect(lambda *_, action=action: self._page.triggerAction(action))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._view.mapToGlobal(place))

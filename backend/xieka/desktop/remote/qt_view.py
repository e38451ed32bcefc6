"""The native window around a remote page: its address, three buttons, and calm words when the page is not there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QPalette, QShortcut
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from xieka.core import messages
from xieka.desktop.remote.fence import Fence
from xieka.desktop.remote.model import Closed
from xieka.desktop.remote.qt_page import RemotePage, encoded
from xieka.desktop.remote.qt_panel import Panel
from xieka.desktop.remote.qt_profile import RemoteProfile

log = logging.getLogger(__name__)

SIZE = (920, 640)
MINIMUM = (640, 480)
LOAD_SECONDS = 20
"""A page that has not come by then counts as not coming."""
_ICON = Path(__file__).parents[1] / "tray" / "icons" / "none-256.png"
_TOO_MANY_REQUESTS = 429


class Way:
    """Where things lead out of the window; each is called on Qt's thread and must not hold it up."""

    def __init__(
        self,
        *,
        shown: Callable[[], object],
        closed: Callable[[Closed], object],
        browse: Callable[[str], object],
        link: Callable[[str], object],
    ) -> None:
        """`browse` shows the page itself in the system's browser, `link` an https page somewhere else."""
        self.shown = shown
        self.closed = closed
        self.browse = browse
        self.link = link


class RemoteView(QWidget):  # type: ignore[misc]
    """One window with one page. Lives on Qt's thread only; deletes itself when it is closed."""

    def __init__(self, url: str, fence: Fence, way: Way) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(messages.text("remote_title", domain=fence.domain))
        self.setWindowIcon(QIcon(str(_ICON)))
        self.setMinimumSize(*MINIMUM)
        self.resize(*SIZE)
        self._url = QUrl(url)
        self._fence = fence
        self._way = way
        self._was_shown = False
        self._outcome: Closed | None = None
        self._profile = RemoteProfile(fence, self)
        self._page = RemotePage(self._profile, fence, way.link, self)
        self._page.setBackgroundColor(self.palette().color(QPalette.ColorRole.Window))
        self._view = QWebEngineView(self)
        self._view.setPage(self._page)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._menu)
        self._view.setAcceptDrops(False)
        self._panel = Panel(self.reload, self._browse, lambda: self._end("skipped"), self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._panel)
        self._stack.addWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self._stack, 1)
        for keys in ("F5", "Ctrl+R", "Ctrl+F5"):
            QShortcut(QKeySequence(keys), self, activated=self.reload)
        QShortcut(QKeySequence("Ctrl+W"), self, activated=self.close)
        self._patience = QTimer(self, singleShot=True, interval=LOAD_SECONDS * 1000, timeout=self._not_coming)
        self._page.loadingChanged.connect(self._loading)
        self._page.renderProcessTerminated.connect(self._crashed)
        self._page.close_wanted.connect(self.close)
        self._load(self._url)

    def reload(self) -> None:
        """The page anew, always by GET: what a form has sent is never sent again."""
        here = self._page.url()
        # A script may have written anything into the address; then the page begins anew.
        usable = self._stack.currentWidget() is self._view and self._fence.contains(encoded(here))
        self._load(here if usable else self._url)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """However it is closed: tell it once, and end the page before its profile."""
        self._patience.stop()
        outcome, self._outcome = self._outcome or ("closed" if self._was_shown else "failed"), None
        self._page.loadingChanged.disconnect(self._loading)
        self._page.renderProcessTerminated.disconnect(self._crashed)
        profile = self._profile
        profile.setParent(None)
        self._view.setPage(None)
        # Until the page is gone its requests are watched, and a profile that goes first takes the engine down.
        self._page.destroyed.connect(lambda: profile.deleteLater())
        self._page.setParent(None)
        self._page.deleteLater()
        super().closeEvent(event)
        self._way.closed(outcome)

    def _load(self, url: QUrl) -> None:
        if self._stack.currentWidget() is self._panel:
            self._panel.say("loading")
        self._patience.start()
        self._view.setUrl(url)

    def _loading(self, info: QWebEngineLoadingInfo) -> None:
        status = QWebEngineLoadingInfo.LoadStatus
        if info.status() == status.LoadStartedStatus:
            return
        self._patience.stop()
        if info.status() == status.LoadStoppedStatus:
            return
        if info.status() == status.LoadFailedStatus or not self._is_a_page(info):
            # Neither the address nor the engine's words, which quote it.
            log.info("remote page not shown: %s %s", info.errorDomain().name, info.errorCode())
            self._say("failed")
            return
        self._stack.setCurrentWidget(self._view)
        self._view.setFocus()
        if not self._was_shown:
            self._was_shown = True
            self._way.shown()

    def _is_a_page(self, info: QWebEngineLoadingInfo) -> bool:
        # The engine goes to about:blank without asking.
        if not self._fence.contains(encoded(info.url())):
            return False
        # Below 500 the service says in a page of its own what is the matter.
        http = info.errorDomain() == QWebEngineLoadingInfo.ErrorDomain.HttpStatusCodeDomain
        return not http or (info.errorCode() < 500 and info.errorCode() != _TOO_MANY_REQUESTS)

    def _crashed(self, *_: object) -> None:
        log.warning("the remote page's process ended")
        self._say("crashed")

    def _not_coming(self) -> None:
        self._view.stop()
        self._say("failed")

    def _say(self, what: str) -> None:
        self._patience.stop()
        self._stack.setCurrentWidget(self._panel)
        self._panel.say(what)

    def _browse(self) -> None:
        self._way.browse(self._url.toString())
        self._end("elsewhere")

    def _end(self, outcome: Closed) -> None:
        self._outcome = outcome
        self.close()

    def _bar(self) -> QWidget:
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 6, 8, 6)
        address = QLabel(self._fence.origin, bar)
        address.setAccessibleName(messages.text("remote_address", domain=self._fence.domain))
        address.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(address, 1)
        for name, action in (("reload", self.reload), ("browser", self._browse), ("close", self.close)):
            button = QPushButton(messages.text(f"remote_{name}"), bar, flat=True)
            button.clicked.connect(lambda *_, action=action: action())
            row.addWidget(button)
        return bar

    def _menu(self, place: object) -> None:
        # The engine's own menu saves pages and shows their source.
        menu = QMenu(self)
        actions = self._page.WebAction
        for name, action in (("cut", actions.Cut), ("copy", actions.Copy), ("paste", actions.Paste)):
            entry = menu.addAction(messages.text(f"remote_{name}"))
            entry.triggered.connect(lambda *_, action=action: self._page.triggerAction(action))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._view.mapToGlobal(place))

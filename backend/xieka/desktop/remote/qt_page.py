"""The page of a remote window: refuses whatever a page can ask of the engine."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtWebEngineCore import QWebEngineNewWindowRequest, QWebEnginePage, QWebEngineProfile

from xieka.contract.links import check_https
from xieka.desktop.remote.fence import Fence

log = logging.getLogger(__name__)

CLOSE_PAGE = "close"
"""Name of the folder's page whose link means: close the window."""
_LINK_SECONDS = 1.0
"""A click opens one page in the browser, however many a script asks for."""


class RemotePage(QWebEnginePage):  # type: ignore[misc]
    """Stays inside the fence. Links that ask for a window of their own go to `link`, if they are https."""

    close_wanted = Signal()

    def __init__(
        self, profile: QWebEngineProfile, fence: Fence, link: Callable[[str], object], parent: QObject
    ) -> None:
        super().__init__(profile, parent)
        self._fence = fence
        self._link = link
        self._linked_at = 0.0
        self._refuse_everything()

    def acceptNavigationRequest(self, url: QUrl, _kind: Any, main_frame: bool) -> bool:  # noqa: N802 - Qt's name
        """Qt asks this for links, forms, scripts, redirects and history alike."""
        address = encoded(url)
        if not main_frame or not self._fence.contains(address):
            log.warning("refused to leave for a %s address", url.scheme())
            return False
        if address == f"{self._fence.origin}{self._fence.folder}{CLOSE_PAGE}":
            self.close_wanted.emit()
            return False
        return True

    def javaScriptAlert(self, _origin: QUrl, _text: str) -> None:  # noqa: N802 - Qt's name
        """No dialogs."""

    def javaScriptConfirm(self, _origin: QUrl, _text: str) -> bool:  # noqa: N802 - Qt's name
        """No dialogs; the answer is no."""
        return False

    def javaScriptPrompt(self, _origin: QUrl, _text: str, _default: str) -> tuple[bool, str]:  # noqa: N802
        """No dialogs; the answer is none."""
        return False, ""

    def javaScriptConsoleMessage(self, *_: object) -> None:  # noqa: N802 - Qt's name
        """Nothing of a page's goes into our log: it may be what a person typed."""

    def chooseFiles(self, *_: object) -> Iterable[str]:  # noqa: N802 - Qt's name
        """No file of this computer."""
        return []

    def _refuse_everything(self) -> None:
        self.newWindowRequested.connect(self._new_window)
        self.permissionRequested.connect(lambda permission: permission.deny())
        self.fullScreenRequested.connect(lambda request: request.reject())
        self.quotaRequested.connect(lambda request: request.reject())
        self.registerProtocolHandlerRequested.connect(lambda request: request.reject())
        self.fileSystemAccessRequested.connect(lambda request: request.reject())
        self.desktopMediaRequested.connect(lambda request: request.cancel())
        self.webAuthUxRequested.connect(lambda request: request.cancel())
        self.selectClientCertificate.connect(lambda selection: selection.selectNone())
        # Left unanswered, Qt refuses them; a slot keeps it so whatever a later version does by itself.
        self.certificateError.connect(lambda error: error.rejectCertificate())
        self.authenticationRequired.connect(_no_credentials)
        self.proxyAuthenticationRequired.connect(_no_credentials)

    def _new_window(self, request: QWebEngineNewWindowRequest) -> None:
        address, now = encoded(request.requestedUrl()), time.monotonic()
        if not request.isUserInitiated() or now - self._linked_at < _LINK_SECONDS:
            log.warning("refused a new window")
            return
        try:
            check_https(address)
        except ValueError:
            log.warning("refused a new window for a %s address", request.requestedUrl().scheme())
            return
        self._linked_at = now
        self._link(address)


def encoded(url: QUrl) -> str:
    """The address as it goes over the wire, in ASCII."""
    return bytes(url.toEncoded()).decode("ascii")


def _no_credentials(_url: QUrl, authenticator: Any, *_: object) -> None:
    authenticator.setUser("")
    authenticator.setPassword("")

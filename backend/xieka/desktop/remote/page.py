"""The page of a remote window: refuses whatever a page can ask of the engine."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtWebEngineCore import QWebEnginePage

from xieka.desktop.remote.fence import Fence, origin_only
from xieka.desktop.remote.profile import RemoteProfile, encoded

log = logging.getLogger(__name__)


class FencedPage(QWebEnginePage):  # type: ignore[misc]
    """Stays inside the fence and gets nothing. What Qt refuses by itself when nobody answers is left unanswered."""

    def __init__(self, profile: RemoteProfile, fence: Fence, parent: QObject) -> None:
        super().__init__(profile, parent)
        self._fence = fence
        self.newWindowRequested.connect(lambda _: log.warning("refused a new window"))
        self.permissionRequested.connect(lambda permission: permission.deny())
        self.fullScreenRequested.connect(lambda request: request.reject())
        self.quotaRequested.connect(lambda request: request.reject())
        self.registerProtocolHandlerRequested.connect(lambda request: request.reject())
        self.fileSystemAccessRequested.connect(lambda request: request.reject())
        self.desktopMediaRequested.connect(lambda request: request.cancel())
        self.webAuthUxRequested.connect(lambda request: request.cancel())
        self.selectClientCertificate.connect(lambda selection: selection.selectNone())
        self.certificateError.connect(lambda error: error.rejectCertificate())

    def acceptNavigationRequest(self, url: QUrl, _kind: Any, _main_frame: bool) -> bool:  # noqa: N802 - Qt's name
        """Qt asks this for links, forms, scripts, redirects and history alike, in the window and in its frames."""
        address = encoded(url)
        if self._fence.contains(address):
            return True
        log.warning("refused to leave for %s", origin_only(address))
        return False

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

"""The engine's profile for one remote page: nothing on the disk, nothing but the fence's addresses, nothing extra."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from xieka.desktop.remote.fence import Fence

log = logging.getLogger(__name__)

_OFF = (
    "Accelerated2dCanvasEnabled",
    "AllowGeolocationOnInsecureOrigins",
    "AllowRunningInsecureContent",
    "AllowWindowActivationFromJavaScript",
    "AutoLoadIconsForPage",
    "BackForwardCacheEnabled",
    "DnsPrefetchEnabled",
    # The window has its own, in Chinese.
    "ErrorPageEnabled",
    "FullScreenSupportEnabled",
    "HyperlinkAuditingEnabled",
    "JavascriptCanAccessClipboard",
    "JavascriptCanOpenWindows",
    "JavascriptCanPaste",
    "LocalContentCanAccessFileUrls",
    "LocalContentCanAccessRemoteUrls",
    "NavigateOnDropEnabled",
    "PdfViewerEnabled",
    "PluginsEnabled",
    "ReadingFromCanvasEnabled",
    "ScreenCaptureEnabled",
    "TouchIconsEnabled",
    "WebGLEnabled",
)
_ON = (
    # Storage of this profile, in memory: a draft outlives F5, and ends with the window.
    "LocalStorageEnabled",
    "PlaybackRequiresUserGesture",
    "WebRTCPublicInterfacesOnly",
)
_KINDS = ("MainFrame", "Stylesheet", "Script", "Image", "FontResource")
"""What a page may load; frames, workers, sockets, pings and scripted requests are not among it."""
_NO_SIDE_WAYS = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "WebSocketStream"]) {
  delete window[name];
}
"""
"""They open connections that the interceptor never sees; in a script of the page's own realm, before all others."""


class Interceptor(QWebEngineUrlRequestInterceptor):  # type: ignore[misc]
    """Looks at every request of the profile, redirects included."""

    def __init__(self, fence: Fence, parent: QObject) -> None:
        super().__init__(parent)
        self._fence = fence
        kinds = QWebEngineUrlRequestInfo.ResourceType
        self._kinds = frozenset(getattr(kinds, f"ResourceType{name}") for name in _KINDS)
        self._main = kinds.ResourceTypeMainFrame

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802 - Qt's name
        """Block what is not wanted (Qt calls this)."""
        kind, method = info.resourceType(), bytes(info.requestMethod())
        inside = self._fence.contains(bytes(info.requestUrl().toEncoded()).decode("ascii"))
        if inside and kind in self._kinds and (method == b"GET" or (method == b"POST" and kind == self._main)):
            return
        info.block(True)
        # The scheme and the kind only: an address may hold what a person typed.
        log.warning("refused a %s request (%s)", info.requestUrl().scheme(), kind.name)


class RemoteProfile(QWebEngineProfile):  # type: ignore[misc]
    """A profile of its own that forgets everything. Qt's thread only; it must outlive its page."""

    def __init__(self, fence: Fence, parent: QObject) -> None:
        # Without a name: off the record.
        super().__init__(parent)
        # Kept here: Qt takes no ownership of it, and a collected interceptor would let everything pass.
        self._interceptor = Interceptor(fence, self)
        self.setUrlRequestInterceptor(self._interceptor)
        self.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        self.setPersistentCookiesPolicy(QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies)
        self.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
        self.setSpellCheckEnabled(False)
        self.setPushServiceEnabled(False)
        self.setHttpAcceptLanguage("zh-CN")
        self.setNotificationPresenter(lambda notification: notification.close())
        self.downloadRequested.connect(_refuse_download)
        attributes = QWebEngineSettings.WebAttribute
        for names, value in ((_OFF, False), (_ON, True)):
            for name in names:
                self.settings().setAttribute(getattr(attributes, name), value)
        self.settings().setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes)
        self.scripts().insert(_script())


def _script() -> QWebEngineScript:
    script = QWebEngineScript()
    script.setSourceCode(_NO_SIDE_WAYS)
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
    script.setRunsOnSubFrames(True)
    return script


def _refuse_download(download: QWebEngineDownloadRequest) -> None:
    log.warning("refused a download")
    download.cancel()

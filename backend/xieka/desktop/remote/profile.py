"""The engine's profile for one visit: nothing on the disk, nothing but the fence's addresses, nothing extra."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QUrl
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from xieka.desktop.remote.fence import Fence, origin_only
from xieka.settings.early import Theme

log = logging.getLogger(__name__)

_OFF = (
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
    "ScreenCaptureEnabled",
    "TouchIconsEnabled",
    "WebGLEnabled",
)
_ON = (
    # Of this profile, in memory: what was typed outlives F5, and ends with the window (REQ-036).
    "LocalStorageEnabled",
    "PlaybackRequiresUserGesture",
    "WebRTCPublicInterfacesOnly",
)
_KINDS = ("MainFrame", "SubFrame", "Stylesheet", "Script", "Image", "FontResource", "Xhr")
"""What a page may load of its own origin; workers, sockets, pings, plug-ins and prefetches are not among it."""
_POLICY = "default-src 'self' data: 'unsafe-inline'; worker-src 'none'; object-src 'none'; form-action 'self'"
"""Beside the interceptor, as that sees where a redirect leads only when the engine is already on the way there."""
_FIRST = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "WebSocketStream"]) {
  delete window[name];
}
{
  const html = document.createElement("html"), head = document.createElement("head");
  head.append(Object.assign(document.createElement("meta"), {httpEquiv: "Content-Security-Policy", content: "POLICY"}));
  html.append(head);
  document.append(html);
  html.remove();
}
if ("THEME" !== "system") {
  new MutationObserver((_, observer) => {
    document.documentElement.dataset.theme = "THEME";
    observer.disconnect();
  }).observe(document, {childList: true});
}
"""
"""Runs in the page's own realm before all of its scripts: takes away what opens connections that no interceptor sees,
binds the document to the policy, which nothing in it can undo, and names the program's theme as the main page has it
(frontend/css/tokens.css). Qt's own word for it, QStyleHints.setColorScheme, is one for all windows, and is not heard
on every desktop (measured: not without a desktop's platform theme)."""


class Interceptor(QWebEngineUrlRequestInterceptor):  # type: ignore[misc]
    """Looks at every request of the profile, redirects included."""

    def __init__(self, fence: Fence, parent: QObject) -> None:
        super().__init__(parent)
        self._fence = fence
        kinds = QWebEngineUrlRequestInfo.ResourceType
        self._kinds = frozenset(getattr(kinds, f"ResourceType{name}") for name in _KINDS)
        self._main = kinds.ResourceTypeMainFrame
        self.sending = False
        """The window's last address was asked for by another method than GET: asking again would send again."""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802 - Qt's name
        """Block what is not wanted (Qt calls this)."""
        kind, address = info.resourceType(), encoded(info.requestUrl())
        if self._fence.contains(address) and kind in self._kinds:
            if kind == self._main:
                self.sending = bytes(info.requestMethod()) != b"GET"
            return
        info.block(True)
        log.warning("refused a request (%s) to %s", kind.name, origin_only(address))


class RemoteProfile(QWebEngineProfile):  # type: ignore[misc]
    """A profile of its own that forgets everything. Qt's thread only; it must outlive its page."""

    def __init__(self, fence: Fence, theme: Theme, parent: QObject) -> None:
        # Without a name: off the record.
        super().__init__(parent)
        # Kept here: Qt takes no ownership of it, and a collected interceptor would let everything pass.
        self.interceptor = Interceptor(fence, self)
        self.setUrlRequestInterceptor(self.interceptor)
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
        self.scripts().insert(_script(theme))


def encoded(url: QUrl) -> str:
    """The address as it goes over the wire, in ASCII."""
    return bytes(url.toEncoded()).decode("ascii")


def _script(theme: Theme) -> QWebEngineScript:
    script = QWebEngineScript()
    script.setSourceCode(_FIRST.replace("POLICY", _POLICY).replace("THEME", theme))
    script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
    script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld)
    script.setRunsOnSubFrames(True)
    return script


def _refuse_download(download: QWebEngineDownloadRequest) -> None:
    log.warning("refused a download")
    download.cancel()

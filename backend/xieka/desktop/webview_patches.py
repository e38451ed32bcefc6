"""Everything that pywebview does differently here than by itself, in one place.

The replaced names are private to one version, so the version is checked. In short: no window has a bridge or any
injected object, every window stays on the addresses it was given, nothing but this program opens a browser, and
only what the window needs is imported (QtPy's star imports alone cost 0.23 s of the start, measured).

Tested on Linux with the real Qt window; what is marked so could not be run on Windows and macOS.
"""

from __future__ import annotations

import importlib
import logging
import sys
import threading
from collections.abc import Iterable
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from xieka.core import system

log = logging.getLogger(__name__)

VERSION = "6.2.1"
PLATFORM = {"windows": "edgechromium", "macos": "cocoa"}.get(system.PLATFORM, "qt")

_allowed: dict[str, frozenset[str]] = {}


def load() -> Any:
    """Import pywebview with all replacements in place and return the module; may be called again.

    Raises RuntimeError for another version of pywebview than these replacements were written for.
    """
    if "webview" in sys.modules:
        return sys.modules["webview"]
    sys.modules["webview.http"] = _no_built_in_server()
    if PLATFORM == "qt":
        _stand_in_for_qtpy()
    webview = importlib.import_module("webview")
    version = importlib.import_module("webview._version").version
    if version != VERSION:
        raise RuntimeError(f"pywebview {version} is installed, the replacements are for {VERSION}")
    webview.settings["ALLOW_FILE_URLS"] = False
    webview.settings["ALLOW_DOWNLOADS"] = False
    webview.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"] = False
    webview.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
    # pywebview adds --no-sandbox on some distributions and answers camera requests by itself: see engine.py instead.
    util: Any = importlib.import_module("webview.util")
    util.environ_append = lambda *_: None
    platform: Any = importlib.import_module(f"webview.platforms.{PLATFORM}")
    platform.inject_pywebview = _announce_only
    platform.webbrowser = SimpleNamespace(open=_refuse_browser)
    if PLATFORM == "qt":
        _patch_qt(platform)
    return webview


def allow(window: Any, origins: Iterable[str]) -> None:
    """Let this window show pages of these origins (`http://127.0.0.1:1234`) and nothing else.

    Called before the window is created on screen; a window without a call shows nothing.
    """
    _allowed[window.uid] = frozenset(origins)
    if PLATFORM == "edgechromium":
        window.events.before_show += lambda: _guard_webview2(window)


def origin_of(url: str) -> str:
    """`scheme://host:port` of an address, exactly as it stands there."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _may_show(uid: str, url: str) -> bool:
    if origin_of(url) in _allowed.get(uid, ()):
        return True
    log.warning("refused to leave for %s", origin_of(url))
    return False


def _announce_only(_renderer: str, window: Any) -> None:
    """Instead of injecting `window.pywebview`: tell the listeners that the page is there."""
    window.events.before_load.set()

    def tell() -> None:
        window.events._pywebviewready.set()
        window.events.loaded.set()

    # The listeners may call window methods that wait for the GUI thread, so never on it.
    threading.Thread(target=tell, name="page-loaded", daemon=True).start()


def _refuse_browser(url: str, *_: object) -> bool:
    log.warning("refused to open a browser for %s", origin_of(url))
    return False


def _module(name: str, **content: object) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(content)
    return module


def _no_built_in_server() -> ModuleType:
    """pywebview's own HTTP server has no access control and serves whole folders; it cannot even be imported."""

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("pywebview's built-in server is not used")

    return _module(
        "webview.http",
        global_server=None,
        start_global_server=refuse,
        start_server=refuse,
        BottleServer=None,
        ServerType=None,
        ServerArgs=None,
    )


def _stand_in_for_qtpy() -> None:
    """The few names pywebview takes from QtPy, straight from PySide6."""
    # QtWebEngineWidgets before any QApplication: it sets the sharing of OpenGL contexts.
    from PySide6 import QtCore, QtGui, QtWebChannel, QtWebEngineCore, QtWebEngineWidgets, QtWidgets

    widgets = ("QApplication", "QFileDialog", "QMainWindow", "QMenuBar", "QMessageBox")
    engine = ("QWebEnginePage", "QWebEngineProfile", "QWebEngineSettings")
    sys.modules |= {
        "qtpy": _module("qtpy", PYQT6=False, PYSIDE6=True, QtCore=QtCore),
        "qtpy.QtCore": QtCore,
        "qtpy.QtGui": QtGui,
        "qtpy.QtNetwork": _module("qtpy.QtNetwork", QSslCertificate=None, QSslConfiguration=None),
        "qtpy.QtWebChannel": QtWebChannel,
        "qtpy.QtWebEngineCore": QtWebEngineCore,
        "qtpy.QtWebEngineWidgets": _module(
            "qtpy.QtWebEngineWidgets",
            QWebEngineView=QtWebEngineWidgets.QWebEngineView,
            **{name: getattr(QtWebEngineCore, name) for name in engine},
        ),
        "qtpy.QtWidgets": _module(
            "qtpy.QtWidgets",
            QAction=QtGui.QAction,
            **{name: getattr(QtWidgets, name) for name in widgets},
        ),
    }


def _patch_qt(platform: Any) -> None:
    view, page = platform.BrowserView, platform.BrowserView.WebPage
    original = page.__init__

    def init(self: Any, parent: Any = None, profile: Any = None) -> None:
        original(self, parent, profile=profile)
        self.xieka_uid = parent.uid
        # Until the page paints, its own colour shows instead of white.
        self.setBackgroundColor(parent.background_color)
        _close_page(self)

    page.__init__ = init
    page.acceptNavigationRequest = lambda self, url, _kind, _main_frame: _may_show(self.xieka_uid, url.toString())
    page.createWindow = _refuse_popup
    # Would be a second, unused page of the engine in every window.
    view.NavigationHandler = lambda _page: None
    # The channel object alone would put `qt.webChannelTransport` into the page.
    page.setWebChannel = lambda *_: None
    page.onFeaturePermissionRequested = _answer_permission
    view._set_js_api = lambda self: _announce_only("qt", self.pywebview_window)
    # Stopping on Ctrl+C is the quit sequence's business (quitting.py).
    platform._sigint_handler = lambda *_: None


def _close_page(page: Any) -> None:
    """Switch off what the page does not need. Copying from a button (execCommand, user gesture) works without any."""
    from PySide6.QtWebEngineCore import QWebEngineSettings

    attribute = QWebEngineSettings.WebAttribute
    for name in (
        "AllowGeolocationOnInsecureOrigins",
        "AutoLoadIconsForPage",
        "DnsPrefetchEnabled",
        "FullScreenSupportEnabled",
        "HyperlinkAuditingEnabled",
        "JavascriptCanAccessClipboard",
        "JavascriptCanOpenWindows",
        "JavascriptCanPaste",
        "LocalContentCanAccessFileUrls",
        "LocalContentCanAccessRemoteUrls",
        "LocalStorageEnabled",
        "NavigateOnDropEnabled",
        "PdfViewerEnabled",
        "PluginsEnabled",
        "ScreenCaptureEnabled",
        "WebGLEnabled",
    ):
        page.settings().setAttribute(getattr(attribute, name), False)


def _refuse_popup(_page: Any, _kind: Any) -> None:
    log.warning("refused a new window")


def _answer_permission(page: Any, origin: Any, feature: Any) -> None:
    """No page of ours needs a camera, a place or notifications; the clipboard permission would allow reading it."""
    log.info("refused the page's request for %s", feature)
    page.setFeaturePermission(origin, feature, page.PermissionPolicy.PermissionDeniedByUser)


def _guard_webview2(window: Any) -> None:
    """The navigation policy on Windows. Not tested: no Windows machine was at hand."""

    def on_starting(_sender: Any, event: Any) -> None:
        if not _may_show(window.uid, str(event.Uri)):
            event.Cancel = True

    def on_new_window(_sender: Any, event: Any) -> None:
        event.Handled = True

    core = window.native.webview.CoreWebView2
    core.NavigationStarting += on_starting
    core.NewWindowRequested += on_new_window

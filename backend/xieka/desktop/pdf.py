"""A document as PDF, by the window's own engine: on a page of its own that sees no network, no script, no bridge."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QByteArray, QMarginsF, QObject, Qt, QUrl
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from xieka.core.errors import XiekaError
from xieka.desktop.qt_thread import GuiThread

SECONDS = 30.0
"""A page takes a fraction of one; after that the engine is not going to answer."""
MARGINS_MM = (16.0, 15.0, 16.0, 15.0)
"""Left, top, right, bottom: those of the document itself (xieka.certificate.summary)."""


def make(thread: GuiThread, html: str) -> bytes:
    """`html`, at most 2 MB, on A4. Called from any thread but Qt's. Raises XiekaError E-EXP-03."""
    made: Future[bytes] = Future()
    job: _Job = thread.call(lambda: _Job(html, made))
    try:
        content = made.result(SECONDS)
    except TimeoutError as error:
        raise XiekaError("E-EXP-03") from error
    finally:
        thread.post(job.end)
    if not content.startswith(b"%PDF-"):
        raise XiekaError("E-EXP-03")
    return content


class _Nothing(QWebEngineUrlRequestInterceptor):  # type: ignore[misc]
    """Lets the document itself in (setHtml makes a data: address of it) and nothing that it may ask for."""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # noqa: N802 - Qt's name
        """Block what is not the document (Qt calls this)."""
        kinds = QWebEngineUrlRequestInfo.ResourceType
        if info.resourceType() != kinds.ResourceTypeMainFrame or info.requestUrl().scheme() != "data":
            info.block(True)


class _Document(QWebEnginePage):  # type: ignore[misc]
    """Stays at the document: the error page of another address, blocked later, would take its place in the printing."""

    _there = False

    def acceptNavigationRequest(self, url: QUrl, kind: Any, main: bool) -> bool:  # noqa: N802 - Qt's name
        """Whether to go there (Qt asks): to the document itself, once."""
        if not main:
            # Left to _Nothing: a page with a frame refused here would never be loaded.
            return True
        first, self._there = not self._there, True
        return first and url.scheme() == "data"


class _Job(QObject):  # type: ignore[misc]
    """One document's way through the engine; lives on Qt's thread."""

    def __init__(self, html: str, made: Future[bytes]) -> None:
        super().__init__()
        self._made = made
        # Without a name: off the record.
        self._profile = QWebEngineProfile(self)
        self._nothing = _Nothing(self._profile)
        self._profile.setUrlRequestInterceptor(self._nothing)
        self._page: Any = _Document(self._profile, self)
        for name in ("JavascriptEnabled", "AutoLoadImages", "PluginsEnabled", "LocalStorageEnabled"):
            self._page.settings().setAttribute(getattr(QWebEngineSettings.WebAttribute, name), False)
        # Once: it comes again when the document was refused another address, while this one is being printed.
        self._page.loadFinished.connect(self._loaded, Qt.ConnectionType.SingleShotConnection)
        self._page.setHtml(html, QUrl("about:blank"))

    def _loaded(self, well: bool) -> None:
        if not well:
            self._tell(b"")
            return
        layout = QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(*MARGINS_MM),
            QPageLayout.Unit.Millimeter,
        )
        self._page.printToPdf(self._printed, layout)

    def _printed(self, content: QByteArray) -> None:
        self._tell(bytes(content.data()))

    def _tell(self, content: bytes) -> None:
        if not self._made.done():
            self._made.set_result(content)

    def end(self) -> None:
        """The page goes before its profile."""
        self._page.deleteLater()
        self.deleteLater()

"""The embedded window: a RemoteWindow on Qt, which is not one of pywebview's and so has nothing of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from xieka.desktop.qt_thread import GuiThread
from xieka.desktop.remote.fence import Fence
from xieka.desktop.remote.model import FOLDER, Closed, checked

if TYPE_CHECKING:
    from xieka.desktop.remote.qt_view import RemoteView


class QtRemoteWindow:
    """Windows on Qt's thread, for callers on any other."""

    def __init__(self, thread: GuiThread, *, browse: Callable[[str], object], link: Callable[[str], object]) -> None:
        """`browse` opens the page itself in the system's browser, `link` an https page somewhere else.

        Both are called on Qt's thread and must return at once.
        """
        self._thread = thread
        self._browse = browse
        self._link = link
        self._view: RemoteView | None = None

    def open(
        self,
        url: str,
        allowed_origin: str,
        on_closed: Callable[[Closed], None],
        on_shown: Callable[[], None] = lambda: None,
    ) -> None:
        """See RemoteWindow. The callbacks come on Qt's thread."""
        checked(url, allowed_origin)
        self._thread.call(lambda: self._open(url, Fence(allowed_origin, FOLDER), on_closed, on_shown))

    def close(self) -> None:
        """See RemoteWindow."""
        self._thread.call(self._close)

    def _open(self, url: str, fence: Fence, on_closed: Callable[[Closed], None], on_shown: Callable[[], None]) -> None:
        # Imported here: the first such window may never come.
        from xieka.desktop.remote.qt_view import RemoteView, Way

        self._close()

        def closed(outcome: Closed) -> None:
            self._view = None
            on_closed(outcome)

        self._view = RemoteView(url, fence, Way(shown=on_shown, closed=closed, browse=self._browse, link=self._link))
        self._view.show()
        self._view.raise_()
        self._view.activateWindow()

    def _close(self) -> None:
        if self._view is not None:
            self._view.close()

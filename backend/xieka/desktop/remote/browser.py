"""The system's browser as the window: where there is no Qt, and for whoever prefers it."""

from __future__ import annotations

from collections.abc import Callable

from xieka.desktop.remote.model import Closed, checked


class SystemBrowser:
    """A RemoteWindow that hands the page to the browser and sees nothing of it any more."""

    def __init__(self, browse: Callable[[str], object]) -> None:
        """`browse` opens an address in the system's browser; it may raise XiekaError."""
        self._browse = browse

    def open(
        self,
        url: str,
        allowed_origin: str,
        on_closed: Callable[[Closed], None],
        on_shown: Callable[[], None] = lambda: None,
    ) -> None:
        """See RemoteWindow."""
        checked(url, allowed_origin)
        self._browse(url)
        on_shown()
        on_closed("elsewhere")

    def close(self) -> None:
        """See RemoteWindow: a browser's window is not ours to close."""

"""What is asked of a window for a remote page, whatever shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

Closed = Literal["closed", "skipped", "failed", "elsewhere"]
"""How a window ended: closed after the page had been there; 跳过 pressed on the window's own error page; closed without
the page ever having been there; shown by the system's browser, where nobody sees it close."""

FOLDER = "/registration/"
"""The only folder of the service that has pages."""


class RemoteWindow(Protocol):
    """Shows one page at a time. Callbacks come from a thread that must not be held up."""

    def open(
        self,
        url: str,
        allowed_origin: str,
        on_closed: Callable[[Closed], None],
        on_shown: Callable[[], None] = lambda: None,
    ) -> None:
        """Show the page; one that is open already is closed first.

        `on_shown` comes once, when the page is there; `on_closed` once, at the end. Raises ValueError for an address
        outside of `allowed_origin`'s FOLDER.
        """
        ...

    def close(self) -> None:
        """Close what is open, if anything; `on_closed` comes as if a person had closed it."""
        ...


def checked(url: str, allowed_origin: str) -> None:
    """Raises ValueError for an address outside of the folder."""
    from xieka.desktop.remote.fence import Fence

    if not Fence(allowed_origin, FOLDER).contains(url):
        raise ValueError("outside of the service's pages")

"""What registration needs of the desktop: a window of its own for the service's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

End = Literal["submitted", "left"]
"""How a visit ended; `left`: by 跳过 or by closing the window."""


@dataclass(frozen=True, slots=True)
class RemotePage:
    """A page of the service, for a window that shows nothing else."""

    address: str
    """Where it begins; may hold a one-time code, so it is neither shown nor logged."""
    origin: str
    """`scheme://host[:port]`: the only place the window's page may come from, go to and talk to."""
    submitted: frozenset[str]
    """Paths that are only reached after something was submitted."""
    closing: frozenset[str]
    """Paths at which the window closes."""


class RemoteWindow(Protocol):
    """At most one such window at a time. Every method may be called from any thread."""

    @property
    def welcome(self) -> bool:
        """The main window is on screen and no dialog is open in it or beside it: a window may come by itself now."""
        ...

    def open(self, page: RemotePage, ended: Callable[[End], object], browse: Callable[[], object]) -> None:
        """Show `page` in front; `ended` is called once, when its window is gone for good, in a thread of its own.

        `browse`: the person prefers the system's browser (在浏览器中打开); the window is closed after it, and `ended`
        is not called. Raises XiekaError E-REG-04 when a window is open already: it is brought to the front.
        """
        ...

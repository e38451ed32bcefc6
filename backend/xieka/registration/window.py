"""What registration needs of the desktop: a window of its own for the service's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

End = Literal["submitted", "left"]
"""How a visit ended; `left`: by 跳过 or by closing the window."""


@dataclass(frozen=True, slots=True)
class RemotePage:
    """A page of the service, for a window that shows nothing else."""

    address: str = field(repr=False)
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
        """A window may come by itself now: the main window is on screen, nothing is being done or typed there that it
        would take the keyboard from, and no such window is open."""
        ...

    def come(self) -> bool:
        """Bring the window that is open to the front. False: none is open."""
        ...

    def open(
        self,
        page: RemotePage,
        ended: Callable[[End], object],
        browse: Callable[[], object],
        *,
        unasked: bool = False,
    ) -> bool:
        """Show `page` in front; False: it came `unasked` and is not welcome any more, nothing was shown.

        `ended` is called once, when its window is gone for good, in a thread of its own. `browse`: the person prefers
        the system's browser (在浏览器中打开); the window is closed after it, and `ended` is not called. Raises
        XiekaError E-REG-04 when a window is open already: it is brought to the front.
        """
        ...

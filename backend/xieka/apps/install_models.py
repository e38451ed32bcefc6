"""Values of an installation under way."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from xieka.contract.content import Icon, Tone
from xieka.core.error_view import ErrorView

Step = Literal[
    "waiting", "downloading", "paused", "verifying", "confirm", "folder", "authorizing", "installing", "done", "failed"
]
"""In this order. `confirm`: 是/否 is asked (REQ-082); `folder`: where to (REQ-083), of those that we unpack;
`authorizing`: the system asks whether its own installer may run, of the others."""
FETCHING: Final = frozenset({"waiting", "downloading", "paused", "verifying"})
OVER: Final = frozenset({"done", "failed"})


class InstallView(BaseModel):
    """One installation as the page shows it."""

    model_config = ConfigDict(frozen=True)

    program: str
    """PUBLISHER/ID."""
    title: str
    icon: Icon
    tone: Tone
    publisher: str
    version: str
    update: bool
    """It is installed in another version; False also when the same is put right."""
    step: Step
    bytes: int
    """Fetched, or unpacked so far."""
    length: int
    """Of all there is to fetch, or to unpack; 0: nothing."""
    speed: int | None
    """Bytes a second."""
    remaining: int | None
    """Seconds."""
    folder: str | None
    """Where to, chosen or proposed."""
    error: ErrorView | None
    """Why it failed, or what a download waits for."""
    kept: list[str]
    """When it is done: where the user's files are now whose place a new file of the program has, below `folder`."""


class FolderCheck(BaseModel):
    """What may be said of a folder before anything is written there; `free` and `needed` in bytes."""

    model_config = ConfigDict(frozen=True)

    folder: str
    free: int
    needed: int
    error: ErrorView | None

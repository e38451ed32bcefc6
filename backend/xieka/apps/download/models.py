"""Values of the downloads."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from xieka.contract.apps import PACKAGE_LIMIT
from xieka.core.error_view import ErrorView

QUEUE_LIMIT: Final = 4
"""Downloads under way: one at work, three waiting."""

State = Literal["waiting", "downloading", "paused", "verifying", "done", "failed", "cancelled"]
"""`waiting`: its turn has not come. `downloading`: also while it waits for the network, then with a problem.
`verifying`: all bytes are there. `done`: they are right, the file has its name. `cancelled`: it is in no list any more.
"""
UNDER_WAY: Final = frozenset({"waiting", "downloading", "verifying"})


class Wanted(BaseModel):
    """A package as its publisher signed it, and where it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}(/[a-z0-9][a-z0-9-]{0,62})?$")]
    """Whose package it is, PUBLISHER/ID: one download for each program. Notes of earlier versions have a bare ID."""
    url: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    length: Annotated[int, Field(ge=1, le=PACKAGE_LIMIT)]
    """Bytes."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class NoteFile(BaseModel):
    """SHA256.json beside a part: enough to go on after a restart."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    wanted: Wanted
    validator: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,202}$")] | None = None
    """The server's, for If-Range."""
    paused: bool = False
    """True: it is not resumed by itself."""


class DownloadView(BaseModel):
    """A download as the page shows it; also the data of topic `downloads`."""

    model_config = ConfigDict(frozen=True)

    id: str
    sha256: str
    """Which package of the program it is."""
    state: State
    bytes: int
    length: int
    speed: int | None
    """Bytes a second, smoothed; None: nothing is coming."""
    remaining: int | None
    """Seconds; None: not known."""
    problem: ErrorView | None
    """Why it failed, or what it is waiting for."""

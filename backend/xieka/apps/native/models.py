"""Values about programs that the platform installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, StringConstraints

from xieka.apps.installed import Face
from xieka.contract.apps import Native, Version, full_name
from xieka.contract.base import Line, Slug

SystemVersion = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""A version as the platform writes it: `1:2.0-1`, `10.0.22621`."""
Progress = Callable[[int], object]
"""Called with per cent; the first call tells that the platform has been allowed to."""


class NativeProgram(BaseModel):
    """DATA/apps/native/ID.json: a program that we had the platform install."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    publisher: Slug
    name: Line
    version: Version
    install: Native
    shown: Face
    phase: Literal["installing", "installed"]
    """`installing`: written before the platform is asked; whether it came to pass, the platform knows."""
    before: SystemVersion | None
    """What the platform had of it before our first time; None: nothing, it is ours to take away."""
    replaced: SystemVersion | None = None
    """What the platform had of it when this installation began."""
    former: NativeProgram | None = None
    """What we had of it when this installation began: it stands as long as the new one has not come to pass."""

    @property
    def full_name(self) -> str:
        """PUBLISHER/ID."""
        return full_name(self.publisher, self.id)

    @property
    def face(self) -> Face:
        """How it is shown, the catalog gone or not."""
        return self.shown

    @property
    def ours(self) -> bool:
        """Whether it came to this computer through us."""
        return self.before is None


class Standing(NamedTuple):
    """What the platform has of a program."""

    version: str
    whole: bool
    """False: it stopped half way, or was removed half way."""


class System(Protocol):
    """A platform's installer. Every call may take long; none is made on a thread that somebody waits for."""

    def supports(self, format_: str) -> bool:
        """Whether this computer can install such a file at all."""

    def standing(self, native: Native) -> Standing | None:
        """What the platform has of it now; None: nothing. Raises XiekaError E-INS-49: it gave no answer."""

    def install(self, native: Native, archive: Path, sha256: str, progress: Progress) -> None:
        """Ask for permission, then install just this file, also over itself. Raises XiekaError E-INS-40 … 44, 50."""

    def remove(self, native: Native, *, purge: bool) -> None:
        """Ask for permission, then take it off; `purge`: with its settings. Raises XiekaError E-INS-40, 45, 48, 51."""

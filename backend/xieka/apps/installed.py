"""Values about programs that are on this computer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from xieka.apps.archive.models import Unpacked
from xieka.contract.apps import FILES_LIMIT, Argument, Inside, Version, full_name
from xieka.contract.base import Line, Slug
from xieka.contract.content import Icon, Tone
from xieka.core.errors import XiekaError

State = Literal["ok", "missing", "changed"]
"""`missing`: what is started is gone; `changed`: another file that is run is gone, or one is not what was signed."""


def _absolute(path: str) -> str:
    if not Path(path).is_absolute() or "\0" in path:
        raise ValueError("not an absolute path")
    return path


FolderPath = Annotated[str, StringConstraints(max_length=4_096), AfterValidator(_absolute)]
"""Absolute, links resolved."""


class Face(BaseModel):
    """A program's tile, as its publisher signed it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line
    icon: Icon = "briefcase"
    tone: Tone = "slate"


class Installed(BaseModel):
    """A portable program that was unpacked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    publisher: Slug
    name: Line
    version: Version
    folder: FolderPath
    entry: Inside
    """What is started, below the folder."""
    arguments: Annotated[tuple[Argument, ...], Field(max_length=20)] = ()
    installed_at: AwareDatetime
    size: Annotated[int, Field(ge=0)]
    """Bytes of all its files."""
    kept: tuple[str, ...] = ()
    """Told once, by the update itself: where the user's files are now whose place a new file of the program has."""
    shown: Face | None = None
    """None in ledgers of earlier versions."""

    @property
    def full_name(self) -> str:
        """PUBLISHER/ID."""
        return full_name(self.publisher, self.id)

    @property
    def face(self) -> Face:
        """How it is shown, the catalog gone or not."""
        return self.shown or Face(title=self.name)


class Ledger(BaseModel):
    """DATA/apps/installed/ID.json: exactly the files that we wrote."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    program: Installed
    files: Annotated[tuple[Unpacked, ...], Field(max_length=FILES_LIMIT)]
    removed: bool = False
    """Uninstalled; the folder holds the user's data alone, and the same program may come back to it."""


class Operation(BaseModel):
    """One installation or removal that has begun. All names it uses follow from `folder` and `token`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    name: Line
    kind: Literal["install", "uninstall"]
    phase: Literal["prepare", "switch"]
    """`prepare`: is taken back; `switch`: is finished."""
    folder: FolderPath
    token: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    made: Annotated[tuple[FolderPath, ...], Field(max_length=64)] = ()
    """Folders above `folder` that did not exist, the outermost first."""
    delete_user_data: bool = False

    @property
    def target(self) -> Path:
        """The program's folder."""
        return Path(self.folder)

    @property
    def staging(self) -> Path:
        """Where the new files are written: beside the folder, so that a rename suffices."""
        return self.target.with_name(f".{self.target.name}.xieka-new-{self.token}")

    @property
    def aside(self) -> Path:
        """Where the old folder waits until all that is the user's is out of it."""
        return self.target.with_name(f".{self.target.name}.xieka-old-{self.token}")


class JournalFile(BaseModel):
    """DATA/apps/journal.json: what has begun and not ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    operations: Annotated[tuple[Operation, ...], Field(max_length=200)] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a call or a recovery did to one program."""

    id: str
    name: str
    result: Literal["installed", "uninstalled", "unchanged"]
    kept: tuple[str, ...] = ()
    """As in Installed."""
    left: str = ""
    """After a removal: the folder, when something of the user's is still in it."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a recovery found."""

    done: tuple[Done, ...] = ()
    problems: tuple[XiekaError, ...] = ()
    """One for each program or file that needs somebody; the others are not held up by it."""

"""What stands in 我的应用, as it is kept in DATA/apps.json."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from xieka.content.kind import LinkKind
from xieka.contract.base import Line, Slug
from xieka.contract.content import Icon, ProgramName, Tone
from xieka.contract.links import HttpsUrl

LIMIT: Final = 200
"""Entries in 我的应用."""
UPGRADE: Final = "upgrade"
"""一证通升级应用: the builtin that a fresh installation shows (REQ-073)."""


class SavedLink(BaseModel):
    """A web address in 我的应用, as it was when it was added: changed content does not change it."""

    # Earlier files say more of an entry: when it was added.
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Slug
    name: Line
    url: HttpsUrl
    icon: Icon
    tone: Tone
    source: LinkKind
    """Where it was added from."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    pinned: bool = False
    """Stands before those that are not."""


class LinkEntry(_Entry):
    """A web address."""

    kind: Literal["link"] = "link"
    link: SavedLink

    @property
    def id(self) -> str:
        """Its name among the entries."""
        return f"link:{self.link.id}"


class ProgramEntry(_Entry):
    """An installed program; its face as the publisher signed it, so that it shows without the catalog."""

    kind: Literal["program"] = "program"
    name: ProgramName
    title: Line
    icon: Icon
    tone: Tone

    @property
    def id(self) -> str:
        """Its name among the entries."""
        return program_entry(self.name)


def program_entry(name: str) -> str:
    """The entry of the program PUBLISHER/ID."""
    return f"program:{name}"


class BuiltinEntry(_Entry):
    """A part of 协卡助手 that can be taken out of sight and back (D-29)."""

    kind: Literal["builtin"] = "builtin"
    page: Slug

    @property
    def id(self) -> str:
        """Its name among the entries."""
        return f"builtin:{self.page}"


Entry = Annotated[LinkEntry | ProgramEntry | BuiltinEntry, Field(discriminator="kind")]


class LibraryFile(BaseModel):
    """DATA/apps.json."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[2] = 2
    entries: list[Entry] = Field(default_factory=list, max_length=LIMIT)


class FirstFile(BaseModel):
    """The file's first form: links alone. Read, never written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    links: list[SavedLink] = Field(default_factory=list, max_length=LIMIT)

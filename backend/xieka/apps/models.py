"""Values of the apps room."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from xieka.content.kind import LinkKind
from xieka.contract.base import Line, Slug
from xieka.contract.content import Icon, Tone
from xieka.contract.links import HttpsUrl
from xieka.core.error_view import ErrorView

LIMIT = 200
"""Entries in 我的应用."""


class SavedLink(BaseModel):
    """A web address in 我的应用, as it was when it was added: changed content does not change it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    name: Line
    url: HttpsUrl
    icon: Icon
    tone: Tone
    source: LinkKind
    """Where it was added from."""
    added_at: AwareDatetime


class SavedFile(BaseModel):
    """DATA/apps.json."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    links: list[SavedLink] = Field(default_factory=list, max_length=LIMIT)


class SavedLinkView(BaseModel):
    """An entry as the page shows it: the domain instead of the address."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    domain: str
    icon: Icon
    tone: Tone
    added_at: AwareDatetime


class AppsView(BaseModel):
    """我的应用; `problem` says when the list had to be begun anew."""

    model_config = ConfigDict(frozen=True)

    items: list[SavedLinkView]
    problem: ErrorView | None

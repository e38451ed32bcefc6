"""Values of the content room: the content as a whole, and what the page is given of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from xieka.content.kind import LinkKind
from xieka.contract.apps import Program
from xieka.contract.content import (
    Announcements,
    Catalog,
    ClientConfiguration,
    Contact,
    Faq,
    Hall,
    Icon,
    Outlets,
    Pictures,
    Tone,
)

Source = Literal["service", "cache", "bundled"]
"""Confirmed by the service in this run; from the last time it was; shipped with the program."""


@dataclass(frozen=True, slots=True)
class PackageFile:
    """What the publisher signed of a package's file."""

    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A program the operator offers, with what its publisher signed."""

    program: Program
    files: Mapping[str, PackageFile]
    """By target path; one for every package that has a file."""
    expires: datetime
    """Until when the publisher's signature counts: nothing is installed after it."""


@dataclass(frozen=True, slots=True)
class Content:
    """One version of everything the service publishes, checked."""

    announcements: Announcements
    catalog: Catalog
    hall: Hall
    outlets: Outlets
    contact: Contact
    faq: Faq
    pictures: Pictures
    client: ClientConfiguration
    programs: tuple[Offer, ...] = ()
    """In the catalog's order; one whose publisher's signatures do not hold is left out."""


@dataclass(frozen=True, slots=True)
class ContentState:
    """`updated_at`: when the service last confirmed it (bundled: when it was made); `expired`: may be out of date."""

    source: Source
    updated_at: datetime
    expired: bool
    content: Content


class View(BaseModel):
    """What crosses to the page: no address, only the domain people are shown."""

    model_config = ConfigDict(frozen=True)


class AnnouncementView(View):
    """One announcement."""

    id: str
    title: str
    date: datetime
    text: str
    domain: str
    unread: bool


class LinkView(View):
    """One entry of 办事大厅 or 证书业务; `source` and `checked` say who looked and when."""

    id: str
    kind: LinkKind
    name: str
    short: str
    description: str
    domain: str
    category: str
    icon: Icon
    tone: Tone
    phone: str | None
    phone_name: str | None
    checked: date | None
    source: str | None
    example: bool
    saved: bool


class PictureView(View):
    """One of the two image links; `bundled`: the program's own fills the place (D-34)."""

    id: str
    alt: str
    domain: str
    bundled: bool


class CategoryView(View):
    """A group of links."""

    id: str
    name: str


class HallView(View):
    """办事大厅."""

    categories: list[CategoryView]
    links: list[LinkView]


class OutletView(View):
    """A service outlet; `open_now` None: its hours are not known in a form that can be reckoned with."""

    id: str
    name: str
    district: str
    address: str
    telephone: str
    hours: str
    open_now: bool | None
    services: str | None
    checked: date | None
    source: str | None
    example: bool


class OutletsView(View):
    """网点."""

    districts: list[str]
    items: list[OutletView]


class HotlineView(View):
    """A telephone number."""

    name: str
    number: str
    note: str
    icon: Icon
    checked: date | None
    source: str | None
    example: bool


class AgentView(View):
    """在线客服."""

    id: str
    name: str
    domain: str
    state: Literal["online", "busy"]
    example: bool


class ContactView(View):
    """热线电话 and 在线客服."""

    hotlines: list[HotlineView]
    agents: list[AgentView]


class QuestionView(View):
    """One question; the answer is Markdown's plain subset."""

    id: str
    question: str
    answer: str
    keywords: list[str]


class ContentView(View):
    """Everything the pages show of the content."""

    source: Source
    updated_at: datetime
    expired: bool
    announcements: list[AnnouncementView]
    recommended: list[str]
    """Whose 应用信息 is opened, in the order of display: `link:ID` or `program:PUBLISHER/ID`."""
    pictures: list[PictureView]
    hall: HallView
    business: list[LinkView]
    outlets: OutletsView
    contact: ContactView
    faq: list[QuestionView]
    customer_types: list[str]
    validity_years: list[int]

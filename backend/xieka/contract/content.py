"""Signed content: one model per TUF target. The publisher checks before it signs, the client before it shows.

Target paths (under `targets/`): ANNOUNCEMENTS, CATALOG, HALL, OUTLETS, CONTACT, FAQ, PICTURES, CLIENT; the images that
PICTURES names are targets of their own under `pictures/`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from xieka.contract.base import Line, Reply, Slug, Text, When, plain_lines
from xieka.contract.links import HttpsUrl, Phone

ANNOUNCEMENTS = "announcements.json"
CATALOG = "catalog.json"
HALL = "hall.json"
OUTLETS = "outlets.geojson"
CONTACT = "contact.json"
FAQ = "faq.json"
PICTURES = "pictures.json"
CLIENT = "client.json"

JSON_LIMIT = 2_000_000
"""Longest accepted JSON target, in bytes."""
IMAGE_LIMIT = 500_000
"""Longest accepted image target, in bytes."""
RECOMMENDED_LIMIT = 6
"""What 推荐应用 has room for."""

Icon = Literal[
    "building_government", "receipt", "people_team", "building_home", "building_shop", "briefcase", "heart", "cart",
    "money", "building_factory", "beaker", "data_bar_vertical", "certificate", "arrow_circle_up", "signature",
    "shield_checkmark", "globe", "book_open", "map",
]  # fmt: skip
"""Names of the client's own icons: content never brings vector code."""
Tone = Literal["blue", "teal", "amber", "indigo", "green", "rose", "orange", "violet", "slate", "cyan", "navy"]
"""Colours of a tile."""


class Origin(Reply):
    """Where an entry was taken from and when a person last looked that it is right; both None for examples."""

    source: Line | None = None
    checked: date | None = None
    example: bool = False
    """True: not verified; the client shows 示例."""


class Announcement(Reply):
    """One item of the JSON Feed 1.1; `url` is opened in the system's browser."""

    id: Slug
    url: HttpsUrl
    title: Line
    content_text: Text
    date_published: When


class Announcements(Reply):
    """最新公告 as JSON Feed 1.1 (jsonfeed.org, version 1.1), newest first."""

    version: Literal["https://jsonfeed.org/version/1.1"] = "https://jsonfeed.org/version/1.1"
    title: Line
    items: Annotated[list[Announcement], Field(max_length=200)]


class Link(Reply):
    """A web address with its face: an entry of 办事大厅, 推荐应用 or 证书业务."""

    id: Slug
    name: Line
    short: Annotated[str, StringConstraints(max_length=12), AfterValidator(plain_lines)] = ""
    """Shorter name for a narrow tile; empty: the name itself."""
    url: HttpsUrl
    description: Annotated[str, StringConstraints(max_length=600), AfterValidator(plain_lines)]
    category: Slug
    icon: Icon
    tone: Tone
    phone: Phone | None = None
    phone_name: Line | None = None
    origin: Origin


class Category(Reply):
    """A group of links, in the order of display."""

    id: Slug
    name: Line


class Hall(Reply):
    """办事大厅: the bureaus' entrances."""

    categories: Annotated[list[Category], Field(min_length=1, max_length=30)]
    links: Annotated[list[Link], Field(max_length=300)]


ProgramName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}/[a-z0-9][a-z0-9-]{0,62}$")]
"""PUBLISHER/ID of a program (contract.apps)."""
Recommended = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}(/[a-z0-9][a-z0-9-]{0,62})?$")]
"""A link of the catalog or of the hall by its id, or a ProgramName."""


class Catalog(Reply):
    """What 证书业务 offers and what is recommended on the main page."""

    programs: Annotated[tuple[ProgramName, ...], Field(max_length=100)] = ()
    """Programs in the order of display; what a publisher signs and this does not name is not offered."""
    links: Annotated[list[Link], Field(max_length=100)]
    recommended: Annotated[list[Recommended], Field(max_length=RECOMMENDED_LIMIT)]
    """In the order of display; what is not offered is not shown."""


class OpeningHours(Reply):
    """schema.org OpeningHoursSpecification for one weekday: 1 Monday … 7 Sunday, local time in Shanghai."""

    day: Annotated[int, Field(ge=1, le=7)]
    opens: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    closes: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class OutletProperties(Reply):
    """A service outlet, named as schema.org LocalBusiness where that has a name."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True, serialize_by_alias=True)

    branch_code: Slug = Field(alias="branchCode")
    name: Line
    district: Line
    address: Line
    telephone: Phone
    hours: Line
    """Opening hours as people read them."""
    opens: Annotated[tuple[OpeningHours, ...], Field(max_length=14)] = ()
    services: Line | None = None
    origin: Origin


class Point(Reply):
    """GeoJSON (RFC 7946) point: longitude, latitude in degrees, WGS 84."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[Annotated[float, Field(ge=73, le=136)], Annotated[float, Field(ge=3, le=54)]]


class Outlet(Reply):
    """GeoJSON feature; the position may be unknown (RFC 7946 §3.2)."""

    type: Literal["Feature"] = "Feature"
    geometry: Point | None
    properties: OutletProperties


class Outlets(Reply):
    """网点 as a GeoJSON FeatureCollection (RFC 7946)."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    districts: Annotated[list[Line], Field(min_length=1, max_length=40)]
    """Every district that can be chosen, with or without an outlet."""
    features: Annotated[list[Outlet], Field(max_length=1000)]


class Hotline(Reply):
    """A telephone number people may call."""

    name: Line
    number: Phone
    note: Annotated[str, StringConstraints(max_length=100), AfterValidator(plain_lines)] = ""
    icon: Icon
    origin: Origin


class Agent(Reply):
    """在线客服: a person or queue that answers at a web address."""

    id: Slug
    name: Line
    url: HttpsUrl
    state: Literal["online", "busy"]
    origin: Origin


class Contact(Reply):
    """热线电话 and 在线客服; the first hotline is the authority's own."""

    hotlines: Annotated[list[Hotline], Field(min_length=1, max_length=30)]
    agents: Annotated[list[Agent], Field(max_length=10)]


class Question(Reply):
    """One question; the answer is a plain subset of Markdown, never HTML.

    Blocks are set apart by one empty line. A block whose lines all begin with `- ` is a list, with `1. `, `2. ` … a
    numbered list; any other block is a paragraph on one line. Text between two pairs of stars is bold. Nothing else
    has a meaning.
    """

    id: Slug
    question: Line
    answer: Text
    keywords: Annotated[tuple[Line, ...], Field(max_length=30)] = ()
    """Further words a search finds it by, error codes among them."""


class Faq(Reply):
    """FAQ in the order of display."""

    questions: Annotated[list[Question], Field(min_length=1, max_length=200)]


class Picture(Reply):
    """One of the two image links: an image target, its text for those who do not see it, and where it leads."""

    image: Annotated[str, StringConstraints(pattern=r"^pictures/[a-z0-9][a-z0-9-]{0,62}\.(png|jpg)$")]
    alt: Line
    url: HttpsUrl


class Pictures(Reply):
    """图片链接 (D-34): two are shown; the client's own fill a gap, a third is ignored."""

    pictures: Annotated[list[Picture], Field(max_length=10)]


class ClientConfiguration(Reply):
    """What the client asks people to choose from (D-18)."""

    customer_types: Annotated[list[Line], Field(min_length=1, max_length=30)]
    validity_years: Annotated[list[Annotated[int, Field(ge=1, le=5)]], Field(min_length=1, max_length=5)]

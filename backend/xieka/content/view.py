"""The content as the pages show it: domains instead of addresses, unread marks, what is open now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from xieka.content import models as m
from xieka.contract import content as c
from xieka.contract.links import domain

SHANGHAI = timezone(timedelta(hours=8))
"""China Standard Time; no summer time since 1991."""


def view(
    state: m.ContentState,
    pictures: Sequence[m.PictureView],
    now: datetime,
    saved: Collection[str],
    unread: Callable[[c.Announcement], bool],
) -> m.ContentView:
    """Everything the pages show. `saved`: ids of links in 我的应用."""
    content = state.content
    hall = [_link(link, "hall", saved) for link in content.hall.links]
    business = [_link(link, "catalog", saved) for link in content.catalog.links]
    return m.ContentView(
        source=state.source,
        updated_at=state.updated_at,
        expired=state.expired,
        announcements=[
            m.AnnouncementView(
                id=item.id,
                title=item.title,
                date=item.date_published,
                text=item.content_text,
                domain=domain(item.url),
                unread=unread(item),
            )
            for item in content.announcements.items
        ],
        recommended=recommended(content),
        pictures=list(pictures),
        hall=m.HallView(
            categories=[m.CategoryView(id=one.id, name=one.name) for one in content.hall.categories], links=hall
        ),
        business=business,
        outlets=m.OutletsView(
            districts=content.outlets.districts, items=[_outlet(one, now) for one in content.outlets.features]
        ),
        contact=m.ContactView(
            hotlines=[
                m.HotlineView(name=one.name, number=one.number, note=one.note, icon=one.icon, **_origin(one.origin))
                for one in content.contact.hotlines
            ],
            agents=[
                m.AgentView(
                    id=one.id, name=one.name, domain=domain(one.url), state=one.state, example=one.origin.example
                )
                for one in content.contact.agents
            ],
        ),
        faq=[
            m.QuestionView(id=one.id, question=one.question, answer=one.answer, keywords=list(one.keywords))
            for one in content.faq.questions
        ],
        customer_types=content.client.customer_types,
        validity_years=content.client.validity_years,
    )


def recommended(content: m.Content) -> list[str]:
    """What is recommended and really there: a program that is withdrawn or does not stand the test is left out."""
    links = {link.id for link in (*content.hall.links, *content.catalog.links)}
    programs = {f"{offer.program.publisher}/{offer.program.id}" for offer in content.programs}
    kinds = {**dict.fromkeys(links, "link"), **dict.fromkeys(programs, "program")}
    return [f"{kinds[name]}:{name}" for name in content.catalog.recommended if name in kinds]


def is_open(hours: Sequence[c.OpeningHours], now: datetime) -> bool | None:
    """Whether an outlet is open at this moment, None without hours. `closes` 00:00 or before `opens`: past midnight."""
    if not hours:
        return None
    local = now.astimezone(SHANGHAI)
    time, today = local.strftime("%H:%M"), local.isoweekday()
    yesterday = (today - 2) % 7 + 1
    return any(
        (one.day == today and one.opens <= time and (time < one.closes or one.closes <= one.opens))
        or (one.day == yesterday and one.closes <= one.opens and time < one.closes)
        for one in hours
    )


def picture_id(picture: c.Picture) -> str:
    """The name of the image file without folder and ending."""
    return picture.image.removeprefix("pictures/").rpartition(".")[0]


def _link(link: c.Link, kind: str, saved: Collection[str]) -> m.LinkView:
    return m.LinkView.model_validate(
        {
            "id": link.id,
            "kind": kind,
            "name": link.name,
            "short": link.short or link.name,
            "description": link.description,
            "domain": domain(link.url),
            "category": link.category,
            "icon": link.icon,
            "tone": link.tone,
            "phone": link.phone,
            "phone_name": link.phone_name,
            "saved": link.id in saved,
            **_origin(link.origin),
        }
    )


def _outlet(outlet: c.Outlet, now: datetime) -> m.OutletView:
    one = outlet.properties
    return m.OutletView(
        id=one.branch_code,
        name=one.name,
        district=one.district,
        address=one.address,
        telephone=one.telephone,
        hours=one.hours,
        open_now=is_open(one.opens, now),
        services=one.services,
        **_origin(one.origin),
    )


def _origin(origin: c.Origin) -> dict[str, Any]:
    return {"checked": origin.checked, "source": origin.source, "example": origin.example}

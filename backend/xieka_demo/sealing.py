"""Practice seals for one certificate, signed by the seal maker of the authority that issued it."""

from __future__ import annotations

import secrets
from datetime import datetime

from xieka.core import messages
from xieka.seal import build, drawing
from xieka.seal.content import SealContent
from xieka.seal.drawing import Kind
from xieka_demo.people import Person
from xieka_service.ca.embedded import EmbeddedAuthority

_VENDOR = "XiekaPractice"
_KINDS = {Kind.FINANCE: 2, Kind.CONTRACT: 4, Kind.PERSON: 5}
"""SES_ESPropertyInfo.type: the practice authority's own numbers. What real makers write is not verified."""


def name(person: Person, kind: Kind) -> str:
    """What the person's seal of that kind is called."""
    return person.subject.name + messages.text(f"seal_{kind}")


def seal(
    authority: EmbeddedAuthority,
    person: Person,
    kind: Kind,
    certificate: bytes,
    not_before: datetime,
    not_after: datetime,
) -> bytes:
    """DER of a seal of V4 (GB/T 38540-2020), bound to `certificate`."""
    if kind is Kind.PERSON:
        # A name seal has no room for the mark; its name says that nobody is meant.
        design = drawing.Design(kind, person.representative)
    else:
        design = drawing.Design(kind, person.subject.name, code=messages.text("practice_seal_mark"))
    width, height = drawing.extent(design)
    content = SealContent(
        vendor=_VENDOR,
        es_id=secrets.token_hex(16).upper(),
        kind=_KINDS[kind],
        name=name(person, kind),
        certificates=(certificate,),
        created=not_before,
        not_before=not_before,
        not_after=not_after,
        picture_type="PNG",
        picture=drawing.draw(design),
        width_mm=round(width),
        height_mm=round(height),
    )
    return build.build(content, authority.seal_maker, authority.seal_algorithm, authority.sign_seal)

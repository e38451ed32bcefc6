"""The practice seal: a contract seal for one certificate, signed by the seal maker of the authority that issued it."""

from __future__ import annotations

import secrets
from datetime import datetime

from xieka.core import messages
from xieka.seal import build, drawing
from xieka.seal.content import SealContent
from xieka_demo.people import Person
from xieka_service.ca.embedded import EmbeddedAuthority

_VENDOR = "XiekaPractice"
_KIND = 4
_MM = 40


def name(person: Person) -> str:
    """What the person's seal is called."""
    return person.subject.name + messages.text("seal_contract")


def contract_seal(
    authority: EmbeddedAuthority, person: Person, certificate: bytes, not_before: datetime, not_after: datetime
) -> bytes:
    """DER of a seal of V4 (GB/T 38540-2020), bound to `certificate`."""
    design = drawing.Design(drawing.Kind.CONTRACT, person.subject.name, _MM, code=messages.text("practice_seal_mark"))
    content = SealContent(
        vendor=_VENDOR,
        es_id=secrets.token_hex(16).upper(),
        kind=_KIND,
        name=name(person),
        certificates=(certificate,),
        created=not_before,
        not_before=not_before,
        not_after=not_after,
        picture_type="PNG",
        picture=drawing.draw(design),
        width_mm=_MM,
        height_mm=_MM,
    )
    return build.build(content, authority.seal_maker, authority.seal_algorithm, authority.sign_seal)

"""Draws seals with Pillow: round ones of companies, the oval invoice seal, the square name seal.

Sizes follow 国发〔1999〕25号 (round, at most 45 mm, five-pointed star, name from left to right around it, 宋体),
for the invoice seal 国家税务总局公告2011年第7号, and for the rest the engravers' practice. That notice asks for 仿宋;
no font of it with a licence that lets us ship it is known to us, so 宋体 stands for it.

The same design gives the same bytes in every process and on every system that has the same Pillow (with its
FreeType and zlib); a character beyond the fonts in `fonts/` adds the system's font to what they depend on.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xieka.core import messages
from xieka.core.errors import XiekaError

LONGEST_NAME = 40
_LONGEST_CENTRE = 20
_LONGEST_CODE = 18


class Kind(StrEnum):
    """What the seal is for."""

    COMPANY = "company"
    CONTRACT = "contract"
    FINANCE = "finance"
    INVOICE = "invoice"
    PERSON = "person"


_SIZES = {Kind.COMPANY: 40.0, Kind.CONTRACT: 40.0, Kind.FINANCE: 38.0, Kind.INVOICE: 40.0, Kind.PERSON: 18.0}
"""Widths in millimetres where none is asked for: a limited company's."""

_RANGES = {Kind.PERSON: (12.0, 25.0)}
_ROUND_RANGE = (30.0, 45.0)


@dataclass(frozen=True, slots=True)
class Design:
    """What is on a seal."""

    kind: Kind
    name: str
    """Of the company, or of the person for a name seal (2 to 4 characters)."""
    size: float = 0.0
    """Diameter, or width, in millimetres; 0 for the kind's usual size. An invoice seal is 3/4 as high as wide."""
    centre: str = ""
    """Below the star (empty: the kind's own words, e.g. 合同专用章); the tax number of an invoice seal."""
    code: str = ""
    """The number along the lower rim, usually 13 digits; the seal's own number on an invoice seal, e.g. (1)."""


def extent(design: Design) -> tuple[float, float]:
    """Width and height in millimetres. Raises XiekaError E-DRW-03 for a size no such seal has."""
    size = design.size or _SIZES[design.kind]
    low, high = _RANGES.get(design.kind, _ROUND_RANGE)
    if not low <= size <= high:
        raise XiekaError("E-DRW-03", low=round(low), high=round(high))
    return size, size * 0.75 if design.kind is Kind.INVOICE else size


def draw(design: Design) -> bytes:
    """The seal as PNG (palette with transparency, 300 dpi).

    Raises XiekaError E-DRW-01 for a character no font has, E-DRW-02 and E-DRW-04 for too few or too many
    characters, E-DRW-03 for the size.
    """
    # Pillow is loaded only when a seal is drawn.
    from xieka.seal import templates

    width, height = extent(design)
    _check(design)
    if design.kind is Kind.PERSON:
        return templates.name_seal(design.name, width)
    if design.kind is Kind.INVOICE:
        return templates.invoice_seal(design.name, design.centre, _words(design.kind), design.code, width, height)
    centre = design.centre or _words(design.kind)
    return templates.round_seal(design.name, centre, design.code, width)


def _words(kind: Kind) -> str:
    return "" if kind is Kind.COMPANY else messages.text(f"seal_{kind}")


def _check(design: Design) -> None:
    person = design.kind is Kind.PERSON
    low, high = (2, 4) if person else (2, LONGEST_NAME)
    if not low <= len(design.name) <= high:
        raise XiekaError("E-DRW-02", low=low, high=high)
    for field, text, most in (("centre", design.centre, _LONGEST_CENTRE), ("code", design.code, _LONGEST_CODE)):
        allowed = 0 if person else most
        if len(text) > allowed:
            raise XiekaError("E-DRW-04", field=messages.text(f"seal_{field}"), most=allowed)

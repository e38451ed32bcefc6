"""The three shapes of seals: where everything stands. Sizes in millimetres, for the size each rule was written for."""

from __future__ import annotations

import math
from functools import partial

from xieka.core import messages
from xieka.seal.canvas import UNITS_PER_MM, Canvas
from xieka.seal.lettering import letter, number

# 宋体 is thin in print: so much is added around its strokes.
_BOLD = partial(letter, bolder=0.05 * UNITS_PER_MM)
_BOLDER = partial(letter, bolder=0.08 * UNITS_PER_MM)
_NUMBER = partial(number, bolder=0.03 * UNITS_PER_MM)
# The fullest name, by which a round seal's characters have become smallest.
_CROWD = range(16, 41)


def round_seal(name: str, centre: str, code: str, size: float) -> bytes:
    """Name over the star, `centre` below it, `code` along the lower rim (engravers' practice for 42 mm)."""
    mm = size / 42
    radius, ring = 21 * mm, 1.15 * mm
    canvas = Canvas(size, size)
    canvas.ring(radius, radius, ring)
    canvas.star(7 * mm)
    # Up to 16 characters stand at full height and leave a third of the circle free; more take more and are lower.
    crowd = max(0, len(name) - _CROWD.start) / (len(_CROWD) - 1)
    height = (5.6 - 1.2 * crowd) * mm
    span = (252 if code else 262) + 20 * crowd
    top = radius - ring - 0.9 * mm
    loosest = math.radians(20) * (top - height / 2)
    canvas.arc(name, _BOLD, (top, top), height, span=span, widest=4.2 * mm, loosest=loosest)
    if centre:
        step = min(4.0, 19 / len(centre)) * mm
        canvas.line(centre, _BOLD, 10.6 * mm, 4.4 * mm, step * 0.94, step)
    foot = radius - ring - 0.45 * mm
    if code.isascii():
        canvas.lower_arc(code, _NUMBER, foot, 1.6 * mm, 1.0 * mm, min(1.5, 22 / max(1, len(code))) * mm)
    else:
        canvas.lower_arc(code, _BOLD, foot, 1.9 * mm, 1.6 * mm, min(2.1, 22 / len(code)) * mm)
    return canvas.png()


def invoice_seal(name: str, tax_number: str, words: str, own_number: str, width: float, height: float) -> bytes:
    """The oval of 国家税务总局公告2011年第7号, there 40 × 30 mm: ring 1, name 4.2 high, tax number 3.7 high and
    26 wide in the middle, `words` 4.6 high with their top 4.2 below the middle, own number 2.2 high from 10 on.
    """
    mm = width / 40
    canvas = Canvas(width, height)
    canvas.ring(width / 2, height / 2, 1.0 * mm)
    tops = (width / 2 - 1.5 * mm, height / 2 - 1.5 * mm)
    canvas.arc(name, _BOLD, tops, 4.2 * mm, span=240, widest=3.4 * mm, loosest=5.4 * mm)
    step = min(26 / max(1, len(tax_number)), 1.75) * mm
    canvas.line(tax_number, _NUMBER, 0.0, 3.7 * mm, step, step)
    canvas.line(words, _BOLD, (4.2 + 2.3) * mm, 4.6 * mm, 3.0 * mm, 3.3 * mm)
    canvas.line(own_number, _NUMBER, (10 + 1.1) * mm, 2.2 * mm, 1.2 * mm, 1.3 * mm)
    return canvas.png()


def name_seal(name: str, side: float) -> bytes:
    """The square of a person: four characters in two columns, read from the right, made full by 之印 or 印."""
    mm = side / 18
    canvas = Canvas(side, side)
    canvas.frame(side, 0.9 * mm, 0.6 * mm)
    text = name + (messages.text(f"seal_fill_{len(name)}") if len(name) < 4 else "")
    cell = (side - 2 * 0.9 * mm - 0.8 * mm) / 2
    middle = cell / 2
    places = ((middle, -middle), (middle, middle), (-middle, -middle), (-middle, middle))
    for char, place in zip(text, places, strict=True):
        canvas.character(char, _BOLDER, place, cell * 0.98, cell * 0.98)
    return canvas.png()

"""Draws round seals of companies with Pillow.

Sizes follow 国发〔1999〕25号 (round, at most 45 mm, five-pointed star, name from left to right around it, 宋体) and
the engravers' practice for special seals: name above, the seal's purpose below the star. Everything is laid out
in millimetres on an enlarged coverage mask, which becomes one ink colour with a few levels of opacity.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from xieka.core.errors import XiekaError

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

INK = (0xE0, 0x10, 0x18)

_DPI = 300
_SUPERSAMPLING = 4
# Levels of opacity: four keep the picture below 10 kB, which matters in the small memory of a Ukey.
_LEVELS = 4
_UNITS_PER_MM = _DPI / 25.4 * _SUPERSAMPLING
# Height of the baseline in the em box of a CJK font.
_BASELINE = 0.88
_MAX_STEP = 20.0
_MAX_SPAN = 252.0
_FONTS = (
    (Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/google-noto-serif-cjk-fonts/NotoSerifCJK-Regular.ttc"), 2),
)
"""Files of Noto Serif CJK by distribution, with the index of the Simplified Chinese face in the collection."""


@dataclass(frozen=True, slots=True)
class RoundSeal:
    """A round seal; sizes in millimetres. The defaults are a 合同专用章 of a limited company."""

    name: str
    """Around the star, from left to right."""
    purpose: str = ""
    """Below the star, e.g. 合同专用章."""
    mark: str = ""
    """Small, along the lower rim."""
    diameter: float = 40.0
    ring: float = 1.0
    star: float = 13.0
    """Diameter of the circle through the star's tips."""


def draw(seal: RoundSeal) -> bytes:
    """The seal as PNG (palette with transparency, 300 dpi); the same seal gives the same bytes.

    Raises XiekaError E-DEM-03 when the font is not installed, ValueError for a character the font does not have.
    """
    canvas = _Canvas(seal.diameter)
    radius = seal.diameter / 2
    canvas.ring(radius, seal.ring)
    canvas.star(seal.star / 2)
    height = seal.diameter * (0.134 if len(seal.name) <= 16 else 0.124)
    canvas.arc(seal.name, radius - seal.ring - 0.9, height, widest=seal.diameter * 0.1)
    if seal.purpose:
        width = min(3.9, 20.5 / len(seal.purpose))
        canvas.line(seal.purpose, radius * 0.52, seal.diameter * 0.105, width, gap=0.25)
    if seal.mark:
        canvas.lower_arc(seal.mark, radius - seal.ring - 0.5, height=1.9, width=1.6)
    return canvas.png()


class _Canvas:
    """A square coverage mask; the origin is its centre, x to the right, y down, in millimetres."""

    def __init__(self, side: float) -> None:
        from PIL import Image, ImageDraw

        self._pixels = round(side / 25.4 * _DPI)
        size = self._pixels * _SUPERSAMPLING
        self._middle = size / 2
        self._mask = Image.new("L", (size, size), 0)
        self._draw = ImageDraw.Draw(self._mask)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._middle + x * _UNITS_PER_MM, self._middle + y * _UNITS_PER_MM

    def ring(self, radius: float, width: float) -> None:
        outer, inner = radius, radius - width
        self._draw.ellipse((*self._at(-outer, -outer), *self._at(outer, outer)), fill=255)
        self._draw.ellipse((*self._at(-inner, -inner), *self._at(inner, inner)), fill=0)

    def star(self, radius: float) -> None:
        # A regular pentagram: its inner corners lie on sin 18° / sin 54° of the outer radius.
        inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
        corners = []
        for i in range(10):
            angle = math.radians(36 * i - 90)
            reach = inner if i % 2 else radius
            corners.append(self._at(reach * math.cos(angle), reach * math.sin(angle)))
        self._draw.polygon(corners, fill=255)

    def arc(self, text: str, top: float, height: float, widest: float) -> None:
        """Over the top, feet towards the centre; long names get narrower characters, never lower ones."""
        step = min(_MAX_SPAN / max(1, len(text) - 1), _MAX_STEP)
        # The feet stand on the smaller circle: the width that fits there.
        width = min(widest, math.radians(step) * (top - height * 0.8)) if len(text) > 1 else widest
        middle = top - height / 2
        for char, angle in _spread(text, step):
            turn = math.radians(angle)
            self._stamp(char, width, height, middle * math.sin(turn), -middle * math.cos(turn), angle)

    def lower_arc(self, text: str, top: float, height: float, width: float) -> None:
        """Along the lower rim, heads towards the centre, still from left to right."""
        middle = top - height / 2
        step = math.degrees(width * 1.3 / middle)
        for char, angle in _spread(text, step):
            turn = math.radians(angle)
            self._stamp(char, width, height, middle * math.sin(turn), middle * math.cos(turn), -angle)

    def line(self, text: str, middle: float, height: float, width: float, gap: float) -> None:
        """Level, centred left to right."""
        start = -((len(text) - 1) * (width + gap)) / 2
        for i, char in enumerate(text):
            self._stamp(char, width, height, start + i * (width + gap), middle, 0.0)

    def _stamp(self, char: str, width: float, height: float, x: float, y: float, angle: float) -> None:
        from PIL import Image, ImageChops

        glyph = _glyph(char, round(width * _UNITS_PER_MM), round(height * _UNITS_PER_MM))
        if angle:
            glyph = glyph.rotate(-angle, Image.Resampling.BICUBIC, expand=True)
        centre_x, centre_y = self._at(x, y)
        left, top = round(centre_x - glyph.width / 2), round(centre_y - glyph.height / 2)
        place = (left, top, left + glyph.width, top + glyph.height)
        self._mask.paste(ImageChops.lighter(self._mask.crop(place), glyph), place)

    def png(self) -> bytes:
        from PIL import Image

        coverage = self._mask.resize((self._pixels, self._pixels), Image.Resampling.LANCZOS)
        levels = coverage.point([round(i / 255 * (_LEVELS - 1)) for i in range(256)])
        image = Image.frombytes("P", levels.size, levels.tobytes())
        image.putpalette(list(INK) * _LEVELS)
        opacity = bytes(round(i * 255 / (_LEVELS - 1)) for i in range(_LEVELS))
        encoded = io.BytesIO()
        image.save(encoded, "PNG", optimize=True, bits=2, transparency=opacity, dpi=(_DPI, _DPI))
        return encoded.getvalue()


def _spread(text: str, step: float) -> Iterable[tuple[str, float]]:
    first = -step * (len(text) - 1) / 2
    return ((char, first + i * step) for i, char in enumerate(text))


@lru_cache(maxsize=4)
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont

    for path, index in _FONTS:
        if path.is_file():
            return ImageFont.truetype(str(path), size, index=index)
    raise XiekaError("E-DEM-03", name="Noto Serif CJK", package="fonts-noto-cjk")


def _glyph(char: str, width: int, height: int) -> Image:
    """One character whose em box is scaled to exactly this size, width and height apart."""
    from PIL import Image, ImageDraw

    em = max(64, round(max(width, height) * 1.5))
    font = _font(em)
    if font.getmask(char).getbbox() is None or bytes(font.getmask(char)) == bytes(font.getmask("\U0010ffff")):
        raise ValueError(f"no glyph for U+{ord(char):04X}")
    image = Image.new("L", (max(1, round(font.getlength(char))), em), 0)
    # 宋体 is thin in print at this size: about 0.05 mm bolder.
    bolder = round(0.05 * _UNITS_PER_MM * em / height)
    ImageDraw.Draw(image).text(
        (0, _BASELINE * em), char, font=font, fill=255, anchor="ls", stroke_width=bolder, stroke_fill=255
    )
    return image.resize((width, height), Image.Resampling.LANCZOS)

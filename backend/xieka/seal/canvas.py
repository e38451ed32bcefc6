"""A sheet measured in millimetres on which seals are drawn: an enlarged coverage mask that becomes a PNG at the end."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

from xieka.seal.lettering import Letter

INK = (0xE0, 0x10, 0x18)
DPI = 300

_SUPERSAMPLING = 4
# Levels of opacity: four keep the picture below 10 kB, which matters in the small memory of a Ukey.
_LEVELS = 4
UNITS_PER_MM = DPI / 25.4 * _SUPERSAMPLING
# Pieces by which the length of an arc is measured; between their ends an angle is interpolated.
_PIECES = 180
# Where characters of an arc stand closest: their feet, 0.3 of their height below its middle.
_FEET = 0.3

Cut = Callable[[str, int], Letter]
"""Gives a character's box for a height in pixels."""


class Canvas:
    """The origin is the centre, x to the right, y down, in millimetres; angles in degrees, clockwise from the top."""

    def __init__(self, width: float, height: float) -> None:
        self._size = (round(width / 25.4 * DPI), round(height / 25.4 * DPI))
        enlarged = (self._size[0] * _SUPERSAMPLING, self._size[1] * _SUPERSAMPLING)
        self._middle = (enlarged[0] / 2, enlarged[1] / 2)
        self._mask = Image.new("L", enlarged, 0)
        self._draw = ImageDraw.Draw(self._mask)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._middle[0] + x * UNITS_PER_MM, self._middle[1] + y * UNITS_PER_MM

    def ring(self, radius_x: float, radius_y: float, width: float) -> None:
        """An ellipse's line of this width; the radii are the outer ones."""
        for less, fill in ((0.0, 255), (width, 0)):
            x, y = radius_x - less, radius_y - less
            # Both corners of Pillow's box belong to the figure.
            left, top = self._at(-x, -y)
            right, bottom = self._at(x, y)
            self._draw.ellipse((left, top, right - 1, bottom - 1), fill=fill)

    def frame(self, side: float, width: float, radius: float) -> None:
        """A square's line of this width, its corners rounded."""
        left, top = self._at(-side / 2, -side / 2)
        right, bottom = self._at(side / 2, side / 2)
        self._draw.rounded_rectangle(
            (left, top, right - 1, bottom - 1), radius * UNITS_PER_MM, outline=255, width=round(width * UNITS_PER_MM)
        )

    def star(self, radius: float) -> None:
        """A regular pentagram, one tip up, the centre of its tips' circle in the centre of the sheet.

        That is also its centre of area: the star looks centred, though its box reaches further up than down.
        """
        # Its inner corners lie on sin 18° / sin 54° of the outer radius.
        inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
        corners = []
        for i in range(10):
            angle = math.radians(36 * i - 90)
            reach = inner if i % 2 else radius
            corners.append(self._at(reach * math.cos(angle), reach * math.sin(angle)))
        self._draw.polygon(corners, fill=255)

    def arc(
        self,
        text: str,
        cut: Cut,
        tops: tuple[float, float],
        height: float,
        *,
        span: float,
        widest: float,
        loosest: float,
    ) -> None:
        """Along the upper part of an ellipse, feet towards the centre, in equal steps of length.

        `tops` are the radii of the ellipse that the characters' heads touch. The first and the last character are
        at most `span` degrees apart, and neighbours at most `loosest` millimetres, middle to middle. Characters that
        do not fit grow narrower, never lower.
        """
        x, y = tops[0] - height / 2, tops[1] - height / 2
        angles = [math.radians(span * (i / _PIECES - 0.5)) for i in range(_PIECES + 1)]
        points = [(x * math.sin(angle), -y * math.cos(angle)) for angle in angles]
        along = [0.0]
        for one, other in pairwise(points):
            along.append(along[-1] + math.dist(one, other))
        step = min(along[-1] / max(1, len(text) - 1), loosest)
        # Feet come closest where the ellipse turns most: at its ends, radius y²/x.
        turning = min(x * x / y, y * y / x)
        width = min(widest, step * (turning - height * _FEET) / turning)
        place = 0
        for i, char in enumerate(text):
            reached = along[-1] / 2 + step * (i - (len(text) - 1) / 2)
            while place < _PIECES - 1 and along[place + 1] < reached:
                place += 1
            part = (reached - along[place]) / (along[place + 1] - along[place])
            angle = angles[place] + part * (angles[place + 1] - angles[place])
            sine, cosine = math.sin(angle), math.cos(angle)
            # The ellipse's outward normal is (x/a², y/b²).
            turn = math.atan2(sine / x, cosine / y)
            self.character(char, cut, (x * sine, -y * cosine), width, height, turn)

    def lower_arc(self, text: str, cut: Cut, foot: float, height: float, width: float, step: float) -> None:
        """Along the lower part of a circle of radius `foot`, heads towards the centre, from left to right.

        `step` is the distance of neighbours at half their height, in millimetres.
        """
        middle = foot - height / 2
        for i, char in enumerate(text):
            angle = step / middle * ((len(text) - 1) / 2 - i)
            self.character(char, cut, (-middle * math.sin(angle), middle * math.cos(angle)), width, height, angle)

    def line(self, text: str, cut: Cut, middle: float, height: float, width: float, step: float) -> None:
        """Level, centred left to right; `middle` is the height of the characters' middle, `step` their distance."""
        for i, char in enumerate(text):
            self.character(char, cut, (step * (i - (len(text) - 1) / 2), middle), width, height)

    def character(
        self, char: str, cut: Cut, centre: tuple[float, float], width: float, height: float, turn: float = 0.0
    ) -> None:
        """One character, its box scaled in width and height apart and turned clockwise by `turn` (radians)."""
        width, height = width * UNITS_PER_MM, height * UNITS_PER_MM
        image, margin = cut(char, max(16, round(height)))
        scale_x, scale_y = (image.width - 2 * margin) / width, (image.height - 2 * margin) / height
        x, y = self._at(*centre)
        sine, cosine = math.sin(turn), math.cos(turn)
        ink = image.getbbox()
        if ink is None:
            return
        # The box around the turned ink on the mask; less of it costs less time.
        corners = [
            ((left - image.width / 2) / scale_x, (top - image.height / 2) / scale_y)
            for left in (ink[0], ink[2])
            for top in (ink[1], ink[3])
        ]
        across = [x + cosine * right - sine * down for right, down in corners]
        along = [y + sine * right + cosine * down for right, down in corners]
        left, top = math.floor(min(across)) - 1, math.floor(min(along)) - 1
        place = (left, top, math.ceil(max(across)) + 1, math.ceil(max(along)) + 1)
        # From a point of the mask back to the image: turn, scale, move.
        off_x, off_y = left - x, top - y
        back = (
            cosine * scale_x,
            sine * scale_x,
            (off_x * cosine + off_y * sine) * scale_x + image.width / 2,
            -sine * scale_y,
            cosine * scale_y,
            (off_y * cosine - off_x * sine) * scale_y + image.height / 2,
        )
        box = (place[2] - place[0], place[3] - place[1])
        turned = image.transform(box, Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)
        self._mask.paste(ImageChops.lighter(self._mask.crop(place), turned), place)

    def png(self) -> bytes:
        """The sheet in one ink, coverage as opacity: a palette PNG with its resolution."""
        coverage = self._mask.reduce(_SUPERSAMPLING)
        levels = coverage.point([round(i / 255 * (_LEVELS - 1)) for i in range(256)])
        image = Image.frombytes("P", levels.size, levels.tobytes())
        image.putpalette(list(INK) * _LEVELS)
        opacity = bytes(round(i * 255 / (_LEVELS - 1)) for i in range(_LEVELS))
        encoded = io.BytesIO()
        # The highest level would take eight times as long for 5 % less.
        image.save(encoded, "PNG", compress_level=6, bits=2, transparency=opacity, dpi=(DPI, DPI))
        return encoded.getvalue()

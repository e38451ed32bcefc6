"""Draws the small-key icon in its four tray states, every size a system asks for.

Usage: build/icons_tray/draw.py [FOLDER]   (default: backend/xieka/desktop/tray/icons)

The shapes are those of the key mark in the page (64 × 64 units): blue plate, golden key; from 32 px on with the
soft highlight, below that with a bolder key. The state is a dot at the lower right: none, green, amber or red.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
DOTS = {"none": None, "ok": "#1b9a4b", "warn": "#e09a12", "bad": "#c2281f"}
OVERSAMPLING = 8
PLATE = ("#3f93ec", "#0a4690")
GOLD = ((0.0, "#fff3cb"), (0.45, "#ffcf5c"), (1.0, "#f2a51f"))
FLAT_GOLD = ((0.0, "#ffd261"), (1.0, "#ffd261"))


def icon(state: str, size: int) -> Image.Image:
    """One icon as RGBA."""
    small = size <= 24
    scale = size * OVERSAMPLING / 64
    side = size * OVERSAMPLING

    def units(*values: float) -> list[float]:
        return [value * scale for value in values]

    plate = Image.new("L", (side, side), 0)
    ImageDraw.Draw(plate).rounded_rectangle(units(2, 2, 62, 62), radius=(13 if small else 15) * scale, fill=255)
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    picture.paste(_diagonal(side, ((0.0, PLATE[0]), (1.0, PLATE[1])), units(2, 62)), mask=plate)
    if not small:
        shine = Image.new("L", (side, side), 0)
        ImageDraw.Draw(shine).polygon(units(2, 2, 62, 2, 62, 20, 44, 15, 22, 19, 2, 30), fill=round(255 * 0.12))
        picture.paste("#ffffff", mask=ImageChops.darker(shine, plate))
    picture.paste(_diagonal(side, FLAT_GOLD if small else GOLD, units(12, 54)), mask=_key(side, scale, small=small))
    if colour := DOTS[state]:
        # A ring of the background is cut out around the dot, so that it reads on any panel colour.
        centre, radius, gap = 48, 13, 4
        hole = Image.new("L", (side, side), 255)
        ImageDraw.Draw(hole).ellipse(_circle(centre, radius + gap, scale), fill=0)
        picture.putalpha(ImageChops.darker(picture.getchannel("A"), hole))
        ImageDraw.Draw(picture).ellipse(_circle(centre, radius, scale), fill=colour)
    return picture.resize((size, size), Image.Resampling.BOX)


def _key(side: int, scale: float, *, small: bool) -> Image.Image:
    """The key as a mask: a ring, a shaft and its bits, all strokes with round ends."""
    mask = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(mask)
    width, radius = (8.4, 11.0) if small else (6.6, 10.2)
    strokes = (
        [(32.5, 32.5, 52, 52), (44, 44, 38, 50)]
        if small
        else [(31.4, 31.4, 50, 50), (42.6, 42.6, 37.2, 48), (49.6, 49.6, 45.2, 54)]
    )
    draw.ellipse(_circle(24, radius + width / 2, scale), fill=255)
    draw.ellipse(_circle(24, radius - width / 2, scale), fill=0)
    for x1, y1, x2, y2 in strokes:
        draw.line([v * scale for v in (x1, y1, x2, y2)], fill=255, width=round(width * scale))
        for x, y in ((x1, y1), (x2, y2)):
            half = width / 2 * scale
            draw.ellipse([x * scale - half, y * scale - half, x * scale + half, y * scale + half], fill=255)
    return mask


def _circle(centre: float, radius: float, scale: float) -> list[float]:
    return [(centre - radius) * scale, (centre - radius) * scale, (centre + radius) * scale, (centre + radius) * scale]


def _diagonal(side: int, stops: tuple[tuple[float, str], ...], span: list[float]) -> Image.Image:
    """A gradient from the upper left to the lower right corner of the square `span`."""
    from PIL import ImageColor

    colours = [(at, ImageColor.getrgb(colour)) for at, colour in stops]
    start, end = span
    row = Image.new("RGB", (2 * side, 1))
    for x in range(2 * side):
        at = min(1.0, max(0.0, (x / 2 - start) / (end - start)))
        low = max((c for c in colours if c[0] <= at), key=lambda c: c[0])
        high = min((c for c in colours if c[0] >= at), key=lambda c: c[0])
        part = 0.0 if high[0] == low[0] else (at - low[0]) / (high[0] - low[0])
        mixed = tuple(round(a + (b - a) * part) for a, b in zip(low[1], high[1], strict=True))
        row.putpixel((x, 0), mixed)
    # Line y shows the row from y on: equal x + y means equal colour.
    picture = Image.new("RGB", (side, side))
    for y in range(side):
        picture.paste(row.crop((y, 0, y + side, 1)), (0, y))
    return picture


def main() -> None:
    """Write all icons."""
    default = Path(__file__).resolve().parents[2] / "backend" / "xieka" / "desktop" / "tray" / "icons"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    for state in DOTS:
        for size in SIZES:
            icon(state, size).save(folder / f"{state}-{size}.png", optimize=True)


if __name__ == "__main__":
    main()

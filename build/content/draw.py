"""Draws the two example pictures of the main page into the seed: `.venv/bin/python build/content/draw.py`.

Text is set in Noto Sans CJK SC (SIL Open Font License), taken from the system; the pictures are committed, so that
nobody needs the font to build the program.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SEED = Path(__file__).parents[2] / "backend/xieka_service/content/seed/pictures"
WIDTH, HEIGHT = 430, 156
FINE = 4
"""Everything is drawn this many times larger and reduced, which smooths the edges."""
FONTS = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED = 2
"""Index of the Simplified Chinese face in the collection."""
TEXT_LEFT = 28

Color = tuple[int, int, int]
Motif = Callable[[Image.Image], None]


def main() -> None:
    """Both pictures."""
    save("renewal", ((21, 101, 192), (13, 71, 161)), "证书快到期了？", "看看怎么续期", certificate)
    save("guide", ((15, 118, 110), (13, 96, 90)), "上海一网通办", "企业办事，从这里开始", skyline)


def save(name: str, colors: tuple[Color, Color], title: str, line: str, motif: Motif) -> None:
    """One picture: a gradient, a motif at the right, two lines of text at the left."""
    picture = gradient(*colors)
    motif(picture)
    text(picture, title, "NotoSansCJK-Bold.ttc", 30, 28)
    text(picture, line, "NotoSansCJK-Regular.ttc", 24, 76)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    # A palette without dithering looks the same here and takes a quarter of the room.
    small.quantize(256, dither=Image.Dither.NONE).save(SEED / f"{name}.png", optimize=True)


def gradient(start: Color, end: Color) -> Image.Image:
    """From the upper left to the lower right."""
    ramp = Image.linear_gradient("L").resize((WIDTH * FINE, HEIGHT * FINE))
    across = Image.linear_gradient("L").rotate(90).resize((WIDTH * FINE, HEIGHT * FINE))
    mask = Image.blend(ramp, across, 0.7)
    return Image.composite(Image.new("RGB", mask.size, end), Image.new("RGB", mask.size, start), mask)


def text(picture: Image.Image, value: str, font: str, size: int, top: int) -> None:
    """A line of white text; `top` and `size` in pixels of the finished picture."""
    face = ImageFont.truetype(FONTS / font, size * FINE, index=SIMPLIFIED)
    ImageDraw.Draw(picture).text((TEXT_LEFT * FINE, top * FINE), value, fill="white", font=face, anchor="la")


def shade(picture: Image.Image, color: str, opacity: float, draw: Callable[[ImageDraw.ImageDraw], object]) -> None:
    """Whatever `draw` paints (in white), laid over the picture in `color`."""
    mask = Image.new("L", picture.size)
    draw(ImageDraw.Draw(mask))
    picture.paste(Image.new("RGB", picture.size, color), mask=mask.point(lambda value: round(value * opacity)))


def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    """Corners in pixels of the finished picture."""
    return (left * FINE, top * FINE, right * FINE, bottom * FINE)


def certificate(picture: Image.Image) -> None:
    """A sheet with a seal, a little turned."""
    shade(picture, "white", 0.08, lambda draw: draw.ellipse(box(268, 30, 448, 210), fill=255))
    shade(picture, "white", 0.08, lambda draw: draw.ellipse(box(330, 76, 490, 236), fill=255))
    sheet = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle(box(308, 42, 380, 132), 8 * FINE, fill="#f4f8ff")
    for top, right in ((58, 366), (72, 366), (86, 348)):
        draw.rounded_rectangle(box(320, top, right, top + 5), 2 * FINE, fill="#9db9de")
    draw.ellipse(box(340, 96, 368, 124), fill="#f5b942")
    draw.line([(346 * FINE, 110 * FINE), (352 * FINE, 116 * FINE), (362 * FINE, 104 * FINE)], fill="#7a4a00", width=16)
    turned = sheet.rotate(-10, Image.Resampling.BICUBIC, center=(344 * FINE, 87 * FINE))
    picture.paste(turned, mask=turned)


def skyline(picture: Image.Image) -> None:
    """Towers, and a speech bubble in front of them."""

    def towers(draw: ImageDraw.ImageDraw) -> None:
        for left, top, width in ((250, 84, 30), (286, 58, 34), (390, 70, 40)):
            draw.rectangle(box(left, top, left + width, HEIGHT), fill=255)
        draw.polygon(
            [(x * FINE, y * FINE) for x, y in ((330, HEIGHT), (338, 34), (346, 6), (354, 34), (362, HEIGHT))], 255
        )

    shade(picture, "white", 0.13, towers)
    shade(picture, "white", 0.10, lambda draw: draw.ellipse(box(302, 60, 430, 188), fill=255))
    sheet = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle(box(326, 70, 406, 128), 12 * FINE, fill="#f2fbf9")
    draw.polygon([(x * FINE, y * FINE) for x, y in ((340, 126), (340, 144), (360, 126))], fill="#f2fbf9")
    for number in range(3):
        middle = 348 + 18 * number
        draw.ellipse(box(middle - 5, 94, middle + 5, 104), fill="#0f766e")
    picture.paste(sheet, mask=sheet)


if __name__ == "__main__":
    main()

"""Characters of seals as coverage images, from fonts that are the same everywhere.

The fonts in `fonts/` are the first source: Noto Serif CJK SC with the characters of GB 2312 (standing for 宋体), and
Noto Sans CJK SC with digits and capitals (for code and tax numbers, which engravers set in Arial). Only characters
beyond them, such as rare ones of personal names, come from the system's own Noto Serif CJK. So the usual seal depends
on no system font, and a character that nobody has is an error and never a box.
"""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xieka.core.errors import XiekaError

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

_OURS = Path(__file__).parent / "fonts"
SERIF = (_OURS / "NotoSerifCJKsc-GB2312.otf", 0)
SANS = (_OURS / "NotoSansCJKsc-Numbers.otf", 0)
SYSTEM = (
    (Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/noto-cjk/NotoSerifCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/google-noto-serif-cjk-fonts/NotoSerifCJK-Regular.ttc"), 2),
)
"""Files of Noto Serif CJK by distribution, with the index of the Simplified Chinese face in the collection."""

# Height of the baseline in the em box of a CJK font, and of Noto Sans' capitals, in em.
_BASELINE = 0.88
_CAPITAL = 0.733
# A size at which a glyph is surely told from the font's sign for "missing".
_LOOK = 48
_NEVER_A_CHARACTER = "\U0010ffff"


class Letter(NamedTuple):
    """A character's box with `margin` pixels around it for what reaches beyond, e.g. its own emboldening."""

    image: Image
    margin: int


def letter(char: str, pixels: int, bolder: float) -> Letter:
    """The character's em box, as high as `pixels` and as wide as the character; `bolder` pixels go to each side.

    Raises XiekaError E-DRW-01 when no font has the character.
    """
    font = _font(*_source(char), pixels)
    return _drawn(char, font, pixels, round(_BASELINE * pixels), bolder)


def number(char: str, pixels: int, bolder: float) -> Letter:
    """As `letter`, for digits and capitals: the box is as high as a capital, with nothing above and below.

    A character that the sans font does not have gives its em box instead, e.g. a Chinese one.
    """
    if not _has(*SANS, char):
        return letter(char, pixels, bolder)
    # Brackets reach below the baseline by a quarter of a capital.
    return _drawn(char, _font(*SANS, round(pixels / _CAPITAL)), pixels, pixels, bolder, hanging=pixels // 4)


def _drawn(char: str, font: FreeTypeFont, height: int, baseline: int, bolder: float, hanging: int = 0) -> Letter:
    from PIL import Image, ImageDraw

    margin = hanging + math.ceil(bolder) + 1
    width = max(1, round(font.getlength(char)))
    image = Image.new("L", (width + 2 * margin, height + 2 * margin), 0)
    ImageDraw.Draw(image).text(
        (margin, margin + baseline), char, font=font, fill=255, anchor="ls", stroke_width=bolder, stroke_fill=255
    )
    return Letter(image, margin)


@lru_cache(maxsize=16)
def _font(path: Path, index: int, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    # The basic layout, because the other one depends on a library that is not everywhere.
    return ImageFont.truetype(str(path), size, index=index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1024)
def _source(char: str) -> tuple[Path, int]:
    # Signs that are seen as nothing, or only together with others, have no place in a seal.
    if char == " " or unicodedata.category(char)[0] in "LNPS":
        for path, index in (SERIF, *SYSTEM):
            if path.is_file() and (char == " " or _has(path, index, char)):
                return path, index
    shown = char if unicodedata.category(char)[0] in "LNPS" else "?"
    raise XiekaError("E-DRW-01", char=shown, point=f"U+{ord(char):04X}")


@lru_cache(maxsize=1024)
def _has(path: Path, index: int, char: str) -> bool:
    font = _font(path, index, _LOOK)
    mask = font.getmask(char)
    return mask.getbbox() is not None and _pixels(font, char) != _pixels(font, _NEVER_A_CHARACTER)


def _pixels(font: FreeTypeFont, char: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(char)
    return mask.size, bytes(mask)

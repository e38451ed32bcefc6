"""The drawn seal, looked at pixel by pixel."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from xieka.core.errors import XiekaError
from xieka.seal import drawing

SEAL = drawing.RoundSeal("上海沪申示例贸易有限公司", "合同专用章", "仅供练习")


def opacity(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("RGBA").getchannel("A")


def inked(alpha: Image.Image, left: float, top: float, right: float, bottom: float) -> float:
    """Share of ink in a part of the picture given in fractions of its side."""
    side = alpha.width
    part = alpha.crop((int(left * side), int(top * side), int(right * side), int(bottom * side)))
    return sum(part.get_flattened_data()) / 255 / (part.width * part.height)


def test_size_and_file() -> None:
    png = drawing.draw(SEAL)
    with Image.open(io.BytesIO(png)) as image:
        assert (image.mode, image.size) == ("P", (472, 472))
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert {colour[:3] for _, colour in image.convert("RGBA").getcolors() or []} == {drawing.INK}
    # The memory of a Ukey is small.
    assert len(png) < 12_000


def test_same_seal_same_bytes() -> None:
    assert drawing.draw(SEAL) == drawing.draw(SEAL)
    assert drawing.draw(SEAL) != drawing.draw(drawing.RoundSeal("上海沪申示例贸易有限公司"))


def test_everything_is_in_its_place() -> None:
    alpha = opacity(drawing.draw(SEAL))
    assert alpha.getpixel((0, 0)) == 0
    # Ring at the four ends of the axes, star in the middle, nothing between star and name's inner edge.
    for x, y in ((3, 236), (469, 236), (236, 3), (236, 469)):
        assert alpha.getpixel((x, y)) == 255
    assert alpha.getpixel((236, 236)) == 255
    assert inked(alpha, 0.2, 0.7, 0.8, 0.8) > 0.1, "purpose"
    assert inked(alpha, 0.4, 0.9, 0.6, 0.96) > 0.05, "mark"
    bare = opacity(drawing.draw(drawing.RoundSeal("上海沪申示例贸易有限公司")))
    assert inked(bare, 0.35, 0.7, 0.65, 0.93) == 0


def test_name_is_symmetric_around_the_top() -> None:
    alpha = opacity(drawing.draw(drawing.RoundSeal("中" * 11)))
    left, right = inked(alpha, 0, 0, 0.5, 1), inked(alpha, 0.5, 0, 1, 1)
    assert left == pytest.approx(right, rel=0.02)


def test_long_names_stay_on_the_arc() -> None:
    alpha = opacity(drawing.draw(drawing.RoundSeal("上海市浦东新区沪申示例国际贸易投资管理有限公司")))
    # The name spans 252 degrees: the lowest part inside the ring stays free.
    assert inked(alpha, 0.35, 0.8, 0.65, 0.93) == 0


def test_character_without_glyph() -> None:
    with pytest.raises(ValueError, match="U\\+E000"):
        drawing.draw(drawing.RoundSeal("公司\ue000"))


def test_font_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_FONTS", ((Path("/nowhere/font.ttc"), 0),))
    drawing._font.cache_clear()
    with pytest.raises(XiekaError) as caught:
        drawing.draw(SEAL)
    assert caught.value.code == "E-DEM-03"
    assert "Noto Serif CJK" in caught.value.body()["what"]

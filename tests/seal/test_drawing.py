"""Drawn seals, looked at pixel by pixel."""

from __future__ import annotations

import hashlib
import io
import math
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image

from xieka.core.errors import XiekaError
from xieka.seal import lettering
from xieka.seal.canvas import INK, Canvas
from xieka.seal.drawing import Design, Kind, draw

NAME = "上海沪申示例贸易有限公司"
COMPANY = Design(Kind.COMPANY, NAME, 42.0, code="3101150123456")
CONTRACT = Design(Kind.CONTRACT, NAME, 40.0, code="仅供练习")
INVOICE = Design(Kind.INVOICE, NAME, centre="91310115MA1K00007Q", code="(1)")
PERSON = Design(Kind.PERSON, "张三")
DESIGNS = (COMPANY, CONTRACT, Design(Kind.FINANCE, NAME), INVOICE, PERSON)


def opacity(design: Design) -> Image.Image:
    with Image.open(io.BytesIO(draw(design))) as image:
        return image.convert("RGBA").getchannel("A")


def inked(alpha: Image.Image, left: float, top: float, right: float, bottom: float) -> float:
    """Share of ink in a part of the picture given in fractions of its sides."""
    width, height = alpha.size
    part = alpha.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
    return sum(part.get_flattened_data()) / 255 / (part.width * part.height)


@pytest.mark.parametrize(
    ("design", "pixels"),
    [
        pytest.param(COMPANY, (496, 496), id="42-mm"),
        pytest.param(CONTRACT, (472, 472), id="40-mm"),
        pytest.param(INVOICE, (472, 354), id="oval"),
        pytest.param(PERSON, (213, 213), id="square"),
    ],
)
def test_size_and_file(design: Design, pixels: tuple[int, int]) -> None:
    png = draw(design)
    with Image.open(io.BytesIO(png)) as image:
        assert (image.mode, image.size) == ("P", pixels)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert {colour[:3] for _, colour in image.convert("RGBA").getcolors() or []} == {INK}
    # The memory of a Ukey is small.
    assert len(png) < 12_000


def test_same_bytes_in_every_process(tmp_path: Path) -> None:
    """Other hash seed, folder, time zone and language; no system font: only Pillow and our fonts decide."""
    program = (
        "import hashlib; from tests.seal.test_drawing import DESIGNS, draw; from xieka.seal import lettering\n"
        "lettering.SYSTEM = ()\n"
        "print(*(hashlib.sha256(draw(design)).hexdigest() for design in DESIGNS))"
    )
    here = [hashlib.sha256(draw(design)).hexdigest() for design in DESIGNS]
    assert len(set(here)) == len(DESIGNS)
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "UTC")):
        path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
        environment = {"PYTHONPATH": path, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        there = subprocess.run(
            [sys.executable, "-c", program], env=environment, cwd=tmp_path, check=True, capture_output=True, text=True
        )
        assert there.stdout.split() == here


def test_round_seal_has_everything_in_its_place() -> None:
    alpha = opacity(CONTRACT)
    assert alpha.getpixel((0, 0)) == 0
    # Ring at the four ends of the axes, star in the middle, nothing between star and name's inner edge.
    for x, y in ((3, 236), (469, 236), (236, 3), (236, 469)):
        assert alpha.getpixel((x, y)) == 255
    assert alpha.getpixel((236, 236)) == 255
    assert inked(alpha, 0.2, 0.7, 0.8, 0.8) > 0.1, "purpose"
    assert inked(alpha, 0.4, 0.9, 0.6, 0.96) > 0.05, "code"
    bare = opacity(Design(Kind.COMPANY, NAME))
    assert inked(bare, 0.35, 0.7, 0.65, 0.93) == 0


def test_star_is_centred() -> None:
    """Its tip stands a sixth of the diameter above the middle, its lower tips at cos 36° of that below."""
    alpha = opacity(COMPANY)
    middle = alpha.width / 2
    _, top, _, bottom = alpha.crop((150, 150, 346, 346)).getbbox() or (0, 0, 0, 0)
    radius = alpha.width / 6
    assert top + 150 == pytest.approx(middle - radius, abs=2)
    assert bottom + 150 == pytest.approx(middle + 0.809 * radius, abs=2)
    star = alpha.crop((150, 150, 346, 346))
    # A pentagram has 1.1226 times the square of its radius.
    assert sum(star.get_flattened_data()) / 255 == pytest.approx(1.1226 * radius**2, rel=0.02)
    mirrored = star.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert sum(abs(a - b) for a, b in zip(star.get_flattened_data(), mirrored.get_flattened_data(), strict=True)) < (
        0.02 * sum(star.get_flattened_data())
    )


def on_circle(alpha: Image.Image, radius: float) -> list[bool]:
    """Where a circle of this share of the picture's half meets ink, in half degrees clockwise from the top."""
    middle = alpha.width / 2
    found = []
    for half in range(720):
        turn = math.radians(half / 2)
        place = (middle * (1 + radius * math.sin(turn)), middle * (1 - radius * math.cos(turn)))
        found.append(alpha.getpixel((int(place[0]), int(place[1]))) != 0)
    return found


@pytest.mark.parametrize("length", [2, 4, 7, 12, 16, 24, 32, 40])
def test_name_is_evenly_spread_around_the_top(length: int) -> None:
    # I is one upright stroke: where it stands is where its character does.
    hits = on_circle(opacity(Design(Kind.COMPANY, "I" * length, 42.0, code="3101150123456")), 0.76)
    turned = hits[360:] + hits[:360]
    edges = [i for i, (one, other) in enumerate(pairwise(turned)) if one != other]
    strokes = [(a + b) / 4 - 180 for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert len(strokes) == length, strokes
    assert strokes[0] == pytest.approx(-strokes[-1], abs=1)
    steps = [other - one for one, other in pairwise(strokes)]
    assert max(steps) - min(steps) <= 1.5
    assert max(steps) <= 21
    assert strokes[-1] - strokes[0] <= 273


@pytest.mark.parametrize("length", [4, 12, 17, 24, 40])
def test_characters_do_not_touch(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of its height above a character's foot, where strokes end, its box keeps to its share of the circle."""
    boxes: list[tuple[float, float, float, float]] = []

    def note(
        _: Canvas, __: str, ___: object, centre: tuple[float, float], width: float, height: float, turn: float
    ) -> None:
        boxes.append((math.hypot(*centre), width, height, math.degrees(turn)))

    monkeypatch.setattr(Canvas, "character", note)
    draw(Design(Kind.COMPANY, "日" * length, 42.0))
    assert len(boxes) == length
    step = boxes[1][3] - boxes[0][3]
    for middle, width, height, _ in boxes:
        assert 2 * math.degrees(math.atan2(width / 2, middle - 0.3 * height)) <= step
        # Heads keep their distance from the ring, which is 1.15 mm wide.
        assert 0.7 <= 21 - 1.15 - (middle + height / 2) <= 1.1
        assert width >= 0.3 * height


def test_lower_rim_stays_free_below_long_names() -> None:
    alpha = opacity(Design(Kind.CONTRACT, "上海市浦东新区沪申示例国际贸易投资管理有限公司", 40.0))
    # The name spans 262 degrees: the lowest part inside the ring stays free.
    assert inked(alpha, 0.35, 0.83, 0.65, 0.93) == 0


def test_invoice_seal_follows_the_notice() -> None:
    alpha = opacity(INVOICE)
    width, height = 40, 30

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        place = alpha.crop(tuple(round(mm / 25.4 * 300) for mm in (left, top, right, bottom))).getbbox()
        assert place is not None
        return tuple(pixel / 300 * 25.4 for pixel in place)  # type: ignore[return-value]

    assert alpha.getpixel((2, 177)) == alpha.getpixel((236, 2)) == 255
    # Tax number: 3.7 high and 26 wide around the middle.
    _, top, _, bottom = box(7, 12.6, 31, 17.4)  # without the tail of the Q at its end
    left, _, right, _ = box(7, 12.6, 33, 17.4)
    assert bottom - top == pytest.approx(3.8, abs=0.25)
    assert right - left == pytest.approx(26, abs=0.7)
    assert 12.6 + (top + bottom) / 2 == pytest.approx(height / 2, abs=0.15)
    # 发票专用章: begins 4.2 below the middle; the own number 10 below it.
    _, top, _, bottom = box(12, 18, 28, 24.6)
    assert 18 + top == pytest.approx(15 + 4.2, abs=0.5)
    assert bottom - top == pytest.approx(4.6, abs=0.6)
    assert box(width / 2 - 3, 24.7, width / 2 + 3, 28)[1] + 24.7 == pytest.approx(15 + 10, abs=0.4)


@pytest.mark.parametrize(
    ("name", "text"), [("张三", "张三之印"), ("欧阳明", "欧阳明印"), ("欧阳明珠", "欧阳明珠"), ("丁一", "丁一之印")]
)
def test_name_seal_is_read_from_the_right_column(name: str, text: str) -> None:
    assert draw(Design(Kind.PERSON, name)) == draw(Design(Kind.PERSON, text))


@pytest.mark.parametrize(
    ("name", "place"), [("一口口口", (1, 0)), ("口一口口", (1, 1)), ("口口一口", (0, 0)), ("口口口一", (0, 1))]
)
def test_name_seal_fills_four_places(name: str, place: tuple[int, int]) -> None:
    alpha = opacity(Design(Kind.PERSON, name))
    corners = {
        (x, y): inked(alpha, 0.1 + 0.4 * x, 0.1 + 0.4 * y, 0.5 + 0.4 * x, 0.5 + 0.4 * y) for x in (0, 1) for y in (0, 1)
    }
    # 一 has far less ink than 口, but some.
    assert min(corners, key=lambda corner: corners[corner]) == place
    assert corners[place] > 0.05
    assert min(ink for corner, ink in corners.items() if corner != place) > 1.5 * corners[place]


@pytest.mark.parametrize(
    ("design", "code"),
    [
        pytest.param(Design(Kind.COMPANY, "公司\ue000"), "E-DRW-01", id="private-use"),
        pytest.param(Design(Kind.COMPANY, "公司\U0010fffd"), "E-DRW-01", id="no-font-has-it"),
        pytest.param(Design(Kind.COMPANY, "公\u200b司"), "E-DRW-01", id="invisible"),
        pytest.param(Design(Kind.COMPANY, "公\n司"), "E-DRW-01", id="control"),
        pytest.param(Design(Kind.COMPANY, "公司😀"), "E-DRW-01", id="emoji"),
        pytest.param(Design(Kind.COMPANY, "公司e\u0301"), "E-DRW-01", id="combining"),
        pytest.param(Design(Kind.COMPANY, NAME, code="31\ud800"), "E-DRW-01", id="lone-surrogate"),
        pytest.param(Design(Kind.COMPANY, "公"), "E-DRW-02", id="too-short"),
        pytest.param(Design(Kind.COMPANY, "公" * 41), "E-DRW-02", id="too-long"),
        pytest.param(Design(Kind.PERSON, "阿卜杜拉江"), "E-DRW-02", id="person-too-long"),
        pytest.param(Design(Kind.COMPANY, NAME, 46.0), "E-DRW-03", id="larger-than-the-rules"),
        pytest.param(Design(Kind.COMPANY, NAME, -1.0), "E-DRW-03", id="negative"),
        pytest.param(Design(Kind.COMPANY, NAME, float("nan")), "E-DRW-03", id="not-a-number"),
        pytest.param(Design(Kind.COMPANY, NAME, float("inf")), "E-DRW-03", id="infinite"),
        pytest.param(Design(Kind.PERSON, "张三", 40.0), "E-DRW-03", id="name-seal-of-a-company's-size"),
        pytest.param(Design(Kind.COMPANY, NAME, centre="字" * 21), "E-DRW-04", id="centre-too-long"),
        pytest.param(Design(Kind.COMPANY, NAME, code="1" * 19), "E-DRW-04", id="code-too-long"),
        pytest.param(Design(Kind.PERSON, "张三", code="1"), "E-DRW-04", id="name-seal-has-no-code"),
    ],
)
def test_what_is_not_drawn(design: Design, code: str) -> None:
    with pytest.raises(XiekaError) as caught:
        draw(design)
    assert caught.value.code == code


def test_rare_characters_come_from_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    rare = Design(Kind.PERSON, "李喆")
    assert not "喆".encode("gb2312", "ignore")
    monkeypatch.setattr(lettering, "SYSTEM", ())
    lettering._source.cache_clear()
    with pytest.raises(XiekaError) as caught:
        draw(rare)
    assert caught.value.code == "E-DRW-01"
    assert "喆" in caught.value.body()["what"]
    monkeypatch.undo()
    lettering._source.cache_clear()
    if not any(path.is_file() for path, _ in lettering.SYSTEM):
        pytest.skip("no Noto Serif CJK on this system")
    assert draw(rare) != draw(Design(Kind.PERSON, "李哲"))


def test_fonts_have_all_of_gb2312_and_are_small() -> None:
    for row in range(16, 88):
        for cell in range(1, 95):
            try:
                char = bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            assert lettering._has(*lettering.SERIF, char), char
    assert all(lettering._has(*lettering.SANS, char) for char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()-")
    assert lettering.SERIF[0].stat().st_size < 2_200_000
    licence = lettering.SERIF[0].with_name("OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence

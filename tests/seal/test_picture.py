"""Pictures of seals: every raster type becomes clean PNG; everything else is refused before it costs anything."""

from __future__ import annotations

import io
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from tests.conftest import SAMPLES
from tests.seal.make import picture, seal
from xieka.core.errors import XiekaError
from xieka.seal import picture as pictures
from xieka.seal import service


@pytest.mark.parametrize("file", sorted((SAMPLES / "seals").iterdir()), ids=lambda file: file.stem)
def test_real_seal(file: object) -> None:
    shown = service.picture(file.read_bytes())  # type: ignore[attr-defined]
    with Image.open(io.BytesIO(shown.png)) as image:
        assert (image.format, image.size) == ("PNG", (shown.width, shown.height))
        assert shown.width == shown.height >= 236
        # Something red is on it.
        colours = image.convert("RGBA").getcolors(1_000_000) or []
        assert any(alpha and red > 150 > green for _, (red, green, _, alpha) in colours)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "BMP"])
def test_raster_types(kind: str) -> None:
    # The declared type is not believed: real seals write it in many ways.
    shown = service.picture(seal(picture=picture(kind), picture_type="whatever"))
    assert (shown.width, shown.height) == (40, 30)
    with Image.open(io.BytesIO(shown.png)) as image:
        red, green, _, alpha = image.convert("RGBA").getpixel((20, 15))  # type: ignore[misc]
        assert red > 200 > 50 > green
        assert alpha == 255


def test_transparency_stays() -> None:
    source = Image.new("P", (8, 8), 0)
    source.putpalette([224, 16, 24] * 4)
    encoded = io.BytesIO()
    source.save(encoded, "PNG", transparency=b"\x00\x55\xaa\xff")
    with Image.open(io.BytesIO(pictures.to_png(encoded.getvalue(), "PNG").png)) as image:
        assert image.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_only_pixels_pass() -> None:
    extra = PngImagePlugin.PngInfo()
    extra.add_text("Comment", "hidden words")
    encoded = io.BytesIO()
    Image.new("RGB", (8, 8)).save(encoded, "PNG", pnginfo=extra, icc_profile=b"profile")
    assert {b"tEXt", b"iCCP"} <= chunks(encoded.getvalue())
    assert chunks(pictures.to_png(encoded.getvalue(), "PNG").png) == {b"IHDR", b"IDAT", b"IEND"}


def chunks(data: bytes) -> set[bytes]:
    found, position = set(), 8
    while position < len(data):
        found.add(data[position + 4 : position + 8])
        position += 12 + int.from_bytes(data[position : position + 4], "big")
    return found


def png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    header = chunk(b"IHDR", size + b"\x08\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b"")


BOMB = png(30_000, 30_000, zlib.compress(bytes(1_000_000)))
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def huge_frame() -> bytes:
    """A GIF of 10 × 10 whose first frame is 65535 × 65535."""
    encoded = bytearray(picture("GIF", (10, 10)))
    frame = encoded.index(b",\0\0\0\0\x0a\0\x0a\0")
    encoded[frame + 5 : frame + 9] = b"\xff" * 4
    return bytes(encoded)


def many_scans(times: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: few bytes each, a pass over all pixels each."""
    encoded = io.BytesIO()
    Image.new("RGB", (2000, 2000), (224, 16, 24)).save(encoded, "JPEG", progressive=True)
    data = encoded.getvalue()
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * times + data[-2:]


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        pytest.param(b"PK\x03\x04" + bytes(100), "OFD", "E-SEA-11", id="ofd"),
        pytest.param(SVG, "SVG", "E-SEA-11", id="svg"),
        pytest.param(SVG, "PNG", "E-SEA-11", id="svg-that-calls-itself-png"),
        pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG, "SVG", "E-SEA-11", id="svg-with-mark"),
        pytest.param(b"", "PNG", "E-SEA-03", id="empty"),
        pytest.param(picture()[:60], "PNG", "E-SEA-03", id="cut-off"),
        pytest.param(picture("TIFF"), "TIFF", "E-SEA-03", id="type-not-allowed"),
        pytest.param(BOMB, "PNG", "E-SEA-10", id="decompression-bomb"),
        pytest.param(huge_frame(), "GIF", "E-SEA-10", id="frame-larger-than-the-canvas"),
        pytest.param(many_scans(9000), "JPEG", "E-SEA-10", id="ten-thousand-scans"),
        pytest.param(picture(size=(pictures.MAX_SIDE + 1, 1)), "PNG", "E-SEA-10", id="one-pixel-too-wide"),
        pytest.param(picture(size=(1, pictures.MAX_SIDE + 1)), "PNG", "E-SEA-10", id="one-pixel-too-high"),
        pytest.param(picture() + bytes(1024 * 1024), "PNG", "E-SEA-09", id="a-megabyte"),
    ],
)
def test_refused(data: bytes, kind: str, code: str) -> None:
    der = seal(picture=data, picture_type=kind)
    begin = time.process_time()
    with pytest.raises(XiekaError) as caught:
        service.picture(der)
    assert time.process_time() - begin < 1.0
    assert caught.value.code == code
    assert code != "E-SEA-03" or kind in caught.value.body()["kept"]


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "BMP"])
def test_the_largest_picture_is_shown_in_a_second(kind: str) -> None:
    side = pictures.MAX_SIDE
    # BMP does not compress: a megabyte is no more than this.
    data = picture(kind, (side, side) if kind != "BMP" else (570, 570))
    begin = time.process_time()
    assert pictures.to_png(data, kind).width == (side if kind != "BMP" else 570)
    assert time.process_time() - begin < 1.0


def test_a_jpeg_in_many_passes_is_fine() -> None:
    assert pictures.to_png(many_scans(10), "JPEG").width == 2000

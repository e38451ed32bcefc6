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


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(b"PK\x03\x04" + bytes(100), "OFD", id="ofd"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", id="svg"),
        pytest.param(b"", "PNG", id="empty"),
        pytest.param(picture()[:60], "PNG", id="cut-off"),
        pytest.param(picture("TIFF"), "TIFF", id="type-not-allowed"),
        pytest.param(BOMB, "PNG", id="decompression-bomb"),
        pytest.param(picture(size=(pictures.MAX_SIDE + 1, 1)), "PNG", id="one-pixel-too-wide"),
        pytest.param(picture() + bytes(pictures.MAX_BYTES), "PNG", id="too-many-bytes"),
    ],
)
def test_refused(data: bytes, kind: str) -> None:
    der = seal(picture=data, picture_type=kind)
    begin = time.perf_counter()
    with pytest.raises(XiekaError) as caught:
        service.picture(der)
    assert time.perf_counter() - begin < 1.0
    assert caught.value.code == "E-SEA-03"
    assert kind in caught.value.body()["kept"]

"""Seal pictures from outside, decoded within limits and given on as clean PNG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xieka.core.errors import XiekaError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 1_000_000
"""Seal pictures met in practice have 6 to 60 kB."""
MAX_SIDE = 2200
"""Pixels; a seal of 45 mm at 1200 dpi has 2126. Bounds the memory of a decoded picture to 19 MB."""
MAX_SCANS = 20
"""Of one JPEG. Every scan of a few bytes costs a pass over all pixels: thousands of them are a bomb of another kind."""

_FORMATS = ("PNG", "GIF", "JPEG", "BMP")
_SCAN = b"\xff\xda"
# OFD is a ZIP archive; SVG is XML, perhaps with a byte order mark.
_DRAWINGS = {b"PK\x03\x04": "OFD", b"<svg": "SVG", b"<?xml": "SVG", b"\xef\xbb\xbf<": "SVG"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as PNG; sizes in pixels."""

    png: bytes
    width: int
    height: int


def to_png(data: bytes, kind: str) -> Picture:
    """Decode PNG, GIF (first frame), JPEG or BMP and encode it anew, so that only pixels pass.

    `kind` is the type the seal names, for the message. Raises XiekaError E-SEA-03 (broken, or another type), E-SEA-09
    (too many bytes), E-SEA-10 (too many pixels or scans; looked at before anything is decoded), E-SEA-11 (OFD or SVG,
    which are programs for a drawing rather than pictures).
    """
    pixels = _pixels(data, kind)
    encoded = io.BytesIO()
    pixels.save(encoded, "PNG")
    return Picture(encoded.getvalue(), pixels.width, pixels.height)


def look(data: bytes, kind: str) -> None:
    """Whether `to_png` will be able to show this picture. Raises what it would raise."""
    _pixels(data, kind)


def _pixels(data: bytes, kind: str) -> Image:
    # Loaded only when a picture is wanted: the start of the program does without it.
    from PIL import Image

    if len(data) > MAX_BYTES:
        raise XiekaError("E-SEA-09", most=MAX_BYTES // 1000)
    for begin, drawing in _DRAWINGS.items():
        if data.lstrip()[: len(begin)] == begin:
            raise XiekaError("E-SEA-11", kind=drawing)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            width, height = image.size
            scans = data.count(_SCAN) if image.format == "JPEG" else 0
            if width > MAX_SIDE or height > MAX_SIDE or scans > MAX_SCANS:
                raise XiekaError("E-SEA-10")
            pixels = image.convert("RGBA")
            # A fresh image leaves profiles, comments and text chunks of the original behind.
            return Image.frombytes("RGBA", pixels.size, pixels.tobytes())
    except XiekaError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise XiekaError("E-SEA-10") from bomb
    except Exception as broken:
        # Decoders raise many types on broken data (OSError, SyntaxError, ValueError, struct.error …).
        raise XiekaError("E-SEA-03", kind=kind) from broken

"""Seal pictures from outside, decoded within limits and given on as clean PNG."""

from __future__ import annotations

import io
from dataclasses import dataclass

from xieka.core.errors import XiekaError

MAX_BYTES = 2 * 1024 * 1024
MAX_SIDE = 3000
"""Pixels; a seal of 45 mm at 1200 dpi has 2126. Bounds the memory of a decoded picture to 36 MB."""

_FORMATS = ("PNG", "GIF", "JPEG", "BMP")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as PNG; sizes in pixels."""

    png: bytes
    width: int
    height: int


def to_png(data: bytes, kind: str) -> Picture:
    """Decode PNG, GIF (first frame), JPEG or BMP and encode it anew, so that only pixels pass.

    `kind` is the type the seal names, for the message. Raises XiekaError E-SEA-03 for other types (among them
    OFD and SVG), broken data and pictures above the limits; the size is checked before anything is decoded.
    """
    # Loaded only when a picture is wanted: the start of the program does without it.
    from PIL import Image

    refused = XiekaError("E-SEA-03", kind=kind)
    if len(data) > MAX_BYTES:
        raise refused
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            width, height = image.size
            if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
                raise refused
            pixels = image.convert("RGBA")
            # A fresh image leaves profiles, comments and text chunks of the original behind.
            clean = Image.frombytes("RGBA", pixels.size, pixels.tobytes())
    except XiekaError:
        raise
    except Exception as broken:
        # Decoders raise many types on broken data (OSError, SyntaxError, ValueError, struct.error …).
        raise refused from broken
    encoded = io.BytesIO()
    clean.save(encoded, "PNG")
    return Picture(encoded.getvalue(), clean.width, clean.height)

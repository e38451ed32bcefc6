"""Image links from outside, decoded within limits and given on as clean PNG."""

from __future__ import annotations

import io

from xieka.core.errors import XiekaError

MAX_SIDE = 2000
"""Pixels; bounds the memory of a decoded picture to 16 MB."""


def to_png(data: bytes, name: str) -> bytes:
    """The picture decoded and encoded anew, so that only pixels pass: PNG or JPEG within MAX_SIDE.

    The size is checked before anything is decoded. Raises XiekaError E-CNT-08 with `name` for everything else.
    """
    # Loaded only when a picture is wanted: the start of the program does without it.
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if max(image.size) > MAX_SIDE:
                raise ValueError("too large")
            pixels = image.convert("RGBA")
    except Exception as broken:
        # Decoders raise many types on broken data (OSError, SyntaxError, ValueError, struct.error …).
        raise XiekaError("E-CNT-08", name=name) from broken
    # A fresh image leaves profiles, comments and text chunks of the original behind.
    clean = Image.frombytes("RGBA", pixels.size, pixels.tobytes())
    encoded = io.BytesIO()
    clean.save(encoded, "PNG")
    return encoded.getvalue()

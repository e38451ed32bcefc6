"""pictures.toml and the images it names."""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path

from PIL import Image

from xieka.contract.content import IMAGE_LIMIT, Picture, Pictures
from xieka_service.content.source.forms import fill, known, tables
from xieka_service.content.source.mistakes import Report
from xieka_service.content.source.reading import Sheet, read_sheet
from xieka_service.content.source.toml_lines import Where

WIDTH, HEIGHT = 430, 156
"""Pixels: twice the place on the main page, so that it is sharp at 200 %."""
_MOST = 4
"""How many times larger it may be."""
_SLACK = 0.02
"""Accepted deviation of the ratio of width and height."""
_FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\.(png|jpg)")
_KINDS = {"png": "PNG", "jpg": "JPEG"}
_MODES = ("RGB", "RGBA", "P", "L", "LA")


def read_pictures(folder: Path, report: Report) -> tuple[Pictures | None, dict[str, bytes]]:
    """The picture links, and target path → bytes of their images."""
    if not (sheet := read_sheet(folder, "pictures.toml", report)):
        return None, {}
    known(sheet, (), sheet.table, ("pictures",))
    pictures: list[Picture] = []
    images: dict[str, bytes] = {}
    for where, table in tables(sheet, "pictures"):
        known(sheet, where, table, ("image", "alt", "url"))
        name = table.get("image")
        if isinstance(name, str):
            table = {**table, "image": f"pictures/{name}"}
            if _FILE.fullmatch(name) and (data := _image(sheet, (*where, "image"), folder / "pictures" / name)):
                images[f"pictures/{name}"] = data
        if picture := fill(Picture, sheet, where, table):
            pictures.append(picture)
    return fill(Pictures, sheet, (), {"pictures": pictures}), images


def _image(sheet: Sheet, where: Where, path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(IMAGE_LIMIT + 1)
            size = max(len(data), path.stat().st_size)
    except OSError:
        sheet.mistake(where, "picture_missing", name=path.name)
        return None
    if size > IMAGE_LIMIT:
        sheet.mistake(where, "picture_large", size=size // 1000, limit=IMAGE_LIMIT // 1000)
        return None
    try:
        # A warning of Pillow is about a picture that would unpack to too much.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
                if _fits(sheet, where, path, image):
                    image.load()
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        sheet.mistake(where, "picture_kind", name=path.name)
    return data


def _fits(sheet: Sheet, where: Where, path: Path, image: Image.Image) -> bool:
    width, height = image.size
    if image.format != _KINDS[path.suffix[1:]]:
        sheet.mistake(where, "picture_name", name=path.name, kind=image.format)
    elif image.mode not in _MODES:
        sheet.mistake(where, "picture_color", name=path.name, mode=image.mode)
    elif width < WIDTH or height < HEIGHT:
        sheet.mistake(where, "picture_small", width=width, height=height)
    elif width > WIDTH * _MOST or height > HEIGHT * _MOST:
        sheet.mistake(where, "picture_big", width=width, height=height)
    elif abs(width / height * HEIGHT / WIDTH - 1) > _SLACK:
        sheet.mistake(where, "picture_shape", width=width, height=height)
    else:
        return True
    return False

"""From the files of one version to checked values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from xieka.content.models import Content
from xieka.contract import content as c
from xieka.core.errors import XiekaError

Model = TypeVar("Model", bound=BaseModel)
Read = Callable[[str], bytes]
"""Target path → its bytes. Raises XiekaError."""

JSON_FILES = (c.ANNOUNCEMENTS, c.CATALOG, c.HALL, c.OUTLETS, c.CONTACT, c.FAQ, c.PICTURES, c.CLIENT)
SHOWN_PICTURES = 2
"""D-34."""


def read_content(read: Read) -> Content:
    """All JSON files, checked one by one. Raises XiekaError E-CNT-08, naming the file, and what `read` raises."""
    return Content(
        announcements=_model(c.Announcements, c.ANNOUNCEMENTS, read),
        catalog=read_catalog(read),
        hall=_model(c.Hall, c.HALL, read),
        outlets=_model(c.Outlets, c.OUTLETS, read),
        contact=_model(c.Contact, c.CONTACT, read),
        faq=_model(c.Faq, c.FAQ, read),
        pictures=read_pictures(read),
        client=_model(c.ClientConfiguration, c.CLIENT, read),
    )


def read_catalog(read: Read) -> c.Catalog:
    """The catalog. Raises as `read_content`."""
    return _model(c.Catalog, c.CATALOG, read)


def read_pictures(read: Read) -> c.Pictures:
    """The list of image links; only the first two count. Raises as `read_content`."""
    pictures = _model(c.Pictures, c.PICTURES, read)
    return pictures.model_copy(update={"pictures": pictures.pictures[:SHOWN_PICTURES]})


def _model(model: type[Model], path: str, read: Read) -> Model:
    try:
        return model.model_validate_json(read(path))
    except ValidationError as wrong:
        raise XiekaError("E-CNT-08", name=path) from wrong

"""The methods of the online half: content, the way out, saved links, the test of the connection."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from xieka.app import App
from xieka.bridge.models import Nothing, Params
from xieka.bridge.rpc import Method
from xieka.content.kind import Kind, LinkKind

if TYPE_CHECKING:
    # Only for the types: their modules are not for the start path.
    from xieka.apps.views import ContentAndPrograms
    from xieka.content.diagnosis import Diagnosis

Id = Annotated[str, Field(min_length=1, max_length=64)]


class ReadMarks(Params):
    """Announcements that have been read."""

    ids: Annotated[list[Id], Field(max_length=200)]


class PictureOf(Params):
    """One of the two picture links."""

    id: Id


class Target(Params):
    """An entry by kind and id; the page never names an address."""

    kind: Kind
    id: Id


class Saving(Params):
    """An entry to add to 我的应用."""

    kind: LinkKind
    id: Id


class Opened(BaseModel):
    """Where the browser was sent."""

    domain: str


class Image(BaseModel):
    """A PNG, base64."""

    base64: str


def methods(app: App) -> dict[str, Method]:
    """Every method of the online half, bound to the services of this run."""
    page = _Online(app)
    return {
        "content.get": Method(Nothing, lambda _: page.content()),
        "content.mark_read": Method(ReadMarks, lambda p: app.pages().content.mark_read(p.ids)),
        "content.picture": Method(PictureOf, page.picture),
        "link.open": Method(Target, lambda p: Opened(domain=app.pages().links.open(p.kind, p.id))),
        "link.save": Method(Saving, page.save),
        "network.test": Method(Nothing, lambda _: page.test()),
    }


class _Online:
    """The methods that need a line more than a call."""

    def __init__(self, app: App) -> None:
        self._app = app

    def content(self) -> ContentAndPrograms:
        from xieka.apps.views import ContentAndPrograms

        pages = self._app.pages()
        shown = pages.content.view(pages.library.link_ids())
        return ContentAndPrograms(**dict(shown), programs=pages.apps.programs())

    def picture(self, which: PictureOf) -> Image:
        return Image(base64=base64.b64encode(self._app.pages().content.image(which.id)).decode())

    def save(self, which: Saving) -> None:
        pages = self._app.pages()
        pages.library.add_link(pages.links.link(which.kind, which.id), which.kind)

    def test(self) -> Diagnosis:
        from xieka.content.diagnosis import diagnose

        self._app.online.hint()
        return diagnose(self._app.http, self._app.service.url)

"""The methods of the online half: content, the way out, saved links, network settings."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from xieka.app import App
from xieka.bridge.models import Nothing, Params
from xieka.bridge.rpc import Method
from xieka.content.kind import Kind, LinkKind
from xieka.core.proxy import MAX_EXCEPTIONS, Mode, ProxySettings

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


class Proxy(Params):
    """The proxy as the user types it: `address` counts for `manual` alone."""

    mode: Mode
    address: Annotated[str, Field(max_length=300)]
    exceptions: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=MAX_EXCEPTIONS)]


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
        "network.settings": Method(Nothing, lambda _: page.proxy()),
        "network.set_proxy": Method(Proxy, page.set_proxy),
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

    def proxy(self) -> Proxy:
        chosen = self._app.settings.value.proxy
        return Proxy(mode=chosen.mode, address=chosen.url or "", exceptions=list(chosen.exceptions))

    def set_proxy(self, change: Proxy) -> Proxy:
        # What stands in a field that does not count must not be in the way.
        address = change.address if change.mode == "manual" else self._app.settings.value.proxy_url
        chosen = ProxySettings(change.mode, address or None, tuple(change.exceptions)).checked()
        self._app.settings.change(
            proxy_mode=chosen.mode,
            proxy_url=chosen.url,
            proxy_exceptions=list(chosen.exceptions),
        )
        self._app.online.hint()
        return self.proxy()

    def test(self) -> Diagnosis:
        from xieka.content.diagnosis import diagnose

        return diagnose(self._app.http, self._app.service.url)

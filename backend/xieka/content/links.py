"""The single way out of the program, to the system's browser: https addresses of verified content, and the service's
own pages."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from xieka.content.kind import Kind, LinkKind
from xieka.content.service import ContentService
from xieka.content.view import picture_id
from xieka.contract.content import Link, Outlet
from xieka.contract.links import check_https, domain
from xieka.core.errors import XiekaError

Opener = Callable[[str], bool]
"""Opens a checked address; False: the system has nothing to open it with."""


class Links:
    """`saved`: the address of an entry of 我的应用 by id, or None. `service`: the operator's, if there is one."""

    def __init__(
        self, content: ContentService, saved: Callable[[str], str | None], opener: Opener, service: str | None
    ) -> None:
        self._content = content
        self._saved = saved
        self._opener = opener
        self._service = service

    def open(self, kind: Kind, id_: str) -> str:
        """Open the entry's page, online or not (D-16), and return the domain shown to people.

        Raises XiekaError E-LNK-01 (no such entry), E-LNK-02 (not an https address), E-LNK-03 (no browser).
        """
        url = self._address(kind, id_)
        if url is None:
            raise XiekaError("E-LNK-01")
        try:
            # Checked when it was read; again here, as this is the gate.
            check_https(url)
        except ValueError as wrong:
            raise XiekaError("E-LNK-02") from wrong
        return self._leave(url)

    def open_own(self, address: str) -> str:
        """Open a page of the service itself, for the program and not for its page. Returns the domain.

        Raises XiekaError E-LNK-02 (another place than the service), E-LNK-03.
        """
        if self._service is None or urlsplit(address)[:2] != urlsplit(self._service)[:2]:
            raise XiekaError("E-LNK-02")
        return self._leave(address)

    def link(self, kind: LinkKind, id_: str) -> Link:
        """An entry as it may be added to 我的应用. Raises XiekaError E-LNK-01."""
        content = self._content.state().content
        for link in content.hall.links if kind == "hall" else content.catalog.links:
            if link.id == id_:
                return link
        raise XiekaError("E-LNK-01")

    def _leave(self, url: str) -> str:
        if not self._opener(url):
            raise XiekaError("E-LNK-03", domain=domain(url))
        return domain(url)

    def _address(self, kind: Kind, id_: str) -> str | None:
        content = self._content.state().content
        match kind:
            case "announcement":
                return next((one.url for one in content.announcements.items if one.id == id_), None)
            case "hall" | "catalog":
                return self.link(kind, id_).url
            case "picture":
                return next((one.url for one, _ in self._content.pictures() if picture_id(one) == id_), None)
            case "agent":
                return next((one.url for one in content.contact.agents if one.id == id_), None)
            case "map":
                found = (one for one in content.outlets.features if one.properties.branch_code == id_)
                return next((map_address(one) for one in found), None)
            case "saved":
                return self._saved(id_)


def map_address(outlet: Outlet) -> str:
    """The outlet on AMap's web map (uri.amap.com): by position when it is known, else by a search for its address.

    Path and parameters (`marker`: position as longitude,latitude, name, coordinate=wgs84; `search`: keyword) are as
    public programs use them; the vendor's own page was not at hand to check them against.
    """
    properties = outlet.properties
    if outlet.geometry is None:
        return f"https://uri.amap.com/search?keyword={quote(properties.address, safe='')}"
    longitude, latitude = outlet.geometry.coordinates
    name = quote(properties.name, safe="")
    return f"https://uri.amap.com/marker?position={longitude:.6f},{latitude:.6f}&name={name}&coordinate=wgs84"

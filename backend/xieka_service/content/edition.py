"""Everything that is published, as the contract's models, and the targets made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from xieka.contract import content as contract
from xieka_service.content.publishers.models import Release


@dataclass(frozen=True, slots=True)
class Content:
    """One checked edition."""

    announcements: contract.Announcements
    catalog: contract.Catalog
    hall: contract.Hall
    outlets: contract.Outlets
    contact: contract.Contact
    faq: contract.Faq
    pictures: contract.Pictures
    client: contract.ClientConfiguration
    images: Mapping[str, bytes]
    """Target path → bytes, for every image that `pictures` names."""
    releases: tuple[Release, ...] = ()
    """What publishers have signed; their targets are theirs, not in `targets`."""

    def targets(self) -> dict[str, bytes]:
        """Target path → bytes; the same content gives the same bytes."""
        models: dict[str, BaseModel] = {
            contract.ANNOUNCEMENTS: self.announcements,
            contract.CATALOG: self.catalog,
            contract.HALL: self.hall,
            contract.OUTLETS: self.outlets,
            contract.CONTACT: self.contact,
            contract.FAQ: self.faq,
            contract.PICTURES: self.pictures,
            contract.CLIENT: self.client,
        }
        return {name: _json(model) for name, model in models.items()} | dict(self.images)


def _json(model: BaseModel) -> bytes:
    # Indented: the copy that comes with the client is reviewed line by line.
    return json.dumps(model.model_dump(mode="json"), ensure_ascii=False, indent=1).encode() + b"\n"

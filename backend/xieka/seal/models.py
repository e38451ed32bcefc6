"""Values of the seal room."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class SealSummary(BaseModel):
    """What a seal says about itself. Nothing here is verified: that is a later step with its own words."""

    model_config = ConfigDict(frozen=True)

    es_id: str
    name: str
    version: int
    """SES_Header.version: 1, 4 or 5."""
    vendor: str
    """SES_Header.Vid."""
    kind: int
    """SES_ESPropertyInfo.type."""
    created: datetime
    not_before: datetime
    not_after: datetime
    picture_type: str
    """As written in the seal, upper case (PNG, GIF, JPG, BMP, SVG, OFD)."""
    width_mm: int
    height_mm: int
    picture_size: int
    """Length of the picture in bytes."""
    certificate_count: int
    """Entries of certList: certificates the seal says it may be used with."""

"""Values of the reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

EXPIRED: Final = -1
"""The step after the last: the certificate has ended. Below every number of days."""
LIMIT: Final = 200
"""Certificates that are remembered; the ones told of longest ago are forgotten first."""


class Reminder(BaseModel):
    """What there is to say about one present Ukey: its certificate that ends first."""

    model_config = ConfigDict(frozen=True)

    token: str
    holder: str
    step: int
    """The step it is at: days before the end, or EXPIRED."""
    days_left: int
    """Whole days; negative after the end."""


class Record(BaseModel):
    """What was told about one certificate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    told: Annotated[int, Field(ge=EXPIRED, le=3650)]
    """The last step that was told."""
    at: datetime
    dismissed: Annotated[int, Field(ge=EXPIRED, le=3650)] | None = None
    """The step at which the user had read it."""


class RecordsFile(BaseModel):
    """The file; keys are issuer and serial number as one SHA-256, in lower-case hex."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    records: Annotated[dict[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], Record], Field(max_length=LIMIT)]

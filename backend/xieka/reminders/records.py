"""What is kept of the reminders. Loaded with the first certificate near its end, not with the program."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from xieka.reminders.models import EXPIRED

LIMIT: Final = 200
"""Certificates that are remembered; the ones told of longest ago are forgotten first."""


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

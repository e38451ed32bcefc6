"""Values of the reminders."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict

EXPIRED: Final = -1
"""The step after the last: the certificate has ended. Below every number of days."""


class Reminder(BaseModel):
    """What there is to say about one present Ukey: its certificate that ends first."""

    model_config = ConfigDict(frozen=True)

    token: str
    holder: str
    step: int
    """The step it is at: days before the end, or EXPIRED."""
    days_left: int
    """Whole days; negative after the end."""

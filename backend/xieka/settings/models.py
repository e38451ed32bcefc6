"""Values of the settings room."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """What the user chose; every field has the default of a fresh installation."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    theme: Literal["system", "light", "dark"] = "system"
    size: Literal["normal", "large"] = "normal"
    preferred_token: str | None = Field(default=None, max_length=300)
    """Id of the Ukey to manage first when several are present (D-12)."""
    popup_on_insert: bool = True
    """Show the window when a Ukey is inserted (REQ-052, D-09)."""
    hide_on_removal: bool = True
    """Hide to the tray when the last Ukey leaves (REQ-053, D-10)."""


class Profile(BaseModel):
    """Whose product this installation serves."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    name: str
    practice: bool
    copyright: str
    note: str

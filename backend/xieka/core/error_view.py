"""An error as it stands inside a value that crosses a border."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ErrorView(BaseModel):
    """An error in its four parts (core.errors.ErrorBody)."""

    model_config = ConfigDict(frozen=True)

    code: str
    what: str
    kept: str
    do: str

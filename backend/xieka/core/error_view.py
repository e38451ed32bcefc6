"""An error as it stands inside a value that crosses a border."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from xieka.core.errors import ErrorBody, XiekaError


class ErrorView(BaseModel):
    """An error in its four parts (core.errors.ErrorBody)."""

    model_config = ConfigDict(frozen=True)

    code: str
    what: str
    kept: str
    do: str


class ToldError(XiekaError):
    """An error that was put into words before, e.g. in another thread."""

    def __init__(self, view: ErrorView) -> None:
        super().__init__(view.code)
        self._view = view

    def body(self) -> ErrorBody:
        """The words as they are."""
        view = self._view
        return ErrorBody(code=view.code, what=view.what, kept=view.kept, do=view.do)

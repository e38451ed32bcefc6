"""Errors that reach people: a stable code plus what happened, what was not lost, what to do next."""

from __future__ import annotations

from typing import TypedDict

from xieka.core import messages


class ErrorBody(TypedDict):
    """The form in which every error crosses to the page, the command line and scripts."""

    code: str
    what: str
    kept: str
    do: str


class XiekaError(Exception):
    """An expected failure, told in the user's language.

    `code` is a key of the message catalogue (core/messages); `params` fill its placeholders and must never
    hold a secret. `str()` gives the code alone, so that a stray traceback or log line carries no user data.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def body(self) -> ErrorBody:
        """The error as it crosses a border."""
        text = messages.error(self.code, self.params)
        return ErrorBody(code=self.code, what=text["what"], kept=text["kept"], do=text["do"])

"""What is wrong in the editor's folder: where, and how to put it right, in Chinese."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from xieka.core.errors import ErrorBody, XiekaError


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake; `line` counts from 1, 0 means the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class SourceErrors(XiekaError):  # noqa: N818 - there are several
    """The folder cannot be published: every mistake there is, by file and line."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("E-PUB-01", n=len(mistakes))
        self.mistakes = mistakes

    def body(self) -> ErrorBody:
        """The error with its list, so that whoever shows it shows the mistakes."""
        body = super().body()
        return {**body, "do": "\n".join([body["do"], *(f"  {mistake}" for mistake in self.mistakes)])}

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self.mistakes)


@dataclass(slots=True)
class Report:
    """Collects mistakes."""

    mistakes: set[Mistake] = field(default_factory=set)

    def add(self, file: str, line: int, key: str, /, **params: object) -> None:
        """A mistake by its key in the catalogue."""
        self.mistakes.add(Mistake(file, line, text(key, **params)))

    def finish(self) -> None:
        """Raises SourceErrors if there was any."""
        if self.mistakes:
            raise SourceErrors(tuple(sorted(self.mistakes)))


def text(key: str, /, **params: object) -> str:
    """A text of the catalogue with its parts filled. Raises KeyError."""
    return _catalogue()[key].format(**params)


def has(key: str) -> bool:
    """Whether the catalogue has the text."""
    return key in _catalogue()


@cache
def _catalogue() -> dict[str, str]:
    texts: dict[str, str] = tomllib.loads((Path(__file__).parent / "zh_CN.toml").read_text(encoding="utf-8"))
    return texts

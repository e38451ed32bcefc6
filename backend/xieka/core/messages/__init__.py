"""The backend's text catalogue: a folder per language, a TOML file per table, keys are stable codes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

LANGUAGE = "zh_CN"


class ErrorText(TypedDict):
    """Three sentences of one error code: what happened, what was not lost, what to do next."""

    what: str
    kept: str
    do: str


class VerdictText(TypedDict):
    """Three sentences about a certificate: what is the matter, why we say so, what to do."""

    what: str
    why: str
    do: str


@cache
def _table(name: str) -> dict[str, object]:
    # One by one: the errors are most of it, and a start needs none. Not importlib.resources: it costs 5 ms at every
    # start, and the package always lies in files.
    path = Path(__file__).parent / LANGUAGE / f"{name}.toml"
    return cast("dict[str, object]", tomllib.loads(path.read_text(encoding="utf-8"))[name])


def error(code: str, params: Mapping[str, str | int]) -> ErrorText:
    """The three sentences for an error code, placeholders filled.

    Raises KeyError for a code that is not in the catalogue: a test walks all codes used in the source.
    """
    entry = cast("ErrorText", _table("error")[code])
    return ErrorText(
        what=entry["what"].format_map(params),
        kept=entry["kept"].format_map(params),
        do=entry["do"].format_map(params),
    )


def verdict(code: str, params: Mapping[str, str | int]) -> VerdictText:
    """The three sentences for a verdict about a certificate, placeholders filled."""
    entry = cast("VerdictText", _table("verdict")[code])
    return VerdictText(
        what=entry["what"].format_map(params), why=entry["why"].format_map(params), do=entry["do"].format_map(params)
    )


def text(key: str, /, **params: str | int) -> str:
    """One plain text (menu entry, tooltip, notification) by its key, placeholders filled."""
    return cast("str", _table("text")[key]).format_map(params)


def names(table: str) -> dict[str, str]:
    """A whole table of names, e.g. certificate extension names by OID."""
    return cast("dict[str, str]", _table("names")[table])


def error_codes() -> frozenset[str]:
    """Every error code the catalogue knows."""
    return frozenset(_table("error"))

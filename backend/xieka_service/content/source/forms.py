"""Tables of the editor's files as models of the contract, every mistake told in the editor's words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from xieka_service.content.source import mistakes
from xieka_service.content.source.reading import Sheet
from xieka_service.content.source.toml_lines import Where

M = TypeVar("M", bound=BaseModel)

ORIGIN = ("source", "checked", "example")
"""What an entry says about where it is from."""
SHANGHAI = timezone(timedelta(hours=8))
_SHAPES = {
    "id": "shape_id", "category": "shape_id", "recommended": "shape_recommended", "branchCode": "shape_id",
    "phone": "shape_phone", "telephone": "shape_phone", "number": "shape_phone", "image": "shape_image",
    "programs": "shape_program", "version": "shape_version",
}  # fmt: skip
"""Field → the text that says how it is written; for fields with a pattern."""
_ONE_WAY = {"position": "shape_position", "open": "shape_hours"}
"""Field → the text for whatever is wrong with it."""
_INNER = ("origin", "geometry", "properties")
"""Groups of the contract that the editor does not see."""


class Ids:
    """Names that must be there once: where each was first."""

    def __init__(self) -> None:
        self._places: dict[object, tuple[str, int]] = {}

    def __contains__(self, value: object) -> bool:
        return value in self._places

    def __iter__(self) -> Iterator[object]:
        return iter(self._places)

    def add(self, sheet: Sheet, where: Where, value: object) -> None:
        """Note the value; a second one is reported."""
        if not isinstance(value, str):
            return
        if value in self._places:
            file, line = self._places[value]
            sheet.mistake(where, "twice", value=value, file=file, line=line)
        else:
            self._places[value] = (sheet.file, sheet.line(where))


def tables(sheet: Sheet, key: str) -> list[tuple[Where, dict[str, Any]]]:
    """The `[[key]]` tables with their places; none and a mistake when the value is something else."""
    value = sheet.table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        sheet.mistake((key,), "not_tables", field=key)
        return []
    return [((key, number), one) for number, one in enumerate(value)]


def known(sheet: Sheet, where: Where, table: Mapping[str, Any], allowed: Sequence[str]) -> None:
    """Report every key that is not among `allowed`."""
    for key in table:
        if key not in allowed:
            close = difflib.get_close_matches(key, allowed, 1)
            which = "unknown_close" if close else "unknown"
            sheet.mistake((*where, key), which, key=key, close="".join(close), allowed="、".join(allowed))


def with_origin(sheet: Sheet, where: Where, table: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The table with `source`, `checked` and `example` gathered as the contract's `origin`."""
    rest = {key: value for key, value in table.items() if key not in ORIGIN}
    origin = {key: table[key] for key in ORIGIN if key in table}
    example, checked = origin.get("example", False), origin.get("checked")
    if not isinstance(example, bool):
        sheet.mistake((*where, "example"), "shape_bool", field="example")
        del origin["example"]
    elif not example and "source" not in origin:
        sheet.mistake(where, "origin_missing")
    elif example and checked:
        sheet.mistake((*where, "checked"), "origin_both")
    if type(checked) is date and checked > now.astimezone(SHANGHAI).date():
        sheet.mistake((*where, "checked"), "date_future", field="checked", date=checked)
    return {**rest, "origin": origin}


def fill(
    model: type[M], sheet: Sheet, where: Where, table: dict[str, Any], *, named: Mapping[str, str] | None = None
) -> M | None:
    """The model, or None and a mistake for each value that does not fit.

    `named`: what the editor calls a field, where that is not the contract's name.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            _tell(sheet, where, one, named or {})
        return None


def _tell(sheet: Sheet, where: Where, error: ErrorDetails, named: Mapping[str, str]) -> None:
    path = tuple(part for part in error["loc"] if part not in _INNER)
    path = tuple(named.get(part, part) if isinstance(part, str) else part for part in path)
    field = next((part for part in reversed(path) if isinstance(part, str)), "")
    kind, context = error["type"], error.get("ctx", {})
    if field in _ONE_WAY:
        sheet.mistake((*where, field), _ONE_WAY[field], field=field)
    elif kind == "literal_error":
        allowed = "、".join(re.findall(r"'([^']*)'", str(context.get("expected"))))
        sheet.mistake((*where, *path), "literal", field=field, allowed=allowed)
    elif kind == "string_pattern_mismatch":
        sheet.mistake((*where, *path), _SHAPES.get(field, "shape"), field=field)
    elif kind == "value_error":
        reason = str(context.get("error", "")).partition(": ")[2]
        sheet.mistake((*where, *path), f"url_{reason}" if mistakes.has(f"url_{reason}") else "shape", field=field)
    else:
        sheet.mistake((*where, *path), kind if mistakes.has(kind) else "shape", field=field, **context)

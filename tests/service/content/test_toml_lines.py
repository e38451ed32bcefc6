"""Where values of a TOML text stand."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from xieka_service.content.source.toml_lines import Lines, Where

TRICKY = '''# [comment]
top = 1 # = [

[plain]
"quoted key" = "a # b [c] = \\" d"
literal = 'x # "y'
dotted.name = { in_line = [1, 2], other = "}" }
long = """
[[not_a_table]]
key = "no"
"""
raw = \'\'\'
still = """text""" \'\'\'
after = 2026-11-20

[[many]]
id = "a"
list = [
  "one", # first
  "two, with = and ]",

  [
    3,
  ],
]

[many.inner]
x = 1.5e3

[[many]]
id = "b"
'''


def places(value: Any, where: Where = ()) -> list[tuple[Where, Any]]:
    """Every value of a table with its path."""
    found = [(where, value)]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*where, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += places(inner, (*where, number))
    return found


@pytest.mark.parametrize(
    ("where", "line"),
    [
        pytest.param(("top",), 2, id="first"),
        pytest.param(("plain",), 4, id="table"),
        pytest.param(("plain", "quoted key"), 5, id="quoted-key"),
        pytest.param(("plain", "dotted", "name", "in_line", 1), 7, id="in-an-inline-table"),
        pytest.param(("plain", "dotted", "name", "other"), 7, id="bracket-in-a-string"),
        pytest.param(("plain", "raw"), 12, id="after-a-long-string"),
        pytest.param(("plain", "after"), 14, id="after-two-long-strings"),
        pytest.param(("many", 0), 16, id="first-of-many"),
        pytest.param(("many", 0, "list", 0), 19, id="item-after-a-comment"),
        pytest.param(("many", 0, "list", 1), 20, id="item-full-of-syntax"),
        pytest.param(("many", 0, "list", 2, 0), 23, id="list-in-a-list"),
        pytest.param(("many", 0, "inner", "x"), 28, id="table-under-many"),
        pytest.param(("many", 1, "id"), 31, id="second-of-many"),
        pytest.param(("many", 1, "missing", "deeper"), 30, id="what-is-missing-is-where-its-table-is"),
        pytest.param(("nothing",), 1, id="nothing-at-all"),
    ],
)
def test_a_value_is_found_on_its_line(where: Where, line: int) -> None:
    assert Lines(TRICKY).of(where) == line


def test_every_value_the_reader_sees_has_a_line_of_its_own() -> None:
    lines = Lines(TRICKY)
    for where, _ in places(tomllib.loads(TRICKY)):
        assert where in lines._lines, where


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "a=1", "a = ''\n", "[t]", "a = [\n]\n", "a = {}\n"])
def test_small_texts_end(text: str) -> None:
    tomllib.loads(text)
    assert Lines(text).of(("a",)) == 1

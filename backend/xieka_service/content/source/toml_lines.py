"""On which line a value of a TOML text stands: the standard reader keeps no positions.

The text has been read without an error before, so this walks over it without checking.
"""

from __future__ import annotations

import re

Where = tuple[str | int, ...]
"""Names and numbers from the top: ("links", 3, "url")."""

_BLANK = re.compile(r"(?:[\s]|#[^\n]*)*")
_KEY = re.compile(r"""\s*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_TEXT = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^,\]}#\n\[{"']+''', re.DOTALL
)


class Lines:
    """The lines of a valid TOML text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[Where, int] = {(): 1}
        self._tables: dict[Where, int] = {}
        self._read()

    def of(self, path: Where) -> int:
        """The line of the value, or of the nearest thing around it that is there."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _read(self) -> None:
        table: Where = ()
        position = self._blank(0)
        while position < len(self._text):
            if self._text[position] == "[":
                position, table = self._header(position)
            else:
                position = self._pair(position, table)
            position = self._blank(position)

    def _header(self, position: int) -> tuple[int, Where]:
        line, many = position, self._text.startswith("[[", position)
        position, names = self._key(position + 1 + many)
        path: Where = ()
        for name in names[:-1]:
            path += (name,)
            if path in self._tables:
                path += (self._tables[path] - 1,)
        path += names[-1:]
        if many:
            self._note(path, line)
            self._tables[path] = self._tables.get(path, 0) + 1
            path += (self._tables[path] - 1,)
        self._note(path, line)
        return position + 1 + many, path

    def _pair(self, position: int, table: Where) -> int:
        start = position
        position, names = self._key(position)
        for length in range(1, len(names) + 1):
            self._note(table + names[:length], start)
        return self._value(self._blank(position + 1), table + names)

    def _value(self, position: int, path: Where) -> int:
        opening = self._text[position]
        if opening not in "[{":
            match = _TEXT.match(self._text, position)
            return match.end() if match else position + 1
        position, number = self._blank(position + 1), 0
        while self._text[position] not in "]}":
            if opening == "{":
                position = self._pair(position, path)
            else:
                self._note((*path, number), position)
                position = self._value(position, (*path, number))
            position, number = self._blank(position), number + 1
            if self._text[position] == ",":
                position = self._blank(position + 1)
        return position + 1

    def _key(self, position: int) -> tuple[int, tuple[str, ...]]:
        names: list[str] = []
        while match := _KEY.match(self._text, position):
            names.append(match[1].strip("\"'"))
            position = match.end()
            if self._text[position] != ".":
                break
            position += 1
        return position, tuple(names)

    def _blank(self, position: int) -> int:
        match = _BLANK.match(self._text, position)
        return match.end() if match else position

    def _note(self, path: Where, position: int) -> None:
        self._lines.setdefault(path, self._text.count("\n", 0, position) + 1)

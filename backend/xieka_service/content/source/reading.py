"""The editor's files as text: their encodings, and the two forms they have (TOML, and Markdown under a TOML head)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xieka.core.text import plain
from xieka_service.content.source.mistakes import Report
from xieka_service.content.source.toml_lines import Lines, Where

FILE_LIMIT = 2_000_000
"""Longest accepted text file, in bytes."""
_FENCE = "+++"
_WIDE = frozenset("“”‘’＝［］｛｝，：＂＇＃")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A TOML table with the places of its values."""

    file: str
    table: dict[str, Any]
    lines: Lines
    offset: int
    """Lines of the file before the table's first."""
    report: Report

    def line(self, where: Where = ()) -> int:
        """The line in the file."""
        return self.lines.of(where) + self.offset

    def mistake(self, where: Where, key: str, /, **params: object) -> None:
        """Report a mistake at a value."""
        self.report.add(self.file, self.line(where), key, **params)


@dataclass(frozen=True, slots=True)
class Article:
    """A Markdown text with its head."""

    sheet: Sheet
    body: str
    first_line: int
    """The line in the file on which the body begins."""

    def mistake(self, line: int, key: str, /, **params: object) -> None:
        """Report a mistake in the body; `line` counts from 0."""
        self.sheet.report.add(self.sheet.file, self.first_line + line, key, **params)


def read_sheet(folder: Path, name: str, report: Report) -> Sheet | None:
    """A TOML file; None when it cannot be read at all, which is reported."""
    text = _read(folder, name, report)
    return None if text is None else _parse(name, text, 0, report)


def read_article(folder: Path, name: str, report: Report) -> Article | None:
    """A Markdown file whose head is TOML between two lines of +++; None when that is not so, which is reported."""
    text = _read(folder, name, report)
    if text is None:
        return None
    lines = text.split("\n")
    ends = [number for number, line in enumerate(lines) if line.rstrip() == _FENCE]
    if not ends or ends[0] != 0:
        report.add(name, 1, "head_missing")
        return None
    if len(ends) < 2:
        report.add(name, len(lines), "head_open")
        return None
    sheet = _parse(name, "\n".join(lines[1 : ends[1]]), 1, report)
    if sheet is None:
        return None
    return Article(sheet, "\n".join(lines[ends[1] + 1 :]), ends[1] + 2)


def strays(folder: Path, allowed: tuple[str, ...], report: Report, prefix: str = "") -> None:
    """Report what would silently not be published. Hidden files and editors' backups are nobody's mistake."""
    for path in sorted(folder.iterdir()):
        if path.name not in allowed and not path.name.startswith(".") and not path.name.endswith("~"):
            report.add(prefix + path.name, 0, "file_stray")


def _read(folder: Path, name: str, report: Report) -> str | None:
    try:
        with (folder / name).open("rb") as file:
            data = file.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        report.add(name, 0, "file_missing")
        return None
    except OSError:
        report.add(name, 0, "file_unreadable")
        return None
    if len(data) > FILE_LIMIT:
        report.add(name, 0, "file_long", limit=FILE_LIMIT // 1000)
        return None
    text = _decode(data, name, report)
    return None if text is None or not _clean(text, name, report) else text


def _decode(data: bytes, name: str, report: Report) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        report.add(name, 1, "encoding_utf16")
        return None
    try:
        # The mark that some Windows editors put in front is harmless, and so are their line ends.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            report.add(name, line, "encoding_unknown")
        else:
            report.add(name, line, "encoding_gbk")
        return None
    return text.replace("\r\n", "\n")


def _clean(text: str, name: str, report: Report) -> bool:
    clean = True
    for number, line in enumerate(text.split("\n"), 1):
        for seen, shown in zip(line, plain(line), strict=True):
            if seen != shown and seen != "\t":
                report.add(name, number, "invisible", code=f"U+{ord(seen):04X}")
                clean = False
                break
    return clean


def _parse(name: str, text: str, offset: int, report: Report) -> Sheet | None:
    try:
        return Sheet(name, tomllib.loads(text), Lines(text), offset, report)
    except tomllib.TOMLDecodeError as error:
        lines = text.split("\n")
        place = re.search(r"at line (\d+)", str(error))
        number = min(int(place[1]), len(lines)) if place else len(lines)
        wide = "".join(sorted(_WIDE.intersection(lines[number - 1])))
        report.add(name, number + offset, _reason(str(error), bool(wide)), wide=" ".join(wide))
        return None


def _reason(error: str, wide: bool) -> str:
    if error.startswith(("Cannot overwrite", "Cannot declare", "Duplicate inline")):
        return "toml_twice"
    if error.startswith(("Illegal character '\\n'", "Unterminated string", "Expected \"'''\"", 'Expected \'"""\'')):
        return "toml_quote"
    return "toml_wide" if wide else "toml"

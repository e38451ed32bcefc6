"""announcements/*.md and faq/*.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from xieka.contract.content import Announcement, Announcements, Faq, Question
from xieka_service.content.source import markdown
from xieka_service.content.source.forms import SHANGHAI, Ids, fill, known
from xieka_service.content.source.mistakes import Report, text
from xieka_service.content.source.reading import Article, read_article, strays

BODY_LIMIT = 20_000
"""Longest text of an article, in characters (contract.base.Text)."""
_ANNOUNCEMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-[a-z0-9][a-z0-9-]{0,50}\.md")
_QUESTION = re.compile(r"[0-9]{2,3}-([a-z0-9][a-z0-9-]{0,50})\.md")
_FIRST_YEAR = 2000
_FAR = timedelta(days=366)


def read_announcements(folder: Path, report: Report, now: datetime) -> Announcements | None:
    """最新公告, newest first. The file's name gives id and date."""
    items: list[Announcement] = []
    files = _files(folder, "announcements", _ANNOUNCEMENT, "2026-11-20-year-end.md", report)
    for name, match in files:
        published = _date(name, match[1], report, now)
        if not (article := read_article(folder, name, report)):
            continue
        sheet = article.sheet
        known(sheet, (), sheet.table, ("title", "url", "time"))
        clock = sheet.table.get("time", time())
        if not isinstance(clock, time):
            sheet.mistake(("time",), "shape_time", field="time")
            clock = time()
        body = markdown.plain(markdown.blocks(article))
        values = {key: sheet.table[key] for key in ("title", "url") if key in sheet.table} | {
            "id": Path(name).stem,
            "content_text": _body(article, body),
            "date_published": datetime.combine(published or now.date(), clock, SHANGHAI),
        }
        if item := fill(Announcement, sheet, (), values):
            items.append(item)
    items.sort(key=lambda item: (item.date_published, item.id), reverse=True)
    return Announcements(title=text("feed_title"), items=items)


def read_faq(folder: Path, report: Report) -> Faq | None:
    """FAQ, in the order of the numbers in front of the files' names."""
    questions: list[Question] = []
    ids = Ids()
    for name, match in _files(folder, "faq", _QUESTION, "01-forgotten.md", report):
        if not (article := read_article(folder, name, report)):
            continue
        sheet = article.sheet
        ids.add(sheet, (), match[1])
        known(sheet, (), sheet.table, ("question", "keywords"))
        answer = markdown.canonical(markdown.blocks(article))
        values = {key: sheet.table[key] for key in ("question", "keywords") if key in sheet.table} | {
            "id": match[1],
            "answer": _body(article, answer),
        }
        if question := fill(Question, sheet, (), values):
            questions.append(question)
    if not questions:
        report.add("faq", 0, "none")
        return None
    return Faq(questions=questions)


def _files(
    folder: Path, name: str, pattern: re.Pattern[str], example: str, report: Report
) -> Iterator[tuple[str, re.Match[str]]]:
    if not (folder / name).is_dir():
        report.add(name, 0, "folder_missing")
        return
    names = sorted(path.name for path in (folder / name).glob("*.md") if not path.name.startswith("."))
    strays(folder / name, tuple(names), report, f"{name}/")
    for one in names:
        if match := pattern.fullmatch(one):
            yield f"{name}/{one}", match
        else:
            report.add(f"{name}/{one}", 0, "article_name", example=example)


def _date(file: str, value: str, report: Report, now: datetime) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        report.add(file, 0, "article_date", date=value)
        return None
    if found.year < _FIRST_YEAR or found > now.date() + _FAR:
        report.add(file, 0, "date_far", date=value)
    return found


def _body(article: Article, body: str) -> str:
    if not body:
        article.mistake(0, "body_empty")
    if len(body) > BODY_LIMIT:
        article.mistake(0, "body_long", limit=BODY_LIMIT)
        return ""
    return body

"""hall.toml and catalog.toml: web addresses with their faces."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from xieka.contract.content import Catalog, Category, Hall, Link
from xieka_service.content.source.forms import ORIGIN, Ids, fill, known, tables, with_origin
from xieka_service.content.source.mistakes import Report
from xieka_service.content.source.reading import Sheet, read_sheet

_CATEGORY = ("id", "name")
_LINK = ("id", "name", "short", "url", "icon", "tone", "description", "phone", "phone_name", *ORIGIN)
_CERTIFICATE = "certificate"
"""The category of everything in 证书业务."""


def read_hall(folder: Path, report: Report, now: datetime, ids: Ids) -> Hall | None:
    """办事大厅. The links' names are added to `ids`."""
    if not (sheet := read_sheet(folder, "hall.toml", report)):
        return None
    known(sheet, (), sheet.table, ("categories", "links"))
    categories, names = [], Ids()
    for where, table in tables(sheet, "categories"):
        known(sheet, where, table, _CATEGORY)
        names.add(sheet, (*where, "id"), table.get("id"))
        categories.append(fill(Category, sheet, where, table))
    for where, table in tables(sheet, "links"):
        if (category := table.get("category")) is not None and category not in names:
            sheet.mistake((*where, "category"), "no_category", value=category, allowed="、".join(map(str, names)))
    links = _links(sheet, (*_LINK, "category"), now, ids)
    return fill(Hall, sheet, (), {"categories": list(filter(None, categories)), "links": links})


def read_catalog(folder: Path, report: Report, now: datetime, ids: Ids, programs: Collection[str]) -> Catalog | None:
    """证书业务 and what is recommended. `ids` has the hall's links; the catalog's are added.

    `programs`: PUBLISHER/ID of what the publishers' releases hold.
    """
    if not (sheet := read_sheet(folder, "catalog.toml", report)):
        return None
    known(sheet, (), sheet.table, ("recommended", "programs", "links"))
    links = _links(sheet, _LINK, now, ids)
    offered, named = sheet.table.get("programs", []), Ids()
    if isinstance(offered, list):
        for number, name in enumerate(offered):
            named.add(sheet, ("programs", number), name)
            if isinstance(name, str) and name not in programs:
                sheet.mistake(("programs", number), "no_program", value=name, allowed="、".join(sorted(programs)))
    recommended = sheet.table.get("recommended", [])
    if isinstance(recommended, list):
        seen = Ids()
        for number, name in enumerate(recommended):
            seen.add(sheet, ("recommended", number), name)
            if isinstance(name, str) and name not in (named if "/" in name else ids):
                sheet.mistake(("recommended", number), "not_offered" if "/" in name else "no_link", value=name)
    return fill(Catalog, sheet, (), {"links": links, "recommended": recommended, "programs": offered})


def _links(sheet: Sheet, keys: tuple[str, ...], now: datetime, ids: Ids) -> list[Link]:
    links = []
    for where, table in tables(sheet, "links"):
        known(sheet, where, table, keys)
        ids.add(sheet, (*where, "id"), table.get("id"))
        table = with_origin(sheet, where, table, now)
        if "category" not in keys:
            table["category"] = _CERTIFICATE
        links.append(fill(Link, sheet, where, table))
    return list(filter(None, links))

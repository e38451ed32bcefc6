"""outlets.toml, contact.toml and client.toml: where help is found, and what the client asks people to choose from."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from xieka.contract.content import Agent, ClientConfiguration, Contact, Hotline, Outlet, Outlets
from xieka_service.content.source.forms import ORIGIN, Ids, fill, known, tables, with_origin
from xieka_service.content.source.mistakes import Report
from xieka_service.content.source.reading import Sheet, read_sheet
from xieka_service.content.source.toml_lines import Where

_OUTLET = ("id", "name", "district", "address", "phone", "hours", "open", "services", "position", *ORIGIN)
_HOTLINE = ("name", "number", "note", "icon", *ORIGIN)
_AGENT = ("id", "name", "url", "state", *ORIGIN)
_CLIENT = ("customer_types", "validity_years")
_CALLED = {"branchCode": "id", "telephone": "phone", "opens": "open", "coordinates": "position"}
_HOUR = "((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_OPEN = re.compile(f"([1-7])(?:-([1-7]))? {_HOUR}-{_HOUR}")


def read_outlets(folder: Path, report: Report, now: datetime) -> Outlets | None:
    """网点."""
    if not (sheet := read_sheet(folder, "outlets.toml", report)):
        return None
    known(sheet, (), sheet.table, ("districts", "outlets"))
    districts = sheet.table.get("districts", [])
    features, ids = [], Ids()
    for where, table in tables(sheet, "outlets"):
        known(sheet, where, table, _OUTLET)
        ids.add(sheet, (*where, "id"), table.get("id"))
        if "district" in table and isinstance(districts, list) and table["district"] not in districts:
            sheet.mistake((*where, "district"), "no_district", value=table["district"])
        features.append(_outlet(sheet, where, with_origin(sheet, where, table, now)))
    table = {"districts": districts, "features": list(filter(None, features))}
    return fill(Outlets, sheet, (), table, named={"features": "outlets"})


def _outlet(sheet: Sheet, where: Where, table: dict[str, Any]) -> Outlet | None:
    contract_names = {editor: name for name, editor in _CALLED.items()}
    properties = {contract_names.get(key, key): value for key, value in table.items()}
    properties["opens"] = _hours(sheet, where, properties.pop("opens", []))
    position = properties.pop("coordinates", None)
    if position is not None and not (isinstance(position, list) and len(position) == 2):
        sheet.mistake((*where, "position"), "shape_position", field="position")
        position = None
    geometry = None if position is None else {"coordinates": position}
    return fill(Outlet, sheet, where, {"geometry": geometry, "properties": properties}, named=_CALLED)


def _hours(sheet: Sheet, where: Where, spans: Any) -> list[dict[str, Any]]:
    """`["1-5 09:00-16:30"]` day by day."""
    if not isinstance(spans, list):
        sheet.mistake((*where, "open"), "shape_hours", field="open")
        return []
    days = []
    for number, span in enumerate(spans):
        match = _OPEN.fullmatch(span) if isinstance(span, str) else None
        if not match or int(match[2] or match[1]) < int(match[1]) or match[3] >= match[4]:
            sheet.mistake((*where, "open", number), "shape_hours", field="open")
            continue
        first, last = int(match[1]), int(match[2] or match[1])
        days += [{"day": day, "opens": match[3], "closes": match[4]} for day in range(first, last + 1)]
    return days


def read_contact(folder: Path, report: Report, now: datetime) -> Contact | None:
    """热线电话 and 在线客服."""
    if not (sheet := read_sheet(folder, "contact.toml", report)):
        return None
    known(sheet, (), sheet.table, ("hotlines", "agents"))
    hotlines, agents, ids = [], [], Ids()
    for where, table in tables(sheet, "hotlines"):
        known(sheet, where, table, _HOTLINE)
        hotlines.append(fill(Hotline, sheet, where, with_origin(sheet, where, table, now)))
    for where, table in tables(sheet, "agents"):
        known(sheet, where, table, _AGENT)
        ids.add(sheet, (*where, "id"), table.get("id"))
        agents.append(fill(Agent, sheet, where, with_origin(sheet, where, table, now)))
    return fill(Contact, sheet, (), {"hotlines": list(filter(None, hotlines)), "agents": list(filter(None, agents))})


def read_client(folder: Path, report: Report) -> ClientConfiguration | None:
    """The choices of the forms (D-18)."""
    if not (sheet := read_sheet(folder, "client.toml", report)):
        return None
    known(sheet, (), sheet.table, _CLIENT)
    return fill(ClientConfiguration, sheet, (), sheet.table)

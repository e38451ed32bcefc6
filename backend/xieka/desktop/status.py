"""What the tray icon says about the Ukeys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from xieka.core import messages
from xieka.core.events import JsonValue

if TYPE_CHECKING:
    # Values only: at run time this module stays light, it is on the start path.
    from xieka.ukey.models import UkeyList


class Icon(StrEnum):
    """The states of the small key: file names in tray/icons."""

    NONE = "none"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Status:
    """Icon and tooltip."""

    icon: Icon
    tooltip: str


_ICONS = {"ok": Icon.OK, "warn": Icon.WARN, "error": Icon.BAD}


def progress_of(installs: JsonValue) -> str:
    """What topic `installs` says is under way, in a few words; empty: nothing is."""
    items = installs.get("items") if isinstance(installs, dict) else None
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and (words := messages.names("tray_step").get(str(item.get("step")))):
            done, length = item.get("bytes"), item.get("length")
            counted = isinstance(done, int) and isinstance(length, int) and length > 0
            percent = f" {done * 100 // length}%" if counted else ""  # type: ignore[operator]
            return words.format(name=item.get("title"), percent=percent)
    return ""


def reminder_of(due: JsonValue) -> tuple[str, str, str] | None:
    """Ukey, title and text of what topic `reminder.due` tells; None for what is none."""
    if not isinstance(due, dict) or not isinstance(days := due.get("days_left"), int):
        return None
    key = "past" if days < 0 else "today" if days == 0 else "soon"
    title = messages.text(f"notify_end_{key}", n=abs(days))
    return str(due.get("token")), title, messages.text("notify_end", who=str(due.get("holder")))


def status_of(ukeys: UkeyList, progress: str = "") -> Status:
    """The managed Ukey's health in one look; `progress` stands behind it."""
    status = _status_of(ukeys)
    return replace(status, tooltip=f"{status.tooltip}\n{progress}") if progress else status


def _status_of(ukeys: UkeyList) -> Status:
    ukey = next((one for one in ukeys.tokens if one.id == ukeys.current), None)
    if ukey is None:
        if ukeys.reading:
            return Status(Icon.NONE, messages.text("tray_reading"))
        return Status(Icon.NONE, messages.text("tray_none"))
    health = ukey.health
    words = messages.text(f"health_{health.key}", d=health.days or 0)
    return Status(_ICONS[health.level], messages.text("tray_ukey", who=ukey.holder, health=words))

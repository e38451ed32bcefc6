"""What the tray icon says about the Ukeys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xieka.core import messages

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


def status_of(ukeys: UkeyList) -> Status:
    """The managed Ukey's health in one look."""
    ukey = next((one for one in ukeys.tokens if one.id == ukeys.current), None)
    if ukey is None:
        if ukeys.reading:
            return Status(Icon.NONE, messages.text("tray_reading"))
        return Status(Icon.NONE, messages.text("tray_none"))
    health = ukey.health
    words = messages.text(f"health_{health.key}", d=health.days or 0)
    return Status(_ICONS[health.level], messages.text("tray_ukey", who=ukey.holder, health=words))

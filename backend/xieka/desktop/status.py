"""What the tray icon says about the Ukeys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from xieka.core import messages

if TYPE_CHECKING:
    # Values only: at run time this module stays light, it is on the start path.
    from xieka.ukey.models import Ukey, UkeyList


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


def status_of(ukeys: UkeyList) -> Status:
    """The managed Ukey's state in one look. It speaks of the dates alone, as trust is not checked yet."""
    ukey = next((one for one in ukeys.tokens if one.id == ukeys.current), None)
    if ukey is None:
        if ukeys.reading:
            return Status(Icon.NONE, messages.text("tray_reading"))
        return Status(Icon.NONE, messages.text("tray_none"))
    if _needs_attention(ukey):
        return Status(Icon.BAD, messages.text("tray_problem", who=ukey.holder))
    soonest = min(
        (entry.summary for entry in ukey.certificates if entry.summary is not None), key=lambda one: one.not_after
    )
    if soonest.state == "expiring":
        return Status(Icon.WARN, messages.text("tray_expiring", who=ukey.holder, d=soonest.days_left))
    return Status(Icon.OK, messages.text("tray_ok", who=ukey.holder))


def _needs_attention(ukey: Ukey) -> bool:
    if ukey.pin.state in ("locked", "unset") or not ukey.certificates:
        return True
    return any(entry.summary is None or entry.summary.state in ("expired", "not_yet") for entry in ukey.certificates)

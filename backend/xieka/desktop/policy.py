"""When the window shows and hides by itself: decisions D-09 to D-12 as one pure function."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Happening(Enum):
    """What the program has just learnt about the Ukeys."""

    PRESENT_AT_START = auto()
    """The first reading of this run found Ukeys that were there before the program."""
    INSERTED = auto()
    REMOVED = auto()


class Action(Enum):
    """What the desktop does about it."""

    STAY = auto()
    """Leave the window as it is; the page shows the new state."""
    SHOW = auto()
    """Show the window, bring it to the front and give it the keyboard."""
    SHOW_BEHIND = auto()
    """Show the window without taking the keyboard from the full-screen program in front."""
    NOTIFY = auto()
    """A notification from the tray, the window stays where it is."""
    HIDE = auto()
    """Hide the window, leaving the tray icon."""
    MINIMIZE = auto()
    """Where there is no tray icon to come back from: to the task bar."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision depends on, as it is after the happening."""

    on_screen: bool
    """The window is shown and not minimised (it may be covered)."""
    present: int
    """Ukeys present."""
    busy: bool = False
    """A native dialog is open or an operation on the Ukey is running (D-10)."""
    tray: bool = True
    fullscreen_in_front: bool = False
    popup_on_insert: bool = True
    hide_on_removal: bool = True


def decide(happening: Happening, now: Situation) -> Action:
    """The action for a happening. Never takes the keyboard except on SHOW."""
    match happening:
        case Happening.PRESENT_AT_START:
            # D-09: at boot the user did not ask for the window; a visible one already says it.
            return Action.STAY if now.on_screen or now.present == 0 else Action.NOTIFY
        case Happening.INSERTED:
            if not now.popup_on_insert:
                return Action.STAY if now.on_screen else Action.NOTIFY
            return Action.SHOW_BEHIND if now.fullscreen_in_front else Action.SHOW
        case Happening.REMOVED:
            # D-10: hiding now would hide an answer. D-11: with another Ukey left, the page switches and says so.
            if now.busy or now.present > 0 or not now.hide_on_removal or not now.on_screen:
                return Action.STAY
            return Action.HIDE if now.tray else Action.MINIMIZE

from __future__ import annotations

from dataclasses import replace

import pytest

from xieka.desktop.policy import Action, Happening, Situation, decide

HIDDEN = Situation(on_screen=False, present=1)
SHOWN = Situation(on_screen=True, present=1)
EMPTY = replace(SHOWN, present=0)


@pytest.mark.parametrize(
    ("happening", "situation", "action"),
    [
        pytest.param(Happening.PRESENT_AT_START, HIDDEN, Action.NOTIFY, id="D-09 at boot with a Ukey: a notification"),
        pytest.param(
            Happening.PRESENT_AT_START, replace(HIDDEN, present=0), Action.STAY, id="at boot without a Ukey: nothing"
        ),
        pytest.param(Happening.PRESENT_AT_START, SHOWN, Action.STAY, id="a visible window says it itself"),
        pytest.param(Happening.INSERTED, HIDDEN, Action.SHOW, id="REQ-052 insertion shows"),
        pytest.param(Happening.INSERTED, SHOWN, Action.SHOW, id="REQ-052 insertion raises a covered window"),
        pytest.param(Happening.INSERTED, replace(HIDDEN, present=2), Action.SHOW, id="a second Ukey shows too"),
        pytest.param(Happening.INSERTED, replace(HIDDEN, busy=True), Action.SHOW, id="insertion while busy"),
        pytest.param(
            Happening.INSERTED,
            replace(HIDDEN, fullscreen_in_front=True),
            Action.SHOW_BEHIND,
            id="D-09 no keyboard from a full-screen program",
        ),
        pytest.param(
            Happening.INSERTED, replace(HIDDEN, popup_on_insert=False), Action.NOTIFY, id="D-09 switched off: told"
        ),
        pytest.param(
            Happening.INSERTED, replace(SHOWN, popup_on_insert=False), Action.STAY, id="switched off and visible"
        ),
        pytest.param(Happening.REMOVED, EMPTY, Action.HIDE, id="REQ-053 removal hides"),
        pytest.param(Happening.REMOVED, replace(EMPTY, tray=False), Action.MINIMIZE, id="no tray: never lost"),
        pytest.param(Happening.REMOVED, replace(EMPTY, busy=True), Action.STAY, id="D-10 not while busy"),
        pytest.param(Happening.REMOVED, SHOWN, Action.STAY, id="D-11 another Ukey is left"),
        pytest.param(Happening.REMOVED, replace(EMPTY, hide_on_removal=False), Action.STAY, id="D-10 switched off"),
        pytest.param(Happening.REMOVED, replace(EMPTY, on_screen=False), Action.STAY, id="hidden already"),
        pytest.param(
            Happening.REMOVED,
            replace(EMPTY, fullscreen_in_front=True),
            Action.HIDE,
            id="hiding takes no keyboard from anyone",
        ),
    ],
)
def test_decision(happening: Happening, situation: Situation, action: Action) -> None:
    assert decide(happening, situation) is action

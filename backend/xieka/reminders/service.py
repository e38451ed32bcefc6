"""Looks at the present Ukeys' certificates whenever they or the day change, and says once per step what ends soon."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from xieka.core.clock import Clock
from xieka.core.events import EventBus
from xieka.core.log import report
from xieka.reminders.models import Reminder
from xieka.reminders.steps import Due, due
from xieka.reminders.told import Told
from xieka.ukey.models import Ukey, UkeyList

LOOK_SECONDS: Final = 300.0
"""How late a new day is noticed, also after the computer slept."""


class Reminders:
    """Publishes `reminders` (what the page shows now) and, for the desktop alone, `reminder.due`: one to notify of.

    Steps that were passed unseen, because the Ukey was away or the computer slept, give one reminder: the last.
    """

    def __init__(
        self,
        ukeys: Callable[[], UkeyList],
        publish_ukeys: Callable[[], object],
        steps: Callable[[], Sequence[int] | None],
        told: Told,
        bus: EventBus,
        clock: Clock,
    ) -> None:
        """`ukeys`: the state now; `publish_ukeys`: tells it to page and tray anew, for days that have become fewer.

        `steps`: the user's setting, days before the end; None: no reminders, not of what has ended either.
        """
        self._ukeys = ukeys
        self._publish_ukeys = publish_ukeys
        self._steps = steps
        self._told = told
        self._bus = bus
        self._clock = clock
        self._lock = threading.RLock()
        self._shown: list[Reminder] = []
        self._days: dict[str, list[int]] = {}
        self._wake = threading.Event()
        self._closed = False

    def start(self) -> None:
        """Look now, at every change of the Ukeys, and every few minutes."""
        self._bus.on("ukeys", lambda _: self.wake())
        self.wake()
        threading.Thread(target=self._run, name="reminders", daemon=True).start()

    def wake(self) -> None:
        """Look soon: something that it depends on has changed."""
        self._wake.set()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._wake.set()

    def shown(self) -> list[Reminder]:
        """What the page shows: one for each present Ukey with a step that was not dismissed. Tells nobody."""
        return [self._reminder(ukey, found[0]) for ukey, found in self._unread()]

    def dismiss(self, token: str) -> None:
        """The user has read what there is to say about this Ukey at its step."""
        with self._lock:
            for ukey, found in self._unread():
                if ukey.id == token:
                    self._told.dismiss(found, self._clock.now())
            self.look()

    def look(self) -> None:
        """Compare with what was told, and tell what is new."""
        with self._lock:
            state, now = self._ukeys(), self._clock.now()
            days = {
                ukey.id: [one.summary.days_left for one in ukey.certificates if one.summary] for ukey in state.tokens
            }
            if any(self._days.get(token, new) != new for token, new in days.items()):
                self._publish_ukeys()
            self._days = days
            shown = self.shown()
            if shown != self._shown:
                self._shown = shown
                self._bus.publish("reminders", [one.model_dump(mode="json") for one in shown])
            for ukey, certificates in self._due():
                if found := self._told.untold(certificates, now):
                    self._told.tell(found, now)
                    self._bus.publish("reminder.due", self._reminder(ukey, found[0]).model_dump(mode="json"))

    def _due(self) -> list[tuple[Ukey, list[Due]]]:
        steps = self._steps()
        return [] if steps is None else [(ukey, due(ukey, steps)) for ukey in self._ukeys().tokens]

    def _unread(self) -> list[tuple[Ukey, list[Due]]]:
        now = self._clock.now()
        found = ((ukey, self._told.unread(certificates, now)) for ukey, certificates in self._due())
        return [(ukey, certificates) for ukey, certificates in found if certificates]

    @staticmethod
    def _reminder(ukey: Ukey, first: Due) -> Reminder:
        return Reminder(token=ukey.id, holder=ukey.holder, step=first.step, days_left=first.days_left)

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(LOOK_SECONDS)
            if self._closed:
                return
            self._wake.clear()
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - a fault here must not end the thread: the next look may work
                report(error, "reminding of certificates")

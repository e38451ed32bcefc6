"""What is known of all drivers' tokens, in the order of insertion, and the events when that changes."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.token import ckr, reading
from xieka.token.drivers import Driver
from xieka.token.host import Answer
from xieka.token.models import PinState, Problem, Token, TokenList
from xieka.token.pin import reset_elsewhere
from xieka.token.protocol import TokenInfo

_ATTEMPTS: Final = 3
"""How often a token that cannot be read is tried before it is left alone until it is plugged in again."""

_Rank = tuple[int, int, int]


@dataclass(slots=True)
class _Known:
    """One driver's part."""

    driver: Driver
    position: int
    """Among the drivers."""
    turn: int = 0
    """Of the latest answer taken over; what an earlier one tells is no longer true."""
    tokens: dict[str, Token] = field(default_factory=dict)
    """By ref."""
    ranks: dict[str, _Rank] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    """Present tokens that could not be read: ref → attempts."""
    reading: bool = True
    first: bool = True
    """Nothing heard yet, or not since it stopped: tokens that appear now were not plugged in now."""
    fault: XiekaError | None = None


class Registry:
    """The one picture of the tokens. Thread-safe; events are published outside its lock."""

    def __init__(
        self,
        drivers: Sequence[Driver],
        bus: EventBus,
        faults: Sequence[Problem] = (),
        on_pin_reset: Callable[[str], None] = lambda token_id: None,
    ) -> None:
        """`on_pin_reset` gets the id of a token whose PIN may have become another one; it must not call back."""
        self._bus = bus
        self._faults = tuple(faults)
        self._on_pin_reset = on_pin_reset
        self._lock = threading.Lock()
        self._drivers = {driver.id: _Known(driver, position) for position, driver in enumerate(drivers)}
        self._insertions = itertools.count(1)
        self._seen: dict[str, PinState] = {}
        self._inserted_at = 0.0
        self._list = self._build()

    def tokens(self) -> TokenList:
        """What is known now; never blocks."""
        return self._list

    def seen(self, token_id: str) -> bool:
        """Whether a token of this id was present at some time of this run."""
        return token_id in self._seen

    def inserted_since(self, moment: float) -> bool:
        """Whether any driver has shown a new token since this moment (of the clock given to `update`)."""
        return self._inserted_at >= moment

    def known(self, driver: str) -> list[str]:
        """Refs of a driver's tokens that need not be read again."""
        known = self._drivers[driver]
        with self._lock:
            return [*known.tokens, *(ref for ref, count in known.failures.items() if count >= _ATTEMPTS)]

    def begin_reading(self, driver: str) -> None:
        """A full reading of this driver is under way."""
        with self._lock:
            self._drivers[driver].reading = True
            self._drivers[driver].failures.clear()
        self._publish([], [])

    def update(self, driver: str, answer: Answer, now: float) -> bool | None:
        """Take over a worker's snapshot. Returns whether tokens came or went; None when more is known already."""
        known, snapshot = self._drivers[driver], answer.result
        with self._lock:
            if answer.turn < known.turn:
                return None
            known.turn = answer.turn
            before, first = known.tokens, known.first
            known.tokens, failures = {}, {}
            position: dict[str, int] = {}
            for entry in snapshot["tokens"]:
                info: TokenInfo = entry["info"]
                ref = info["ref"]
                position[ref] = len(position)
                if "contents" in entry:
                    known.tokens[ref] = reading.token(known.driver, info, entry["contents"])
                    if known.tokens[ref] == before.get(ref):
                        known.tokens[ref] = before[ref]
                elif ref in before:
                    known.tokens[ref] = reading.renewed(before[ref], known.driver, info)
                if entry.get("error", ckr.OK) not in (ckr.OK, *ckr.REMOVED):
                    failures[ref] = known.failures.get(ref, 0) + 1
                elif ref in known.failures and ref not in known.tokens:
                    failures[ref] = known.failures[ref]
            inserted = [token for ref, token in known.tokens.items() if ref not in before]
            removed = [token for ref, token in before.items() if ref not in known.tokens]
            turn = 0 if first or not inserted else next(self._insertions)
            known.ranks = {ref: known.ranks.get(ref, (turn, known.position, position[ref])) for ref in known.tokens}
            known.failures = failures
            known.fault = XiekaError("E-TOK-03") if failures or snapshot["unreadable"] else None
            known.reading = known.first = False
            if inserted:
                self._inserted_at = now
            self._look_at_pins(known, removed)
        self._publish([] if first else inserted, removed)
        return bool(inserted or removed)

    def renew(self, driver: str, turn: int, info: TokenInfo) -> None:
        """Take over the flags of one token as our own presentation has left them."""
        known = self._drivers[driver]
        with self._lock:
            token = known.tokens.get(info["ref"])
            if token and turn > known.turn:
                known.turn = turn
                known.tokens[token.ref] = token = reading.renewed(token, known.driver, info)
                self._seen[token.id] = token.pin.state
        self._publish([], [])

    def fault(self, driver: str, error: XiekaError, *, forget: bool) -> None:
        """The driver does not answer. `forget`: nobody knows whether its tokens are still there."""
        known = self._drivers[driver]
        with self._lock:
            known.fault = error
            known.reading = False
            if forget:
                known.tokens, known.ranks, known.failures = {}, {}, {}
                known.first = True
        self._publish([], [])

    def _look_at_pins(self, known: _Known, removed: Sequence[Token]) -> None:
        """Tell of PINs that may be other ones than at the last look, in whatever hands the tokens were since."""
        for token in known.tokens.values():
            if reset_elsewhere(self._seen.get(token.id), token.pin.state):
                self._on_pin_reset(token.id)
            self._seen[token.id] = token.pin.state
        for token in removed:
            if token.ref != token.serial:
                # Named by its place: another one may be called so next, and a twin left behind by the bare serial.
                self._on_pin_reset(token.id)
                self._on_pin_reset(f"{token.driver}:{token.serial}")

    def _build(self) -> TokenList:
        drivers = self._drivers.values()
        ranked = [(known.ranks[ref], token) for known in drivers for ref, token in known.tokens.items()]
        ranked.sort(key=lambda pair: pair[0])
        return TokenList(
            tokens=tuple(token for _, token in ranked),
            problems=self._faults
            + tuple(
                Problem(known.driver.id, known.driver.name, known.fault.body()) for known in drivers if known.fault
            ),
            reading=any(known.reading for known in drivers),
        )

    def _publish(self, inserted: Sequence[Token], removed: Sequence[Token]) -> None:
        with self._lock:
            fresh = self._build()
            changed = fresh != self._list
            self._list = fresh
        if changed:
            self._bus.publish("token.list", {})
        for topic, tokens in (("token.removed", removed), ("token.inserted", inserted)):
            for token in tokens:
                self._bus.publish(topic, {"id": token.id, "label": token.label})

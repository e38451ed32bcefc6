"""Presenting a 口令 to a token: once per human confirmation, one at a time, never repeated."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token import pin as rules
from xieka.token import reading
from xieka.token.host import Answer, DriverHost, DriverStoppedError, DriverUnusableError
from xieka.token.models import PinHealth, Token
from xieka.token.presence import Presence
from xieka.token.process import WorkerGoneError
from xieka.token.protocol import ModuleError, Presentation
from xieka.token.registry import Registry


@dataclass(frozen=True, slots=True)
class Served:
    """What belongs to one driver."""

    host: DriverHost
    presence: Presence


@dataclass(frozen=True, slots=True)
class Operation:
    """What the PIN is presented for; `pins[0]` is the one that is."""

    method: str
    pins: tuple[Secret, ...]
    timeout: float
    """Seconds."""
    lost: str
    """The error when no answer came back."""
    last_try: bool
    params: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    """Name of a key that may want the PIN for itself after the login."""


class Presented(NamedTuple):
    """A presentation that went well: what the worker told, and the PIN's state afterwards."""

    told: Presentation
    health: PinHealth


class Presenter:
    """Carries out operations under a PIN. Thread-safe. `token_for` gives the present token of an id, or raises."""

    def __init__(
        self,
        drivers: Mapping[str, Served],
        registry: Registry,
        proven_wrong: rules.ProvenWrong,
        token_for: Callable[[str], Token],
    ) -> None:
        self._drivers = drivers
        self._registry = registry
        self._proven_wrong = proven_wrong
        self._token_for = token_for
        self._presenting = threading.Lock()

    def present(self, token_id: str, operation: Operation) -> Presented:
        """One presentation, never repeated. Raises XiekaError for everything but success."""
        # One at a time from the check to the judgement: the same wrong PIN sent twice at once must cost one try.
        with self._presenting:
            return self._present_alone(self._token_for(token_id), operation)

    def _present_alone(self, token: Token, operation: Operation) -> Presented:
        served = self._drivers[token.driver]
        proven_wrong = self._proven_wrong.has(token.id, operation.pins[0])
        if proven_wrong:
            served.presence.wake()  # should it have been reset elsewhere, the next attempt knows
        rules.check_state(token.pin, proven_wrong=proven_wrong, last_try=operation.last_try)
        if operation.key and self._proven_wrong.has(operation.key, operation.pins[0]):
            raise XiekaError("E-SIG-08")
        params = {**operation.params, "ref": token.ref, "last_try": operation.last_try}
        try:
            answer = served.host.call(operation.method, params, timeout=operation.timeout, secrets=operation.pins)
        except WorkerGoneError as gone:
            raise XiekaError(operation.lost if gone.sent else "E-MOD-04") from None
        except DriverStoppedError:
            raise XiekaError("E-MOD-03") from None
        except DriverUnusableError:
            raise XiekaError("E-MOD-01", path=str(served.host.driver.module)) from None
        except ModuleError as error:
            # The listing before the presentation failed.
            removed = rules.outcome("check", error.rv, present=True)
            raise rules.error("check", removed, error.rv, token.pin) from None
        return self._judge(served, token, operation, answer)

    def _judge(self, served: Served, token: Token, operation: Operation, answer: Answer) -> Presented:
        """Take over what the token told, and turn everything but success into an error."""
        told = cast("Presentation", answer.result)
        step, rv, info = told["step"], told["rv"], told["token"]
        health = reading.pin_health(served.host.driver, info) if info else token.pin
        if info:
            self._registry.renew(token.driver, answer.turn, info)
        else:
            served.presence.wake()
        if step == "done":
            return Presented(told, health)
        result = rules.outcome(step, rv, present=info is not None)
        if step == "check" and info is not None and rv == 0:
            # The token's state has changed since we last looked; the worker saw it in time.
            rules.check_state(health, proven_wrong=False, last_try=operation.last_try)
        if result is rules.Outcome.WRONG and step in ("login", "set"):
            self._proven_wrong.add(token.id, operation.pins[0])
        if result is rules.Outcome.WRONG and step == "context":
            self._proven_wrong.add(operation.key, operation.pins[0])
        raise rules.error(step, result, rv, health)

"""The token room's face: present tokens, their contents, their 口令."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.secret import Secret
from xieka.token import pin as rules
from xieka.token import reading
from xieka.token.drivers import Driver
from xieka.token.host import LOAD_TIMEOUT, DriverHost, DriverStoppedError, DriverUnusableError, HostState
from xieka.token.models import PinHealth, Problem, Token, TokenList
from xieka.token.presence import Presence, Timeouts
from xieka.token.process import WorkerGoneError
from xieka.token.protocol import ModuleError, Presentation
from xieka.token.registry import Registry
from xieka.token.usb import UsbHints, system_usb_hints


class TokenService:
    """All tokens of all drivers. Thread-safe.

    Events: `token.list` {} whenever `tokens()` would differ; `token.inserted` and `token.removed` {id, label}, not for
    what was present at the start; `driver` {driver, driver_name, state: crashed | recovered | stopped}.
    `faults` are problems found before (manifests that cannot be used); they stay in every list.
    """

    def __init__(
        self,
        drivers: Sequence[Driver],
        bus: EventBus,
        clock: Clock,
        log_folder: Path | None = None,
        *,
        faults: Sequence[Problem] = (),
        timeouts: Timeouts | None = None,
        usb: UsbHints | None = None,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._clock = clock
        self._usb = usb or system_usb_hints()
        self._registry = Registry(drivers, bus, faults)
        self._proven_wrong = rules.ProvenWrong()
        self._presenting = threading.Lock()
        self._index = {driver.id: index for index, driver in enumerate(drivers)}
        self._hosts: list[DriverHost] = []
        self._presences: list[Presence] = []
        for index, driver in enumerate(drivers):
            host = DriverHost(driver, clock, log_folder, _reporter(bus, driver), partial(self._woken, index))
            self._hosts.append(host)
            self._presences.append(Presence(index, host, self._registry, clock, self._timeouts))

    def start(self) -> None:
        """Start every driver's worker and then look for tokens in the background. Returns at once."""
        for host in self._hosts:
            host.spawn()
        for presence in self._presences:
            presence.start()
        if self._usb:
            self._usb.start(lambda arrived: self.hint(arrived=arrived))

    def wait_first(self, timeout: float) -> bool:
        """Wait until every driver has answered its first reading, or has failed to; False after `timeout` seconds."""
        end = self._clock.monotonic() + timeout
        return all(p.answered.wait(max(0.0, end - self._clock.monotonic())) for p in self._presences)

    def tokens(self) -> TokenList:
        """What is known now; never blocks."""
        return self._registry.tokens()

    def refresh(self) -> TokenList:
        """List and read everything anew, also from stopped drivers. Returns the fresh list.

        Blocks; not for listeners of this service's events, which run in the threads it waits for.
        """
        tickets = [presence.refresh() for presence in self._presences]
        end = self._clock.monotonic() + LOAD_TIMEOUT + 2 * self._timeouts.read
        for ticket in tickets:
            ticket.wait(max(0.0, end - self._clock.monotonic()))
        return self.tokens()

    def hint(self, *, arrived: bool = True) -> None:
        """Something changed at the USB bus: look now, cheaply.

        `arrived`: a device came; a driver that does not show a new token within a second is restarted.
        """
        for presence in self._presences:
            presence.hint(arrived)

    def get(self, token_id: str) -> Token:
        """A present token by `driver:serial` or by the bare serial. Raises E-TOK-06 (none), E-TOK-09 (several)."""
        present = self.tokens().tokens
        found = [t for t in present if t.id == token_id] or [t for t in present if t.serial == token_id]
        if len(found) > 1:
            raise XiekaError("E-TOK-09")
        if not found:
            raise XiekaError("E-TOK-06")
        return found[0]

    def verify_pin(self, token_id: str, pin: Secret, *, last_try: bool = False) -> PinHealth:
        """Present the PIN once; returns the retry state when it is right, and changes nothing.

        `last_try`: the user has confirmed that a wrong PIN would lock the token. Raises XiekaError: V-PIN-00,
        E-PIN-01/01b/01n/02/03/04/07/08, E-TOK-01/01b/06/08/09, E-MOD-01/03/04.
        """
        token = self._token_for_pin(token_id)
        rules.check_current(pin)
        return self._present(token, "verify_pin", (pin,), last_try, self._timeouts.verify, lost="E-PIN-08")

    def change_pin(self, token_id: str, old: Secret, new: Secret, *, last_try: bool = False) -> PinHealth:
        """Set a new PIN with one presentation of the old one, and prove it on the token.

        Raises XiekaError as `verify_pin`, and V-PIN-01/02/04/05 (nothing touched), E-PIN-05 (not sure), E-PIN-06.
        """
        token = self._token_for_pin(token_id)
        rules.check_current(old)
        rules.check_new(old, new)
        try:
            health = self._present(token, "change_pin", (old, new), last_try, self._timeouts.change, lost="E-PIN-05")
        except XiekaError as error:
            if error.code == "E-PIN-05":
                # Either may hold now, also one that was wrong before; the user is to find out.
                self._proven_wrong.forget(token.id)
            raise
        self._proven_wrong.forget(token.id)
        return health

    def close(self) -> None:
        """End all workers and threads within 2 seconds."""
        if self._usb:
            self._usb.close()
        for presence in self._presences:
            presence.close()
        closers = [threading.Thread(target=host.close, daemon=True) for host in self._hosts]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join(1.8)
        for presence in self._presences:
            presence.join(0.1)

    def _token_for_pin(self, token_id: str) -> Token:
        try:
            return self.get(token_id)
        except XiekaError as error:
            if error.code == "E-TOK-06" and self._registry.seen(token_id):
                raise XiekaError("E-TOK-01") from None
            raise

    def _present(
        self, token: Token, method: str, pins: tuple[Secret, ...], last_try: bool, timeout: float, lost: str
    ) -> PinHealth:
        """One presentation of `pins[0]`, never repeated. `lost`: the error when no answer came back."""
        # One at a time from the check to the judgement: the same wrong PIN sent twice at once must cost one try.
        with self._presenting:
            return self._present_alone(self._token_for_pin(token.id), method, pins, last_try, timeout, lost)

    def _present_alone(
        self, token: Token, method: str, pins: tuple[Secret, ...], last_try: bool, timeout: float, lost: str
    ) -> PinHealth:
        rules.check_state(token.pin, proven_wrong=self._proven_wrong.has(token.id, pins[0]), last_try=last_try)
        index = self._index[token.driver]
        params = {"ref": token.id.removeprefix(f"{token.driver}:"), "last_try": last_try}
        try:
            answer = self._hosts[index].call(method, params, timeout=timeout, secrets=pins)
        except WorkerGoneError as gone:
            raise XiekaError(lost if gone.sent else "E-MOD-04") from None
        except DriverStoppedError:
            raise XiekaError("E-MOD-03") from None
        except DriverUnusableError:
            raise XiekaError("E-MOD-01", path=str(self._hosts[index].driver.module)) from None
        except ModuleError as error:
            # The listing before the presentation failed.
            removed = rules.outcome("check", error.rv, present=True)
            raise rules.error("check", removed, error.rv, token.pin) from None
        return self._judge(index, token, pins[0], cast("Presentation", answer), last_try)

    def _judge(self, index: int, token: Token, pin: Secret, answer: Presentation, last_try: bool) -> PinHealth:
        """Take over what the token told, and turn everything but success into an error."""
        step, rv, info = answer["step"], answer["rv"], answer["token"]
        health = reading.pin_health(self._hosts[index].driver, info) if info else token.pin
        if info:
            self._registry.renew(index, info)
        else:
            self._presences[index].wake()
        if step == "done":
            return health
        result = rules.outcome(step, rv, present=info is not None)
        if step == "check" and info is not None and rv == 0:
            # The token's state has changed since we last looked; the worker saw it in time.
            rules.check_state(health, proven_wrong=False, last_try=last_try)
        if result is rules.Outcome.WRONG and step != "confirm":
            self._proven_wrong.add(token.id, pin)
        raise rules.error(step, result, rv, health)

    def _woken(self, index: int) -> None:
        self._presences[index].wake()


def _reporter(bus: EventBus, driver: Driver) -> Callable[[HostState], None]:
    def report(state: HostState) -> None:
        bus.publish("driver", {"driver": driver.id, "driver_name": driver.name, "state": state})

    return report

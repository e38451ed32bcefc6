"""The token room's face: present tokens, their contents, their 口令."""

from __future__ import annotations

import threading
from binascii import a2b_base64
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import cast

from xieka.core.clock import Clock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.secret import Secret
from xieka.token import pin as rules
from xieka.token import signing
from xieka.token.drivers import Driver
from xieka.token.host import LOAD_TIMEOUT, DriverHost, HostState
from xieka.token.models import PinHealth, Problem, Token, TokenList
from xieka.token.presence import Presence, Timeouts
from xieka.token.presenting import Operation, Presenter, Served
from xieka.token.protocol import Signing
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
        self._proven_wrong = rules.ProvenWrong()
        self._registry = Registry(drivers, bus, faults, self._proven_wrong.forget)
        self._drivers: dict[str, Served] = {}
        self._presenter = Presenter(self._drivers, self._registry, self._proven_wrong, self._token_for_pin)
        for driver in drivers:
            host = DriverHost(driver, clock, log_folder, _reporter(bus, driver), partial(self._woken, driver.id))
            self._drivers[driver.id] = Served(host, Presence(host, self._registry, clock, self._timeouts))

    def start(self) -> None:
        """Start every driver's worker and then look for tokens in the background. Returns at once."""
        for served in self._drivers.values():
            served.host.spawn()
        for served in self._drivers.values():
            served.presence.start()
        if self._usb:
            self._usb.start(lambda arrived: self.hint(arrived=arrived))

    def wait_first(self, timeout: float) -> bool:
        """Wait until every driver has answered its first reading, or has failed to; False after `timeout` seconds."""
        end = self._clock.monotonic() + timeout
        return all(
            served.presence.answered.wait(max(0.0, end - self._clock.monotonic())) for served in self._drivers.values()
        )

    def tokens(self) -> TokenList:
        """What is known now; never blocks."""
        return self._registry.tokens()

    def driver(self, driver_id: str) -> Driver:
        """One of the drivers it was made with. Raises KeyError."""
        return self._drivers[driver_id].host.driver

    def refresh(self) -> TokenList:
        """List and read everything anew, also from stopped drivers. Returns the fresh list.

        Blocks; not for listeners of this service's events, which run in the threads it waits for.
        """
        tickets = [served.presence.refresh() for served in self._drivers.values()]
        end = self._clock.monotonic() + LOAD_TIMEOUT + 2 * self._timeouts.read
        for ticket in tickets:
            ticket.wait(max(0.0, end - self._clock.monotonic()))
        return self.tokens()

    def hint(self, *, arrived: bool = True) -> None:
        """Something changed at the USB bus: look now, cheaply.

        `arrived`: a device came; a driver that does not show a new token within a second is restarted.
        """
        for served in self._drivers.values():
            served.presence.hint(arrived)

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
        return self._presenter.present(
            token.id, Operation("verify_pin", (pin,), self._timeouts.verify, lost="E-PIN-08", last_try=last_try)
        ).health

    def change_pin(self, token_id: str, old: Secret, new: Secret, *, last_try: bool = False) -> PinHealth:
        """Set a new PIN with one presentation of the old one, and prove it on the token.

        Raises XiekaError as `verify_pin`, and V-PIN-01/02/04/05 (nothing touched), E-PIN-05 (not sure), E-PIN-06.
        """
        token = self._token_for_pin(token_id)
        rules.check_current(old)
        rules.check_new(old, new)
        try:
            health = self._presenter.present(
                token.id, Operation("change_pin", (old, new), self._timeouts.change, lost="E-PIN-05", last_try=last_try)
            ).health
        except XiekaError as error:
            if error.code == "E-PIN-05":
                # Either may hold now, also one that was wrong before; the user is to find out.
                self._proven_wrong.forget(token.id)
            raise
        self._proven_wrong.forget(token.id)
        return health

    def sign(self, token_id: str, certificate: bytes, data: bytes, pin: Secret, *, last_try: bool = False) -> bytes:
        """Sign `data` with the private key of a certificate (DER) that the token shows, with one presentation.

        RSA: PKCS#1 v1.5 with SHA-256 (RFC 8017, 8.2). EC P-256: ECDSA with SHA-256 as r‖s, 64 bytes (RFC 7518, 3.4).
        The signature has been verified under the certificate when it is returned. Raises ValueError for more than
        `signing.LIMIT` bytes, and XiekaError as `verify_pin` and E-SIG-01 (not this token's certificate), 02 (no key),
        03 (key may not sign), 04 (algorithm), 05 (mechanism), 06 (refused), 07 (signature wrong), 08 (the key has a
        PIN of its own).
        """
        token = self._token_for_pin(token_id)
        rules.check_current(pin)
        ids = [shown.object_id for shown in token.certificates if shown.der == certificate]
        if not ids:
            raise XiekaError("E-SIG-01")
        key = signing.certificate_key(certificate)
        presented = self._presenter.present(
            token.id,
            Operation(
                "sign",
                (pin,),
                self._timeouts.sign,
                lost="E-PIN-08",
                last_try=last_try,
                params={"request": key.request(ids, data)},
                key=f"{token.id} {sha256(certificate).hexdigest()}",
            ),
        )
        signature = a2b_base64(cast("Signing", presented.told)["signature"])
        if not key.verifies(signature, data):
            raise XiekaError("E-SIG-07")
        return signature

    def close(self) -> None:
        """End all workers and threads within 2 seconds."""
        if self._usb:
            self._usb.close()
        for served in self._drivers.values():
            served.presence.close()
        closers = [threading.Thread(target=served.host.close, daemon=True) for served in self._drivers.values()]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join(1.8)
        for served in self._drivers.values():
            served.presence.join(0.1)

    def _token_for_pin(self, token_id: str) -> Token:
        try:
            return self.get(token_id)
        except XiekaError as error:
            if error.code == "E-TOK-06" and self._registry.seen(token_id):
                raise XiekaError("E-TOK-01") from None
            raise

    def _woken(self, driver: str) -> None:
        self._drivers[driver].presence.wake()


def _reporter(bus: EventBus, driver: Driver) -> Callable[[HostState], None]:
    def report(state: HostState) -> None:
        bus.publish("driver", {"driver": driver.id, "driver_name": driver.name, "state": state})

    return report

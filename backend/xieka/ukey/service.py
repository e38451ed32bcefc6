"""Ukey 管理: which Ukey is managed, its 口令, certificates and seals."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from xieka.certificate import service as certificates
from xieka.certificate.kinds import DEFAULT, Rule
from xieka.certificate.models import CertificateDetail, Role
from xieka.core.clock import Clock
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.secret import Secret
from xieka.seal import service as seals
from xieka.seal.models import SealDetail, Verification
from xieka.seal.service import Picture
from xieka.settings.service import SettingsService
from xieka.token.models import TokenList
from xieka.token.service import TokenService
from xieka.ukey import views
from xieka.ukey.comparing import Comparing
from xieka.ukey.models import DriverProblem, PinView, Ukey, UkeyList

if TYPE_CHECKING:
    from xieka.certificate.trust.models import TrustView
    from xieka.ukey.sign_in import Bearer, SignIn

log = logging.getLogger(__name__)


class UkeyService:
    """The user's Ukeys. Publishes `ukeys` (the whole state), `ukey.inserted`, `ukey.removed` and `busy`."""

    def __init__(
        self,
        tokens: TokenService,
        settings: SettingsService,
        bus: EventBus,
        clock: Clock,
        rules: Sequence[Rule] = DEFAULT,
        chain: seals.Chain | None = None,
    ) -> None:
        """`rules` tell what kind of certificate it is (the operator profile's).

        `chain`: who knows about paths and revocation; without it these steps of a seal are left open.
        """
        self._tokens = tokens
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._rules = rules
        self._chain = chain
        self.comparing = Comparing(tokens, clock, rules)
        # Held from the reading of a state to its publication: an older one never comes after a newer one.
        # Listeners run inside it; they may ask for the state again.
        self._lock = threading.RLock()
        self._chosen: str | None = None
        self._managed: str | None = None
        self._running = 0
        self._holders: dict[str, str] = {}
        bus.on("token.list", lambda _: self._announce())
        bus.on("token.inserted", lambda data: self._tell("ukey.inserted", data))
        bus.on("token.removed", lambda data: self._tell("ukey.removed", data))

    def pin(self, token_id: str) -> PinView:
        """The 口令's state as it is known now. Raises XiekaError E-TOK-06, E-TOK-09."""
        return views.pin_view(self._tokens.get(token_id).pin)

    def state(self) -> UkeyList:
        """Everything known now; never waits for a driver."""
        with self._lock:
            return self._view(self._tokens.tokens())

    def refresh(self) -> UkeyList:
        """Read every Ukey anew and give the fresh state."""
        self._tokens.refresh()
        return self.state()

    def get(self, token_id: str) -> Ukey:
        """One present Ukey, by id or serial. Raises XiekaError E-TOK-06 or E-TOK-09."""
        return views.view(self._tokens.get(token_id), self._clock.now(), self._rules)

    def select(self, token_id: str, *, remember: bool | None = None) -> UkeyList:
        """Manage this Ukey from now on; `remember` keeps (True) or drops (False) the preference for next time.

        Raises XiekaError E-TOK-06 when it is not present.
        """
        token = self._tokens.get(token_id)
        if remember is not None:
            self._settings.change(preferred_token=token.id if remember else None)
        with self._lock:
            self._chosen = token.id
            return self.publish()

    def verify_pin(self, token_id: str, pin: Secret, *, last_try: bool = False) -> PinView:
        """Check the 口令; changes nothing on the Ukey but its retry counter. Errors as TokenService.verify_pin."""
        with self._operation():
            return views.pin_view(self._tokens.verify_pin(token_id, pin, last_try=last_try))

    def change_pin(self, token_id: str, old: Secret, new: Secret, *, last_try: bool = False) -> PinView:
        """Change the 口令 and prove the new one on the Ukey. Errors as TokenService.change_pin."""
        with self._operation():
            return views.pin_view(self._tokens.change_pin(token_id, old, new, last_try=last_try))

    def certificate(self, token_id: str, role: Role) -> CertificateDetail:
        """Everything the certificate of this role says."""
        return certificates.detail(self._der(token_id, role), self._clock.now(), self._rules)

    def certificate_file(self, token_id: str, role: Role) -> tuple[str, bytes]:
        """(file name by D-25, the token's own bytes) of the certificate of this role."""
        der = self._der(token_id, role)
        return certificates.export_name(certificates.summarize(der, self._clock.now())), der

    def calendar_file(self, token_id: str, role: Role) -> tuple[str, bytes]:
        """(file name, content) of a calendar entry for the day on which the certificate ends. Raises E-CAL-01."""
        return certificates.calendar_file(self._der(token_id, role), self._clock.now())

    def summary_file(self, token_id: str, role: Role, trust: TrustView, *, practice: bool) -> tuple[str, str]:
        """(file name without its ending, HTML) of the certificate on one sheet of paper, with what was checked."""
        der, practice = self._der(token_id, role), practice or self._tokens.get(token_id).practice
        return certificates.summary_file(der, trust, self._clock.now(), self._rules, practice=practice)

    def export_certificate(self, token_id: str, role: Role, path: Path) -> None:
        """Write the certificate, byte for byte as on the Ukey. Raises XiekaError E-EXP-01 when it cannot."""
        certificates.write_export(self._der(token_id, role), path)

    def certificate_der(self, token_id: str, role: Role) -> tuple[bytes, list[bytes]]:
        """(the certificate of this role, the others on the Ukey). Raises as `certificate`."""
        der = self._der(token_id, role)
        return der, [one.der for one in self._tokens.get(token_id).certificates if one.der != der]

    def signing_certificate(self, token_id: str) -> bytes:
        """DER of the certificate its holder signs with. Raises XiekaError E-TOK-05, E-TOK-06, E-TOK-07, E-TOK-09."""
        return self._der(token_id, Role.SIGNING)

    def sign_in(self, token_id: str, pin: Secret, service: SignIn, *, last_try: bool = False) -> Bearer:
        """Open a session at the service for the holder of the signing certificate, with one presentation at most.

        Raises XiekaError as `TokenService.sign` and `SignIn.open`.
        """
        certificate = self.signing_certificate(token_id)
        with self._operation():
            return service.open(
                certificate, lambda data: self._tokens.sign(token_id, certificate, data, pin, last_try=last_try)
            )

    def seal_value(self, token_id: str, number: int) -> bytes:
        """The bytes of one seal. Raises XiekaError E-SEA-02 when the Ukey has no seal of that number."""
        values = views.seal_values(self._tokens.get(token_id))
        if not 0 <= number < len(values):
            raise XiekaError("E-SEA-02")
        return values[number]

    def seal_picture(self, token_id: str, number: int) -> Picture:
        """One seal's picture as PNG. Raises XiekaError E-SEA-02 and as seals.picture."""
        return seals.picture(self.seal_value(token_id, number))

    def check_seal(self, token_id: str, number: int) -> Verification:
        """Verify one seal for use with the Ukey's signing certificate. Raises E-SEA-02 and as seals.check."""
        value = self.seal_value(token_id, number)
        return seals.check(value, self._clock.now(), self._signer(token_id), self._chain)

    def seal(self, token_id: str, number: int, chain: seals.Chain | None = None) -> SealDetail:
        """Everything one seal says, and `check_seal`, with another chain if one is given. Raises the same."""
        value = self.seal_value(token_id, number)
        return seals.detail(value, self._clock.now(), self._signer(token_id), chain or self._chain)

    def _signer(self, token_id: str) -> bytes | None:
        with suppress(XiekaError):
            return self.signing_certificate(token_id)
        return None

    def _der(self, token_id: str, role: Role) -> bytes:
        return views.certificate_der(self._tokens.get(token_id), role, self._clock.now())

    def _view(self, known: TokenList) -> UkeyList:
        now = self._clock.now()
        ukeys = [views.view(token, now, self._rules) for token in known.tokens]
        self._holders.update({ukey.id: ukey.holder for ukey in ukeys})
        self._managed = current = self._current(ukeys)
        return UkeyList(
            reading=known.reading,
            current=current,
            remembered=self._settings.value.preferred_token,
            tokens=ukeys,
            problems=[
                DriverProblem(driver=problem.driver, driver_name=problem.driver_name, error=ErrorView(**problem.error))
                for problem in known.problems
            ],
        )

    def _current(self, ukeys: list[Ukey]) -> str | None:
        """D-12: what the user chose while it is present, else the remembered one, else the first inserted.

        What is managed stays so as long as it is present: another one that comes must not take its place.
        """
        present = [ukey.id for ukey in ukeys]
        for wanted in (self._chosen, self._managed, self._settings.value.preferred_token):
            if wanted in present:
                return wanted
        return present[0] if present else None

    def publish(self) -> UkeyList:
        """Tell everyone the state now; also gives it."""
        with self._lock:
            state = self.state()
            self._bus.publish("ukeys", state.model_dump(mode="json"))
            return state

    def _announce(self) -> None:
        self.publish()

    def _tell(self, topic: str, data: JsonValue) -> None:
        if not isinstance(data, dict):
            return
        token_id = str(data["id"])
        with self._lock:
            holder = self._holders.get(token_id) or str(data["label"])
        self._bus.publish(topic, {"id": token_id, "holder": holder})

    @contextmanager
    def _operation(self) -> Iterator[None]:
        """Tells the desktop that hiding the window now would hide an answer (D-10)."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, step: int) -> None:
        with self._lock:
            self._running += step
            self._bus.publish("busy", {"on": self._running > 0})

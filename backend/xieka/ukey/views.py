"""From a token's raw objects to what people see of it. Pure: the same token and time give the same view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xieka.certificate import service as certificates
from xieka.certificate.kinds import DEFAULT, Rule
from xieka.certificate.models import Role
from xieka.core import messages
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.seal import service as seals
from xieka.token.models import PinHealth, Token
from xieka.ukey.health import judge
from xieka.ukey.models import CertificateEntry, PinView, SealEntry, Ukey


def pin_view(health: PinHealth) -> PinView:
    """The 口令 state as it crosses to the page."""
    return PinView(state=health.state.value, remaining=health.remaining, maximum=health.maximum)


def view(token: Token, now: datetime, rules: Sequence[Rule] = DEFAULT) -> Ukey:
    """One Ukey with its certificates and seals understood, each on its own: one broken object hides no other."""
    entries = [entry for entry, _ in _certificates(token, now, rules)]
    pin = pin_view(token.pin)
    found = judge(pin, entries)
    return Ukey(
        id=token.id,
        holder=_holder(token, entries),
        label=token.label,
        serial=token.serial,
        manufacturer=token.manufacturer,
        model=token.model,
        driver=token.driver,
        driver_name=token.driver_name,
        practice=token.practice,
        pin=pin,
        health=found[0],
        reminders=sum(health.level != "ok" for health in found),
        certificates=entries,
        seals=[_seal(number, value) for number, value in enumerate(seal_values(token))],
    )


def seal_values(token: Token) -> list[bytes]:
    """The token's data objects that are seals, by their labels: some modules list them anew in another order."""
    found = (item for item in token.data if seals.is_seal(item.value))
    return [item.value for item in sorted(found, key=lambda item: (item.label, item.value))]


def certificate_der(token: Token, role: Role, now: datetime) -> bytes:
    """The bytes of the token's certificate for this role. Raises XiekaError E-TOK-05 or E-TOK-07 if there is none.

    Several of one role can be present after a renewal: the one that stays valid longest is meant.
    """
    if not token.certificates:
        raise XiekaError("E-TOK-05")
    for entry, der in _certificates(token, now):
        if entry.role is role:
            return der
    raise XiekaError("E-TOK-07", role=messages.text(f"role_{role.value}"))


def _certificates(token: Token, now: datetime, rules: Sequence[Rule] = DEFAULT) -> list[tuple[CertificateEntry, bytes]]:
    """Signing first, of each role the one that stays valid longest first, unreadable ones last."""

    def rank(pair: tuple[CertificateEntry, bytes]) -> tuple[bool, bool, float]:
        summary = pair[0].summary
        return summary is None, pair[0].role is not Role.SIGNING, -summary.not_after.timestamp() if summary else 0.0

    return sorted(((_certificate(item.der, now, rules), item.der) for item in token.certificates), key=rank)


def _certificate(der: bytes, now: datetime, rules: Sequence[Rule]) -> CertificateEntry:
    try:
        summary = certificates.summarize(der, now, rules)
    except XiekaError as unreadable:
        return CertificateEntry(summary=None, error=ErrorView(**unreadable.body()))
    return CertificateEntry(summary=summary, error=None)


def _seal(number: int, value: bytes) -> SealEntry:
    try:
        return SealEntry(number=number, summary=seals.summarize(value), error=None)
    except XiekaError as unreadable:
        return SealEntry(number=number, summary=None, error=ErrorView(**unreadable.body()))


def _holder(token: Token, entries: list[CertificateEntry]) -> str:
    if entries and entries[0].summary is not None:
        return entries[0].summary.subject
    return token.label or token.serial

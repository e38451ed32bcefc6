"""Which certificate of a Ukey is registered, and which Ukeys are left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from xieka.certificate import service as certificates
from xieka.certificate.models import CertificateSummary, Role
from xieka.core.errors import XiekaError
from xieka.osstore.models import Entry, Item, Reason
from xieka.token.drivers import Driver
from xieka.token.models import Token


@dataclass(frozen=True, slots=True)
class Chosen:
    """A certificate to be registered, for the system and for the book."""

    item: Item
    entry: Entry


def choose(token: Token, driver: Driver, now: datetime) -> Chosen | Reason:
    """The Ukey's signing certificate that programs can use and that ends last, or why there is nothing to register."""
    if token.practice:
        return "practice"
    if driver.env:
        return "environment"
    found = [pair for item in token.certificates if (pair := _signing(item.der, now)) is not None]
    if not found:
        return "certificate"
    # Neither NSS nor GnuTLS does TLS with an SM2 key.
    usable = [pair for pair in found if not pair[0].algorithm.startswith("SM2")]
    if not usable:
        return "sm2"
    summary, der = max(usable, key=lambda pair: pair[0].not_after)
    entry = Entry(
        token=token.id,
        label=token.label,
        subject=summary.subject,
        serial=summary.serial,
        not_after=summary.not_after,
        sha256=sha256(der).hexdigest(),
        driver=driver.id,
        module=str(driver.module),
        since=now,
    )
    return Chosen(Item(driver.id, driver.module, der), entry)


def _signing(der: bytes, now: datetime) -> tuple[CertificateSummary, bytes] | None:
    try:
        summary = certificates.summarize(der, now)
    except XiekaError:
        return None
    return (summary, der) if summary.role is Role.SIGNING else None

"""Which certificate of a Ukey is registered, and which Ukeys are left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from xieka.certificate import service as certificates
from xieka.certificate.models import CertificateSummary, Role
from xieka.core.errors import XiekaError
from xieka.osstore.models import Entry, Item, Reason
from xieka.token.drivers import Driver
from xieka.token.models import Token, TokenCertificate


@dataclass(frozen=True, slots=True)
class Chosen:
    """A certificate to be registered, for the system and for the book."""

    item: Item
    entry: Entry


Refuses = Callable[[Item, Driver], Reason | None]
"""See Store.refuses."""


def choose(token: Token, driver: Driver, refuses: Refuses, now: datetime) -> Chosen | Reason:
    """The Ukey's signing certificate that programs can use and that ends last, or why there is nothing to register."""
    if token.practice:
        return "practice"
    found = [pair for one in token.certificates if (pair := _signing(one, now)) is not None]
    if not found:
        return "certificate"
    # Neither NSS nor GnuTLS nor Windows does TLS with an SM2 key.
    usable = [pair for pair in found if not pair[0].algorithm.startswith("SM2")]
    if not usable:
        return "sm2"
    summary, shown = max(usable, key=lambda pair: pair[0].not_after)
    keys = driver.windows.link(shown.label, shown.object_id) if driver.windows else None
    item = Item(driver.id, driver.module, shown.der, summary.subject, keys)
    if reason := refuses(item, driver):
        return reason
    entry = Entry(
        token=token.id,
        label=token.label,
        subject=summary.subject,
        serial=summary.serial,
        not_after=summary.not_after,
        sha256=sha256(shown.der).hexdigest(),
        driver=driver.id,
        module=str(driver.module),
        since=now,
    )
    return Chosen(item, entry)


def _signing(shown: TokenCertificate, now: datetime) -> tuple[CertificateSummary, TokenCertificate] | None:
    try:
        summary = certificates.summarize(shown.der, now)
    except XiekaError:
        return None
    return (summary, shown) if summary.role is Role.SIGNING else None

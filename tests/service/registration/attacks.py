"""The attack table: what is asked, how it is refused, and which check refuses it (see tests.service.auth.switches)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import select, true, update

from tests.service.auth import pki
from tests.service.auth.certificate_attacks import take_back
from tests.service.auth.switches import Without, all_of, any_signature, off, without_rules
from tests.service.registration.guest import DETAILS, Guest
from xieka.certificate.trust.rules import Rule
from xieka.contract.registration import CODE_SECONDS, RECORDS_LIMIT, VISIT_SECONDS
from xieka_service.auth import proofs
from xieka_service.registration import consents, guard, master, records, sealing, visits
from xieka_service.registration.tables import keys, registrations


@dataclass(frozen=True)
class Attack:
    """`ask` is refused with `status` and `code`; `without` its check it is answered as an honest request."""

    ask: Callable[[Guest], httpx.Response]
    status: int
    code: str
    without: Without


# Codes and cookies.


def code_twice(guest: Guest) -> httpx.Response:
    code = guest.code()
    assert guest.enter(code).status_code == 200
    return guest.enter(code)


def late(guest: Guest) -> httpx.Response:
    code = guest.code()
    guest.stage.clock.forward(CODE_SECONDS)
    return guest.enter(code)


def visit_over(guest: Guest) -> httpx.Response:
    cookie = guest.visit()
    guest.stage.clock.forward(VISIT_SECONDS)
    return guest.submit(cookie)


def look_over(guest: Guest) -> httpx.Response:
    cookie = guest.visit()
    guest.stage.clock.forward(VISIT_SECONDS)
    return guest.look(cookie)


def cookie_made_up(guest: Guest) -> httpx.Response:
    guest.visit()
    return guest.submit("A" * 43)


def code_as_cookie(guest: Guest) -> httpx.Response:
    code = guest.code()
    guest.enter(code)
    return guest.submit(code)


# Requests of other sites.


def entering(**headers: str) -> Callable[[Guest], httpx.Response]:
    return lambda guest: guest.enter(**headers)


def submitting(**headers: str) -> Callable[[Guest], httpx.Response]:
    return lambda guest: guest.submit(**headers)


# The form.


def second_submission(guest: Guest) -> httpx.Response:
    cookie = guest.visit()
    first = guest.submit(cookie)
    assert first.status_code == 201, first.text
    return guest.submit(cookie)


def one_too_many(guest: Guest) -> httpx.Response:
    for _ in range(RECORDS_LIMIT):
        guest.stage.clock.forward(60)
        assert guest.submit().status_code == 201
    guest.stage.clock.forward(60)
    return guest.submit()


# Records of others.


def stranger_corrects(guest: Guest) -> httpx.Response:
    guest.submit()
    return guest.other().correct(guest.records()[0]["id"])


def stranger_removes(guest: Guest) -> httpx.Response:
    guest.submit()
    return guest.other().remove(guest.records()[0]["id"])


def made_mine(guest: Guest) -> httpx.Response:
    """Who may write in the database gives somebody's record to another certificate, and signs in with that."""
    guest.submit()
    thief = guest.other()
    with guest.stage.parts.database.write() as connection:
        connection.execute(update(registrations).values(fingerprint=thief.made.certificate.fingerprint(_sha256())))
    return thief.stage.client.get("/v1/registrations", headers=thief.session())


def text_moved(guest: Guest) -> httpx.Response:
    """As above, but the ciphertext and its key are written over the thief's own record."""
    guest.submit()
    thief = guest.other()
    victim = guest.records()[0]["id"]
    thief.submit()
    own = thief.records()[0]["id"]
    with guest.stage.parts.database.write() as connection:
        for table, column, by in (
            (registrations, "sealed", registrations.c.id),
            (keys, "wrapped", keys.c.registration),
        ):
            stolen = connection.execute(select(table.c[column]).where(by == victim)).scalar_one()
            connection.execute(update(table).where(by == own).values({column: stolen}))
    return thief.stage.client.get("/v1/registrations", headers=thief.session())


def key_lost(guest: Guest) -> httpx.Response:
    """The service comes up without its key; a new one would hide it, and lock the old records up for good."""
    guest.submit()
    (guest.stage.parts.config.keys / "registration.key").unlink()
    return guest.submit()


def _sha256() -> Any:
    from cryptography.hazmat.primitives import hashes

    return hashes.SHA256()


# Certificates that open nothing.


def opened_by(**changes: Any) -> Callable[[Guest], httpx.Response]:
    return lambda guest: guest.opening(guest.stage.issuing.issue(pki.holder(**changes)).der)


def stranger(guest: Guest) -> httpx.Response:
    return guest.opening(pki.self_signed(pki.authority("示例 CA", 3)).issue(pki.holder()).der)


def by_revoked(guest: Guest) -> httpx.Response:
    take_back(guest.stage)
    return guest.opening(guest.stage.holder.der)


NOBODY = {**DETAILS, "key": str(uuid.UUID(int=7)), "notice": "2020-01-01"}

ATTACKS = {
    "code-twice": Attack(code_twice, 403, "registration.code", off(visits, "_unused", returns=true)),
    "code-expired": Attack(late, 403, "registration.code", off(visits, "_current", returns=true)),
    "visit-expired": Attack(visit_over, 403, "registration.visit", off(visits, "_current", returns=true)),
    "visit-expired-looking": Attack(look_over, 403, "registration.visit", off(visits, "_current", returns=true)),
    "cookie-made-up": Attack(cookie_made_up, 403, "registration.visit", off(visits, "_held_by", returns=true)),
    "code-as-cookie": Attack(code_as_cookie, 403, "registration.visit", off(visits, "_held_by", returns=true)),
    "foreign-origin": Attack(
        submitting(Origin="https://evil.example"), 403, "registration.origin", off(guard, "_check_origin")
    ),
    "foreign-origin-entering": Attack(
        entering(Origin="https://evil.example"), 403, "registration.origin", off(guard, "_check_origin")
    ),
    "origin-of-a-subdomain": Attack(
        submitting(Origin="https://service.example.evil.example"), 403, "registration.origin",
        off(guard, "_check_origin"),
    ),
    "origin-by-http": Attack(
        submitting(Origin="http://service.example"), 403, "registration.origin", off(guard, "_check_origin")
    ),
    "origin-on-other-port": Attack(
        submitting(Origin="https://service.example:8443"), 403, "registration.origin", off(guard, "_check_origin")
    ),
    "origin-null": Attack(submitting(Origin="null"), 403, "registration.origin", off(guard, "_check_origin")),
    "no-origin": Attack(submitting(Origin=""), 403, "registration.origin", off(guard, "_check_origin")),
    # Browsers send reports of this type without asking first.
    "json-of-other-type": Attack(
        submitting(**{"Content-Type": "application/reports+json"}), 415, "registration.media_type",
        off(guard, "_check_media_type"),
    ),
    "second-submission": Attack(second_submission, 409, "registration.submitted", off(records, "_check_first")),
    "old-notice": Attack(
        lambda guest: guest.submit(form={"notice": "2020-01-01"}), 409, "registration.notice",
        off(consents, "_check_notice"),
    ),
    "one-too-many": Attack(one_too_many, 409, "registration.full", off(records, "_check_room")),
    "stranger-corrects": Attack(stranger_corrects, 404, "request.not_found", off(records, "_belongs_to", returns=true)),
    "stranger-removes": Attack(stranger_removes, 404, "request.not_found", off(records, "_belongs_to", returns=true)),
    "record-given-to-a-stranger": Attack(
        made_mine, 503, "registration.key", off(sealing, "_context", returns=b"")
    ),
    "text-moved-to-a-stranger": Attack(
        text_moved, 503, "registration.key",
        all_of(off(sealing, "_context", returns=b""), off(sealing, "_key_context", returns=b"")),
    ),
    "key-lost": Attack(key_lost, 503, "registration.key", off(master, "_check_not_lost")),
    "opened-by-encryption-certificate": Attack(
        opened_by(usages=pki.ENCRYPTION), 401, "auth.certificate_usage", off(proofs, "_check_usage")
    ),
    "opened-by-expired-certificate": Attack(
        opened_by(ends=pki.NOW - pki.DAY), 401, "auth.certificate_dates", without_rules(Rule.DATES)
    ),
    "opened-by-certificate-of-tomorrow": Attack(
        opened_by(begins=pki.NOW + pki.DAY), 401, "auth.certificate_dates", without_rules(Rule.DATES)
    ),
    "opened-by-revoked-certificate": Attack(
        by_revoked, 401, "auth.certificate_revoked", off(proofs, "_check_revocation")
    ),
    "opened-by-a-stranger": Attack(stranger, 401, "auth.certificate_untrusted", any_signature),
}  # fmt: skip

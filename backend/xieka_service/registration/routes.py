"""/v1/registrations: opening the page, and, signed in, seeing, correcting and deleting what was told there."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request

from xieka.certificate.trust.parsed import Certificate, parse
from xieka.contract.registration import CODE_SECONDS, Details, Opening, OpeningRequest, Record, Records
from xieka.core.errors import XiekaError
from xieka_service import context
from xieka_service.auth import proofs
from xieka_service.auth.dependency import SignedIn
from xieka_service.auth.refusals import (
    CERTIFICATE_DATES,
    CERTIFICATE_REVOKED,
    CERTIFICATE_UNTRUSTED,
    CERTIFICATE_USAGE,
    SESSION,
)
from xieka_service.auth.sessions import Holder
from xieka_service.context import Context
from xieka_service.http.problems import DATABASE, RATE, Refusal, documented
from xieka_service.http.rates import address
from xieka_service.registration import page, records, visits
from xieka_service.registration.guard import check_open
from xieka_service.registration.master import master
from xieka_service.registration.refusals import CLOSED, KEY, NOTICE

_Parts = Annotated[Context, Depends(context.of)]
_REFUSALS = (CERTIFICATE_DATES, CERTIFICATE_USAGE, CERTIFICATE_REVOKED, CERTIFICATE_UNTRUSTED)

router = APIRouter(prefix="/v1/registrations", tags=["registration"])


def mount(app: FastAPI, _parts: Context) -> None:
    """Join the app (see xieka_service.app)."""
    app.include_router(page.router)
    app.include_router(router)


@router.post("/openings", status_code=201, responses=documented(*_REFUSALS, RATE, DATABASE, CLOSED))
def open_page(wanted: OpeningRequest, request: Request, parts: _Parts) -> Opening:
    """A code that opens the page for the holder of this signing certificate. Nothing is told: no key is proven."""
    check_open(parts.config)
    now, rates = parts.clock.now(), parts.config.rates
    with parts.database.write() as connection:
        parts.limiter.take(connection, address(request), rates.address, now)
    certificate = _certificate(wanted.certificate)
    proofs.check_chain((certificate,), parts.trust, now)
    holder = _holder(certificate, parts)
    with parts.database.write() as connection:
        # Its own bucket: whoever has only seen the certificate cannot keep its holder from signing in.
        parts.limiter.take(connection, f"opening {holder.fingerprint.hex()}", rates.certificate, now)
        code = visits.prepare(connection, holder.fingerprint, holder.subject, certificate.not_after, now)
    return Opening(code=code, expires_in=CODE_SECONDS)


@router.get("", responses=documented(SESSION, DATABASE, KEY))
def read(holder: SignedIn, parts: _Parts) -> Records:
    """Everything that is kept for the certificate."""
    with parts.database.read() as connection:
        return Records(items=records.listing(connection, master(parts.config.keys, connection), holder.fingerprint))


@router.put("/{record}", responses=documented(SESSION, NOTICE, DATABASE, KEY))
def correct(record: UUID, details: Details, holder: SignedIn, parts: _Parts) -> Record:
    """Replace what a record says; purposes left out are withdrawn."""
    with parts.database.write() as connection:
        key = master(parts.config.keys, connection)
        return records.correct(connection, key, holder.fingerprint, record, details, parts.clock.now())


@router.delete("/{record}", status_code=204, responses=documented(SESSION, DATABASE))
def remove(record: UUID, holder: SignedIn, parts: _Parts) -> None:
    """Delete a record for good."""
    with parts.database.write() as connection:
        records.remove(connection, holder.fingerprint, record, parts.clock.now())


def _certificate(der: bytes) -> Certificate:
    try:
        return parse(der)
    except ValueError as malformed:
        raise Refusal(CERTIFICATE_UNTRUSTED) from malformed


def _holder(certificate: Certificate, parts: Context) -> Holder:
    try:
        return Holder.of(certificate.der, parts.clock.now())
    except XiekaError as unreadable:
        raise Refusal(CERTIFICATE_UNTRUSTED) from unreadable

"""POST /v1/auth/challenges, POST /v1/auth/sessions, GET and DELETE /v1/auth/session."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request

from xieka.contract.auth import (
    CHALLENGE_SECONDS,
    Challenge,
    ChallengeRequest,
    Session,
    SessionRequest,
    SessionState,
)
from xieka.core.errors import XiekaError
from xieka_service import context
from xieka_service.auth import challenges, proofs, sessions
from xieka_service.auth.dependency import CurrentSession
from xieka_service.auth.refusals import (
    ASSERTION,
    CERTIFICATE_DATES,
    CERTIFICATE_REVOKED,
    CERTIFICATE_UNTRUSTED,
    CERTIFICATE_USAGE,
    CHALLENGE,
    SESSION,
)
from xieka_service.auth.sessions import Holder
from xieka_service.context import Context
from xieka_service.http.problems import DATABASE, RATE, Refusal, documented
from xieka_service.http.rates import address

_Parts = Annotated[Context, Depends(context.of)]
_REFUSALS = (ASSERTION, CHALLENGE, CERTIFICATE_DATES, CERTIFICATE_USAGE, CERTIFICATE_REVOKED, CERTIFICATE_UNTRUSTED)

router = APIRouter(prefix="/v1/auth", tags=["auth"])


def mount(app: FastAPI, _parts: Context) -> None:
    """Join the app (see xieka_service.app)."""
    app.include_router(router)


@router.post("/challenges", status_code=201, responses=documented(RATE, DATABASE))
def create_challenge(wanted: ChallengeRequest, request: Request, parts: _Parts) -> Challenge:
    """A nonce to sign with the Ukey."""
    now = parts.clock.now()
    with parts.database.write() as connection:
        parts.limiter.take(connection, address(request), parts.config.rates.address, now)
        nonce = challenges.issue(connection, wanted.purpose, now)
    return Challenge(nonce=nonce, audience=parts.config.audience, purpose=wanted.purpose, expires_in=CHALLENGE_SECONDS)


@router.post("/sessions", status_code=201, responses=documented(*_REFUSALS, RATE, DATABASE))
def create_session(given: SessionRequest, request: Request, parts: _Parts) -> Session:
    """A session for the holder of the certificate that signed the nonce."""
    now, rates = parts.clock.now(), parts.config.rates
    with parts.database.write() as connection:
        # Paid before anything is checked, and kept when the check fails.
        parts.limiter.take(connection, address(request), rates.address, now)
    answer = proofs.verify(given, "session", parts.config.audience, parts.trust, now)
    holder = _holder(answer, now)
    with parts.database.write() as connection:
        parts.limiter.take(connection, f"certificate {holder.fingerprint.hex()}", rates.certificate, now)
        if not challenges.consume(connection, answer.nonce, "session", now):
            raise Refusal(CHALLENGE)
        opened = sessions.open_session(
            connection, holder, challenges.digest(answer.nonce), now, answer.certificate.not_after
        )
    return Session(token=opened.token, expires_at=opened.expires_at, subject=holder.subject)


def _holder(answer: proofs.Answer, now: datetime) -> Holder:
    try:
        return Holder.of(answer.certificate.der, now)
    except XiekaError as unreadable:
        raise Refusal(ASSERTION) from unreadable


@router.get("/session", responses=documented(SESSION, DATABASE))
def read_session(session: CurrentSession) -> SessionState:
    """Whom the service takes the bearer for."""
    holder = session.holder
    return SessionState(
        subject=holder.subject,
        uscc=holder.uscc,
        fingerprint=holder.fingerprint.hex(),
        expires_at=session.expires_at,
    )


@router.delete("/session", status_code=204, responses=documented(SESSION, DATABASE))
def end_session(session: CurrentSession, parts: _Parts) -> None:
    """End the session."""
    with parts.database.write() as connection:
        sessions.revoke(connection, session.token, parts.clock.now())

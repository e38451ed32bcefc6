"""For routes of every room: who is signed in.

def mine(holder: SignedIn) -> Reply: …
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from xieka_service import context
from xieka_service.auth import sessions
from xieka_service.auth.refusals import SESSION
from xieka_service.auth.sessions import Holder
from xieka_service.http.problems import Refusal

_bearer = HTTPBearer(auto_error=False, scheme_name="session", description="The token of POST /v1/auth/sessions.")


@dataclass(frozen=True, slots=True)
class Current:
    """The session of a request."""

    token: str
    holder: Holder
    expires_at: datetime


def current(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Current:
    """The session whose token the request bears. Raises Refusal (auth.session) when there is none."""
    if credentials is None:
        raise Refusal(SESSION)
    parts = context.of(request)
    with parts.database.read() as connection:
        found = sessions.find(connection, credentials.credentials, parts.clock.now())
    if found is None:
        raise Refusal(SESSION)
    return Current(credentials.credentials, *found)


CurrentSession = Annotated[Current, Depends(current)]


def signed_in(session: CurrentSession) -> Holder:
    """The holder of the certificate the session was opened with. Raises Refusal (auth.session)."""
    return session.holder


SignedIn = Annotated[Holder, Depends(signed_in)]

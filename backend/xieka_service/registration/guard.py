"""What the page's requests must bring: its cookie, and the signs that it is the page who asks (against CSRF)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie

from xieka.contract.registration import PAGE, VISIT_SECONDS
from xieka_service import context
from xieka_service.config import Config
from xieka_service.http.problems import Refusal
from xieka_service.registration.refusals import CLOSED, MEDIA_TYPE, ORIGIN, VISIT

COOKIE = "xieka-visit"

_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="visit", description="Set by POST /register/visit.")


def from_the_page(request: Request) -> None:
    """Let only the service's own page send something. Raises Refusal (registration.origin, registration.media_type).

    Three fences, each enough by itself: the cookie is SameSite=Strict, browsers name the origin of every POST, and no
    form of another site can send JSON without asking first.
    """
    _check_origin(request, context.of(request).config)
    _check_media_type(request)


def visit_token(token: Annotated[str | None, Depends(_cookie)]) -> str:
    """The cookie's value. Raises Refusal (registration.visit)."""
    if not token:
        raise Refusal(VISIT)
    return token


VisitToken = Annotated[str, Depends(visit_token)]


def keep(response: Response, token: str, config: Config) -> None:
    """Give the page its cookie."""
    response.set_cookie(
        COOKIE, token, max_age=VISIT_SECONDS, path=PAGE, secure=config.https, httponly=True, samesite="strict"
    )


def check_open(config: Config) -> None:
    """Nobody is asked for anything by somebody unnamed (PIPL, Art. 17). Raises Refusal (registration.closed)."""
    if not (config.operator and config.operator_contact):
        raise Refusal(CLOSED)


def _check_origin(request: Request, config: Config) -> None:
    if request.headers.getlist("origin") != [config.origin]:
        raise Refusal(ORIGIN)


def _check_media_type(request: Request) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(MEDIA_TYPE)

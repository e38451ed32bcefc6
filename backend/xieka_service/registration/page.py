"""/register: the page's files, and what its script asks."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from xieka.contract.registration import FINISHED, NOTICE_VERSION, PAGE, SENT, SKIPPED, Entry, Submission, Visit
from xieka_service import context
from xieka_service.config import Config
from xieka_service.context import Context
from xieka_service.http.problems import DATABASE, NOT_FOUND, RATE, Refusal, documented
from xieka_service.http.rates import address
from xieka_service.registration import files, records, visits
from xieka_service.registration.guard import VisitToken, check_open, from_the_page, keep
from xieka_service.registration.master import master
from xieka_service.registration.refusals import (
    CLOSED,
    CODE,
    FULL,
    KEY,
    MEDIA_TYPE,
    NOTICE,
    ORIGIN,
    SUBMITTED,
    VISIT,
)
from xieka_service.registration.visits import Visitor

_Parts = Annotated[Context, Depends(context.of)]
_FENCE = Depends(from_the_page)
_ASSET: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/javascript": {}, "text/css": {}, "image/svg+xml": {}}},
}

router = APIRouter(tags=["registration page"])


def _serve(path: str, name: str, summary: str) -> None:
    @router.get(path, response_class=HTMLResponse, summary=summary, operation_id=f"register_{name}")
    def page() -> Response:
        return files.document(f"{name}.html")


_serve(PAGE, "index", "The form; opened as `/register#CODE`.")
_serve(SENT, "sent", "The form was received.")
_serve(FINISHED, "finished", "Closes the window after the form was received.")
_serve(SKIPPED, "skipped", "Closes the window; nothing was stored.")


@router.get(f"{PAGE}/assets/{{name}}", response_class=Response, responses=_ASSET)
def asset(name: str) -> Response:
    """Scripts, styles and pictures of the pages."""
    found = files.asset(name)
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


@router.post(
    f"{PAGE}/visit",
    dependencies=[_FENCE],
    responses=documented(CODE, ORIGIN, MEDIA_TYPE, RATE, DATABASE, CLOSED),
)
def enter(entry: Entry, request: Request, response: Response, parts: _Parts) -> Visit:
    """Exchange the code for the cookie of this visit."""
    check_open(parts.config)
    now = parts.clock.now()
    _pay(request, parts)
    with parts.database.write() as connection:
        token = visits.exchange(connection, entry.code, now)
        if token is None:
            raise Refusal(CODE)
        visitor = visits.find(connection, token, now)
    keep(response, token, parts.config)
    return _visit(visitor, parts.config)


@router.get(f"{PAGE}/visit", responses=documented(VISIT, DATABASE, CLOSED))
def read_visit(token: VisitToken, parts: _Parts) -> Visit:
    """What the page is for."""
    check_open(parts.config)
    with parts.database.read() as connection:
        return _visit(visits.find(connection, token, parts.clock.now()), parts.config)


@router.post(
    f"{PAGE}/submissions",
    status_code=201,
    dependencies=[_FENCE],
    responses=documented(VISIT, ORIGIN, MEDIA_TYPE, SUBMITTED, NOTICE, FULL, RATE, DATABASE, KEY, CLOSED),
)
def submit(given: Submission, request: Request, token: VisitToken, parts: _Parts) -> Visit:
    """Store what was filled in; the same `key` again changes nothing."""
    check_open(parts.config)
    now = parts.clock.now()
    _pay(request, parts)
    with parts.database.write() as connection:
        visitor = visits.lock(connection, token, now)
        if visitor is None:
            raise Refusal(VISIT)
        records.submit(connection, master(parts.config.keys, connection), visitor, given, now)
        return _visit(visits.find(connection, token, now), parts.config)


def _pay(request: Request, parts: Context) -> None:
    # A transaction of its own: paid before anything is checked, and kept when the check fails.
    with parts.database.write() as connection:
        parts.limiter.take(connection, address(request), parts.config.rates.address, parts.clock.now())


def _visit(visitor: Visitor | None, config: Config) -> Visit:
    if visitor is None:
        raise Refusal(VISIT)
    return Visit(
        subject=visitor.subject,
        notice=NOTICE_VERSION,
        submitted=visitor.submission is not None,
        operator=config.operator,
        operator_contact=config.operator_contact,
        practice=config.practice,
    )

"""Refusals as RFC 9457 problem details: each kind is a constant with a stable code, declared by the room it belongs to.

Nothing the sender sent stands in a problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from xieka.contract.problem import MEDIA_TYPE, Problem


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal. `title` is for people who read logs."""

    code: str
    status: int
    title: str


MALFORMED = Kind("request.malformed", 400, "The request is not understood.")
NOT_FOUND = Kind("request.not_found", 404, "There is nothing here.")
METHOD = Kind("request.method", 405, "This method is not for here.")
TOO_SLOW = Kind("request.too_slow", 408, "The request did not arrive in time.")
TOO_LONG = Kind("request.too_long", 413, "The request is longer than accepted.")
INVALID = Kind("request.invalid", 422, "The request does not have the documented form.")
RATE = Kind("request.rate", 429, "Too many requests.")
ERROR = Kind("service.error", 500, "The service failed.")
BUSY = Kind("service.busy", 503, "Too many requests are in work.")
DATABASE = Kind("service.database", 503, "The database does not answer.")

EVERYWHERE = (MALFORMED, NOT_FOUND, METHOD, TOO_SLOW, TOO_LONG, INVALID, ERROR, BUSY)
"""What any request may be answered."""
_BY_STATUS = {kind.status: kind for kind in (*EVERYWHERE[:-1], DATABASE)}


class Refusal(Exception):  # noqa: N818 - not an error of the service
    """Raised anywhere in a request: ends it with this problem."""

    def __init__(self, kind: Kind, *, detail: str = "", retry_after: int | None = None) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after
        """Seconds."""


def response(
    kind: Kind,
    request_id: str,
    *,
    detail: str = "",
    retry_after: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for a refusal."""
    problem = Problem(
        title=kind.title,
        status=kind.status,
        code=kind.code,
        detail=detail,
        retry_after=retry_after,
        request_id=request_id,
    )
    extra = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if kind.status == 401:
        # RFC 9110, 15.5.2: it says how one identifies oneself.
        extra["WWW-Authenticate"] = "Bearer"
    return Response(
        problem.model_dump_json(exclude_none=True),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers={**(headers or {}), **extra},
    )


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses=`: the problems it may answer beside EVERYWHERE."""
    by_status: dict[int, list[Kind]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {
        status: {
            "description": " / ".join(f"`{kind.code}` {kind.title}" for kind in same),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, same in by_status.items()
    }


def install(app: FastAPI) -> None:
    """Answer every refusal of the app, and what the framework itself refuses, with a problem."""

    def _id(request: Request) -> str:
        return str(request.scope.get("state", {}).get("request_id", ""))

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)  # noqa: S101 - for the type checker; registered for this type
        return response(error.kind, _id(request), detail=error.detail, retry_after=error.retry_after)

    def by_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        kind = _BY_STATUS.get(error.status_code) or Kind(
            "request.refused", error.status_code, "The request is refused."
        )
        return response(kind, _id(request), headers=error.headers)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
        # Kinds of mistakes only: the places hold names the sender chose.
        detail = ", ".join(sorted({str(one["type"]) for one in error.errors()}))
        return response(INVALID, _id(request), detail=detail)

    def database(request: Request, _error: Exception) -> Response:
        return response(DATABASE, _id(request), retry_after=5)

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(HTTPException, by_framework)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(OperationalError, database)
    app.add_exception_handler(PoolTimeoutError, database)

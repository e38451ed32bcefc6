"""/ca/ocsp, /ca/issuing.crl, /ca/issuing.cer: what certificates of the embedded authority name for their checking.

The same below /ca/sm2 for the SM2 authority. The paths are those of RFC 6960, appendix A, and of files; they stand in
certificates and so are not under /v1. Where the data folder holds no such authority, nothing is found here.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.responses import Response

from xieka.core.errors import XiekaError
from xieka_service import context
from xieka_service.ca.questions import MAX_REQUEST
from xieka_service.ca.status import Status
from xieka_service.ca.suites import SUITES
from xieka_service.context import Context
from xieka_service.http.problems import NOT_FOUND, Kind, Refusal
from xieka_service.http.rates import address

KEYS = Kind("ca.keys", 503, "This computer cannot use the authority's keys.")
_OCSP = "application/ocsp-response"
_NOT_KEPT = {"Cache-Control": "no-store"}
_Parts = Annotated[Context, Depends(context.of)]


def mount(app: FastAPI, _parts: Context) -> None:
    """Join the app (see xieka_service.app)."""
    for suite in SUITES:
        # Not in the document: other standards describe them, and no client of ours calls them by it.
        router = APIRouter(prefix=suite.path, include_in_schema=False, default_response_class=Response)
        router.post("/ocsp")(ask)
        router.get("/ocsp/{question:path}")(ask_by_address)
        router.get("/issuing.crl")(revocation_list)
        router.get("/issuing.cer")(issuer)
        app.include_router(router)


async def _body(request: Request) -> bytes:
    return await request.body()


def _status(request: Request, parts: _Parts) -> Status:
    path = f"{request.url.path}/"
    # The path of one is the beginning of the other's: the longest counts.
    suite = max((one for one in SUITES if path.startswith(f"{one.path}/")), key=lambda one: len(one.path))
    folder = parts.config.data / suite.folder
    if not (folder / "issuing.key").is_file():
        raise Refusal(NOT_FOUND)
    # Every answer costs a signature.
    with parts.database.write() as connection:
        parts.limiter.take(connection, address(request), parts.config.rates.address, parts.clock.now())
    try:
        return Status(folder, suite)
    except XiekaError as unusable:
        raise Refusal(KEYS) from unusable


_Status = Annotated[Status, Depends(_status)]


def ask(parts: _Parts, status: _Status, question: Annotated[bytes, Depends(_body)]) -> Response:
    """An OCSP request as the body."""
    return Response(status.answer(question, parts.clock.now()), media_type=_OCSP, headers=_NOT_KEPT)


def ask_by_address(question: str, parts: _Parts, status: _Status) -> Response:
    """An OCSP request in base64 as the rest of the address."""
    try:
        der = base64.b64decode(question, validate=True) if len(question) < 2 * MAX_REQUEST else b""
    except binascii.Error:
        der = b""
    return Response(status.answer(der, parts.clock.now()), media_type=_OCSP, headers=_NOT_KEPT)


def revocation_list(parts: _Parts, status: _Status) -> Response:
    """The list of everything that has been taken back."""
    return Response(status.crl(parts.clock.now()), media_type="application/pkix-crl", headers=_NOT_KEPT)


def issuer(status: _Status) -> Response:
    """The issuing authority's certificate."""
    return Response(status.issuer, media_type="application/pkix-cert")

"""/ca/ocsp, /ca/issuing.crl, /ca/issuing.cer: what certificates of the embedded authority name for their checking.

The paths are those of RFC 6960, appendix A, and of files; they stand in certificates and so are not under /v1. Where
the data folder holds no authority (`ca`), nothing is found here.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.responses import Response

from xieka_service import context
from xieka_service.ca.status import MAX_REQUEST, Status
from xieka_service.context import Context
from xieka_service.http.problems import NOT_FOUND, Refusal
from xieka_service.http.rates import address

_OCSP = "application/ocsp-response"
_NOT_KEPT = {"Cache-Control": "no-store"}
_Parts = Annotated[Context, Depends(context.of)]

# Not in the document: other standards describe them, and no client of ours calls them by it.
router = APIRouter(prefix="/ca", include_in_schema=False, default_response_class=Response)


def mount(app: FastAPI, _parts: Context) -> None:
    """Join the app (see xieka_service.app)."""
    app.include_router(router)


async def _body(request: Request) -> bytes:
    return await request.body()


def _status(request: Request, parts: _Parts) -> Status:
    folder = parts.config.data / "ca"
    if not (folder / "issuing.key").is_file():
        raise Refusal(NOT_FOUND)
    # Every answer costs a signature.
    with parts.database.write() as connection:
        parts.limiter.take(connection, address(request), parts.config.rates.address, parts.clock.now())
    return Status(folder)


_Status = Annotated[Status, Depends(_status)]


@router.post("/ocsp")
def ask(parts: _Parts, status: _Status, question: Annotated[bytes, Depends(_body)]) -> Response:
    """An OCSP request as the body."""
    return Response(status.answer(question, parts.clock.now()), media_type=_OCSP, headers=_NOT_KEPT)


@router.get("/ocsp/{question:path}")
def ask_by_address(question: str, parts: _Parts, status: _Status) -> Response:
    """An OCSP request in base64 as the rest of the address."""
    try:
        der = base64.b64decode(question, validate=True) if len(question) < 2 * MAX_REQUEST else b""
    except binascii.Error:
        der = b""
    return Response(status.answer(der, parts.clock.now()), media_type=_OCSP, headers=_NOT_KEPT)


@router.get("/issuing.crl")
def revocation_list(parts: _Parts, status: _Status) -> Response:
    """The list of everything that has been taken back."""
    return Response(status.crl(parts.clock.now()), media_type="application/pkix-crl", headers=_NOT_KEPT)


@router.get("/issuing.cer")
def issuer(status: _Status) -> Response:
    """The issuing authority's certificate."""
    return Response(status.issuer, media_type="application/pkix-cert")

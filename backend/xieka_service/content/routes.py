"""GET /content/metadata/… and /content/targets/…: the signed repository. Only names it can hold are looked up."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.responses import FileResponse, Response

from xieka_service import context
from xieka_service.context import Context
from xieka_service.http.problems import NOT_FOUND, Refusal

_METADATA = re.compile(r"timestamp\.json|[1-9][0-9]{0,8}\.(?:root|snapshot|targets|pub-[a-z0-9][a-z0-9-]{0,62})\.json")
_TARGET = re.compile(r"([0-9a-f]{64})\.[a-z0-9][a-z0-9-]{0,62}(\.json|\.geojson|\.png|\.jpg)")
_PACKAGE = re.compile(r"([0-9a-f]{64})\.[a-z0-9][a-z0-9._-]{0,120}")
_PUBLISHER = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TYPES = {
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
# A version's file may still be written over while nothing names it; a target's name is its content's hash.
_MAY_CHANGE = "no-cache"
_NEVER_CHANGES = "public, max-age=31536000, immutable"

_Parts = Annotated[Context, Depends(context.of)]

router = APIRouter(prefix="/content", tags=["content"], default_response_class=Response)


def mount(app: FastAPI, parts: Context) -> None:
    """Join the app (see xieka_service.app)."""
    app.include_router(router)


@router.head("/metadata/{name}", include_in_schema=False)
@router.get("/metadata/{name}", responses={304: {"description": "Not changed."}})
def metadata(name: str, request: Request, parts: _Parts) -> Response:
    """Signed metadata (TUF): `timestamp.json`, `N.root.json`, `N.snapshot.json`, `N.targets.json`."""
    if not _METADATA.fullmatch(name):
        raise Refusal(NOT_FOUND)
    data = _read(_folder(parts) / "metadata" / name)
    return _answer(request, data, hashlib.sha256(data).hexdigest(), ".json", _MAY_CHANGE)


@router.head("/targets/{name}", include_in_schema=False)
@router.get("/targets/{name}", responses={304: {"description": "Not changed."}})
def target(name: str, request: Request, parts: _Parts) -> Response:
    """Content by its name with the SHA-256 in front: `HASH.hall.json`."""
    return _target(_folder(parts) / "targets", name, request)


@router.head("/targets/pictures/{name}", include_in_schema=False)
@router.get("/targets/pictures/{name}", responses={304: {"description": "Not changed."}})
def picture(name: str, request: Request, parts: _Parts) -> Response:
    """An image, named as the other targets: `HASH.renewal.png`."""
    return _target(_folder(parts) / "targets" / "pictures", name, request)


@router.head("/targets/apps/{publisher}/{name}", include_in_schema=False)
@router.get("/targets/apps/{publisher}/{name}", responses={206: {"description": "The part that was asked for."}})
def package(publisher: str, name: str, parts: _Parts) -> Response:
    """A publisher's program or package, in parts too (RFC 9110, 14.2)."""
    match = _PACKAGE.fullmatch(name)
    path = _folder(parts) / "targets" / "apps" / publisher / name
    if not match or not _PUBLISHER.fullmatch(publisher) or not path.is_file():
        raise Refusal(NOT_FOUND)
    headers = {"ETag": f'"{match[1]}"', "Cache-Control": _NEVER_CHANGES}
    return FileResponse(path, headers=headers, media_type="application/octet-stream")


def _folder(parts: Context) -> Path:
    return parts.config.data / "content"


def _target(folder: Path, name: str, request: Request) -> Response:
    match = _TARGET.fullmatch(name)
    if not match:
        raise Refusal(NOT_FOUND)
    return _answer(request, _read(folder / name), match[1], match[2], _NEVER_CHANGES)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
        raise Refusal(NOT_FOUND) from None


def _answer(request: Request, data: bytes, tag: str, suffix: str, cache: str) -> Response:
    headers = {"ETag": f'"{tag}"', "Cache-Control": cache}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    if known & {headers["ETag"], "*"}:
        return Response(status_code=304, headers=headers)
    # The server leaves out the body of an answer to HEAD.
    return Response(data, headers=headers, media_type=_TYPES[suffix])

"""The page as the browser gets it: documents, script, styles and pictures, none of them with anybody's data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response

from xieka.core import paths

DOCUMENTS: Final = ("index.html", "sent.html", "finished.html", "skipped.html")
_FOLDER = Path(__file__).with_name("page")
# The product's own look, from where the product has it.
_SHARED = ("css/tokens.css", "css/controls.css", "assets/icons.svg", "assets/mark.svg")
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in ("camera", "display-capture", "geolocation", "hid", "microphone", "payment", "serial", "usb")
    ),
    "Cache-Control": "no-store",
}


def document(name: str) -> Response:
    """One of DOCUMENTS."""
    return _answer(_read(_FOLDER / name), ".html")


def asset(name: str) -> Response | None:
    """A file the documents name; None for any other."""
    path = _assets().get(name)
    return None if path is None else _answer(_read(path), path.suffix)


@cache
def _assets() -> Mapping[str, Path]:
    shared = [paths.bundled("frontend") / one for one in _SHARED]
    own = [one for one in _FOLDER.iterdir() if one.suffix in (".js", ".css")]
    return {path.name: path for path in (*shared, *own)}


@cache
def _read(path: Path) -> bytes:
    return path.read_bytes()


def _answer(data: bytes, suffix: str) -> Response:
    return Response(data, headers=HEADERS, media_type=_TYPES[suffix])

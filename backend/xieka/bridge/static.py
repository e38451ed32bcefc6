"""The page's own files, and the headers that every answer carries."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

# The page needs nothing but its own files; blob: and data: serve pictures made in memory (seals, exports).
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)

HEADERS = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()"),
)

# Only these kinds are served: a stray file in the folder (a key, a note) has no type here and is not found.
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}


class StaticFiles:
    """Maps a request path to a file below one folder; anything else is not found."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def find(self, target: str) -> tuple[bytes, str] | None:
        """The file's bytes and content type for a request target, or None."""
        path = unquote(target.partition("?")[0])
        if "\0" in path or "\\" in path:
            return None
        relative = path.lstrip("/") or "index.html"
        if any(part.startswith(".") for part in relative.split("/")):
            return None
        try:
            file = (self._root / relative).resolve()
            content_type = TYPES.get(file.suffix)
            if content_type is None or not file.is_relative_to(self._root) or not file.is_file():
                return None
            return file.read_bytes(), content_type
        except OSError:
            # A name longer than the file system's, a file that cannot be read.
            return None

"""Which names a package may use: those that mean the same file, below the folder, on every platform.

The rules are the strictest of all platforms, wherever this runs: a package is judged once and alike for everybody
(Windows: “Naming Files, Paths, and Namespaces”; POSIX: NAME_MAX, PATH_MAX).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from xieka.apps.archive import refusal
from xieka.contract.apps import FILES_LIMIT
from xieka.core.text import plain

PART_BYTES: Final = 255
PATH_BYTES: Final = 1_000
DEPTH: Final = 32
"""Folders in folders at most."""

_DRIVE: Final = re.compile(r"^[A-Za-z]:")
_DEVICE: Final = re.compile(r"(?i)^(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³]) *(\.|$)")
_IMPOSSIBLE: Final = frozenset('<>"|?*')
"""Characters no Windows file name can have, beside those with a reason of their own."""


def judged(name: str) -> tuple[str, ...]:
    """The parts of an entry's name (without the `/` at the end of a folder's). Raises XiekaError E-PKG-10 … 12."""
    _stays_below(name)
    parts = tuple(name.split("/"))
    if len(name.encode()) > PATH_BYTES or len(parts) > DEPTH:
        raise refusal.too_long(name)
    for part in parts:
        reason = _reason(part)
        if reason:
            raise refusal.bad_name(name, reason)
        if len(part.encode()) > PART_BYTES:
            raise refusal.too_long(name)
    return parts


def _stays_below(name: str) -> None:
    if name.startswith(("//", "\\\\")):
        raise refusal.outside(name, "network")
    if name.startswith(("/", "\\")):
        raise refusal.outside(name, "absolute")
    if _DRIVE.match(name):
        raise refusal.outside(name, "drive")
    if ".." in re.split(r"[/\\]", name):
        raise refusal.outside(name, "parent")


def _reason(part: str) -> str | None:
    if part in ("", "."):
        return "empty"
    if "\\" in part:
        return "backslash"
    if ":" in part:
        return "stream"
    if plain(part) != part:
        return "control"
    if _IMPOSSIBLE & set(part):
        return "character"
    if part[-1] in ". " or part[0] == " ":
        return "blank-or-dot"
    if _DEVICE.match(part):
        return "device"
    return None


def folded(part: str) -> str:
    """Equal for two names that some file system takes for one: composed, and without case.

    Case is folded both ways: casefold keeps ı and I apart, upper-casing file systems do not.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold().upper().casefold())


class Names:
    """The names of one package, each judged against those before it."""

    def __init__(self) -> None:
        self._spelled: dict[str, tuple[str, bool]] = {}
        """Folded path → its name as written, and whether it is a folder."""
        self._entries: set[str] = set()
        """Folded paths of the folders that have an entry of their own."""
        self._files = 0
        self._folders = 0

    def file(self, name: str) -> tuple[str, ...]:
        """The parts of a file's name. Raises XiekaError E-PKG-10 … 12, E-PKG-14, E-PKG-18."""
        self._files += 1
        if self._files > FILES_LIMIT:
            raise refusal.too_many(FILES_LIMIT)
        parts = judged(name)
        key = self._below(name, parts[:-1])
        key = f"{key}/{folded(parts[-1])}"
        if key in self._spelled:
            raise refusal.collision(name)
        self._spelled[key] = (parts[-1], False)
        return parts

    def folder(self, name: str) -> None:
        """Judge a folder's entry; `name` ends with `/` or not. Raises as `file`."""
        self._folders += 1
        if self._folders > FILES_LIMIT:
            raise refusal.too_many(FILES_LIMIT)
        key = self._below(name, judged(name.removesuffix("/")))
        if key in self._entries:
            raise refusal.collision(name)
        self._entries.add(key)

    def _below(self, name: str, parts: tuple[str, ...]) -> str:
        """The folded path of a folder, noted with all above it."""
        key = ""
        for part in parts:
            key = f"{key}/{folded(part)}"
            if self._spelled.setdefault(key, (part, True)) != (part, True):
                raise refusal.collision(name)
        return key

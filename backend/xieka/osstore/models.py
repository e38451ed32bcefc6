"""Values of the room: what is registered, where, and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from xieka.core.error_view import ErrorView
from xieka.token.windows_keys import KeyLink

Kind = Literal["nss", "firefox", "p11-kit", "windows"]
State = Literal["free", "registered", "broken"]
Reason = Literal["practice", "environment", "certificate", "sm2", "provider"]
"""Why a Ukey is left out: it is for practice; its library needs an environment that other programs do not have; it has
no readable signing certificate; the system's programs cannot use SM2; nobody has told how they reach its key (Windows:
the driver's manifest names no provider)."""


@dataclass(frozen=True, slots=True)
class Item:
    """A signing certificate and the library through which its key is used."""

    driver: str
    """The driver's id: lower-case letters, digits, `-`."""
    module: Path
    certificate: bytes
    """DER. NSS and p11-kit read it from the Ukey; Windows keeps a copy."""
    name: str = ""
    """The holder's, for people."""
    keys: KeyLink | None = None
    """Where programs of Windows find its key; None: nobody knows."""
    replaces: str = ""
    """SHA-256 of the certificate that was registered for this Ukey before; empty: none, or this one."""

    @property
    def mark(self) -> str:
        """The name of our entry. It holds a hash of the library's path, so that what is ours proves itself."""
        return mark(self.driver, str(self.module))


def mark(driver: str, what: str) -> str:
    """`xieka-DRIVER-HASH`, the hash being of the library's path or (Windows) of the certificate's own SHA-256."""
    return f"xieka-{driver}-{sha256(what.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class Place(_Value):
    """A place of this system where certificates can be registered, as it is now."""

    kind: Kind
    path: str
    state: State
    """`registered`: something of ours is there; `broken`: it is not touched, `error` says why."""
    modules: list[str]
    """Libraries that it knows, ours and others'."""
    certificates: list[str] = []
    """SHA-256 of the certificates that it keeps itself, ours and others'; a place knows one or the other."""
    error: ErrorView | None = None


class Entry(_Value):
    """A certificate that was registered; what the book keeps."""

    token: str
    label: str
    subject: str
    serial: str
    not_after: datetime
    sha256: str
    driver: str
    module: str
    since: datetime


class Registered(Entry):
    """An entry with what is true of it now."""

    present: bool
    """The Ukey is plugged in: programs see the certificate only then."""
    places: list[str]
    """Paths of the places that know it now, or its library."""


class LeftOut(_Value):
    """A present Ukey that is not registered."""

    token: str
    label: str
    reason: Reason


class StoreView(_Value):
    """The list that is shown."""

    enabled: bool
    supported: bool
    """False: not written for this operating system yet."""
    entries: list[Registered]
    left_out: list[LeftOut]
    places: list[Place]

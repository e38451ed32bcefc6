"""Windows: the user's own certificates (the store CurrentUser\\My), each with the place of its key.

Browsers, .NET and whoever else asks Windows for a certificate find it there. The key stays in the Ukey: what is added
says which container of the vendor's provider holds it. Never another store, and so never a root.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.osstore.models import Item, Place, Reason, mark
from xieka.token.drivers import Driver
from xieka.token.windows_keys import KeyLink

PATH: Final = "CurrentUser\\My"
_MARK: Final = re.compile(r"xieka-([a-z0-9-]{1,32})-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A certificate in the store."""

    der: bytes
    mark: str
    """Its description; ours is `models.mark`."""
    keys: KeyLink | None

    @property
    def ours(self) -> bool:
        """Its mark was made for this very certificate: one that somebody has copied elsewhere is not ours."""
        found = _MARK.fullmatch(self.mark)
        return found is not None and self.mark == _mark(found[1], self.der)


class Certificates(Protocol):
    """The store, open. Every call raises OSError with what Windows says; what it changes is kept at once."""

    def all(self) -> list[Stored]:
        """What is in it."""

    def add(self, der: bytes, keys: KeyLink, mark: str, name: str) -> None:
        """Put it in, whole with its properties, unless it is there; `name`: what people read."""

    def remove(self, der: bytes) -> None:
        """Take it out; it may be out already."""


class Windows:
    """See Store."""

    supported = True

    def __init__(self, open_: Callable[[], AbstractContextManager[Certificates]]) -> None:
        """`open_`: CurrentUser\\My."""
        self._open = open_

    def refuses(self, item: Item, driver: Driver) -> Reason | None:
        """See Store."""
        return "provider" if item.keys is None else None

    def places(self, known: Iterable[str] = ()) -> list[Place]:
        """See Store; there is one."""
        return self._do(lambda _: None)

    def register(self, item: Item) -> list[Place]:
        """See Store. What is there stays, whoever placed it; ours for an earlier certificate goes."""
        return self._do(lambda store: _register(store, item))

    def withdraw(self, known: Iterable[str] = ()) -> list[Place]:
        """See Store."""
        return self._do(_withdraw)

    def _do(self, act: Callable[[Certificates], None]) -> list[Place]:
        error: XiekaError | None = None
        found: list[Stored] = []
        try:
            with self._open() as store:
                act(store)
                found = store.all()
        except OSError as failed:
            error = XiekaError("E-OSS-07", path=PATH)
            error.__cause__ = failed
        return [
            Place(
                kind="windows",
                path=PATH,
                state="broken" if error else "registered" if any(one.ours for one in found) else "free",
                modules=[],
                certificates=sorted(sha256(one.der).hexdigest() for one in found),
                error=ErrorView(**error.body()) if error else None,
            )
        ]


def _register(store: Certificates, item: Item) -> None:
    if item.keys is None:
        raise ValueError("refused before")
    there = store.all()
    same = next((one for one in there if one.der == item.certificate), None)
    if same is not None and same.ours and same.keys != item.keys:
        # The driver's manifest has learned better since where the key is. A kill in between costs one look.
        store.remove(item.certificate)
        same = None
    if same is None:
        store.add(item.certificate, item.keys, _mark(item.driver, item.certificate), item.name)
    # Only now: without the new one the earlier one is better than none.
    for one in there:
        if one.ours and one.der != item.certificate and _superseded(one, item, item.keys):
            store.remove(one.der)


def _withdraw(store: Certificates) -> None:
    for one in store.all():
        if one.ours:
            store.remove(one.der)


def _superseded(one: Stored, item: Item, keys: KeyLink) -> bool:
    """Its key was written over, or its Ukey has a newer one with a key of its own."""
    same = one.keys is not None and (one.keys.container, one.keys.provider) == (keys.container, keys.provider)
    return same or sha256(one.der).hexdigest() == item.replaces


def _mark(driver: str, der: bytes) -> str:
    return mark(driver, sha256(der).hexdigest())

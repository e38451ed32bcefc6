"""What an operating system's store of certificates can do. One implementation per system."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from xieka.core.errors import XiekaError
from xieka.osstore.models import Item, Place, Reason
from xieka.token.drivers import Driver


class Store(Protocol):
    """Registers certificates for the current user alone, and never a root. Callers take turns."""

    supported: bool

    def places(self, known: Iterable[str] = ()) -> list[Place]:
        """Where certificates can be registered here, as it is now; `known`: paths to look at besides. Never raises."""
        ...

    def refuses(self, item: Item, driver: Driver) -> Reason | None:
        """Why this system's programs could not use the certificate; None: they can."""
        ...

    def register(self, item: Item) -> list[Place]:
        """Make the certificate with its key known wherever it is not yet; what was there before stays.

        Returns the places as they are then, with the error where it did not succeed. Raises XiekaError E-OSS-01 where
        this system is not supported.
        """
        ...

    def withdraw(self, known: Iterable[str] = ()) -> list[Place]:
        """Take away everything of ours and nothing else, also at `known` paths; as `register` otherwise."""
        ...


class Elsewhere:
    """A system that this is not written for yet: macOS, whose place is the login keychain."""

    supported = False

    def places(self, known: Iterable[str] = ()) -> list[Place]:
        """None."""
        return []

    def refuses(self, item: Item, driver: Driver) -> Reason | None:
        """Nothing is asked of a place that is not there."""
        return None

    def register(self, item: Item) -> list[Place]:
        """Raises E-OSS-01."""
        raise XiekaError("E-OSS-01")

    def withdraw(self, known: Iterable[str] = ()) -> list[Place]:
        """Nothing was ever registered."""
        return []


def this_system(environment: Mapping[str, str], backups: Path) -> Store:
    """The store of the system this program runs on. `backups`: a folder for what is replaced."""
    if sys.platform == "win32":
        from xieka.osstore.crypt32 import my_store
        from xieka.osstore.windows import Windows

        return Windows(my_store)
    if sys.platform == "linux":
        from xieka.osstore.linux import Linux

        return Linux(environment, backups)
    return Elsewhere()

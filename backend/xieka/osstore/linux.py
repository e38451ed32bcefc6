"""Linux: NSS databases (Chromium, Firefox) and p11-kit. All learn the library, which brings certificate and key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.osstore import nss, p11kit, places
from xieka.osstore.models import Item, Kind, Place, Reason
from xieka.token.drivers import Driver


class Linux:
    """The places of one user; only those that are there."""

    supported = True

    def __init__(self, environment: Mapping[str, str], backups: Path) -> None:
        """`backups`: where a database's list is kept as it was before it was first changed."""
        self._environment = environment
        self._backups = backups

    def places(self, known: Iterable[str] = ()) -> list[Place]:
        """See Store."""
        return [_look(kind, folder, None) for kind, folder in self._found(known)]

    def refuses(self, item: Item, driver: Driver) -> Reason | None:
        """See Store. Other programs load the library without what its manifest sets for our worker."""
        return "environment" if driver.env else None

    def register(self, item: Item) -> list[Place]:
        """See Store."""

        def add(kind: Kind, folder: Path) -> None:
            if kind == "p11-kit":
                p11kit.add(folder, item)
            else:
                name = f"{sha256(str(folder).encode('utf-8', 'surrogateescape')).hexdigest()[:16]}-pkcs11.txt"
                nss.add(folder, item, self._backups / name)

        return self._each((), add)

    def withdraw(self, known: Iterable[str] = ()) -> list[Place]:
        """See Store."""
        return self._each(known, lambda kind, folder: (p11kit if kind == "p11-kit" else nss).remove(folder))

    def _each(self, known: Iterable[str], act: Callable[[Kind, Path], None]) -> list[Place]:
        done = []
        for kind, folder in self._found(known):
            error: XiekaError | None = None
            try:
                act(kind, folder)
            except XiekaError as failed:
                # The others are served all the same.
                error = failed
            done.append(_look(kind, folder, error))
        return done

    def _found(self, known: Iterable[str]) -> list[tuple[Kind, Path]]:
        found = {folder: kind for kind, folder in places.databases(self._environment)}
        modules = places.p11_kit(self._environment)
        if modules is not None:
            found[modules] = "p11-kit"
        # Where something of ours was written under another environment.
        for path in map(Path, known):
            if path not in found and path.is_dir():
                found[path] = "nss" if (path / "pkcs11.txt").exists() else "p11-kit"
        return [(kind, folder) for folder, kind in found.items()]


def _look(kind: Kind, folder: Path, error: XiekaError | None) -> Place:
    known: list[tuple[str, bool]] = []
    try:
        if kind == "p11-kit":
            known = [(library, ours) for _, library, ours in p11kit.libraries(folder)]
        else:
            known = [(block.value("library"), block.ours) for block in nss.read(folder)]
    except XiekaError as broken:
        error = error or broken
    except OSError:
        error = error or XiekaError("E-OSS-03", path=str(folder))
    return Place(
        kind=kind,
        path=str(folder),
        state="broken" if error else "registered" if any(ours for _, ours in known) else "free",
        modules=sorted({library for library, _ in known if library}),
        error=ErrorView(**error.body()) if error else None,
    )

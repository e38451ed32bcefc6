"""The ledgers: one file per program, written whole, broken ones set aside and told."""

from __future__ import annotations

import errno
import logging
import re
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from xieka.apps.installed import Ledger, Operation
from xieka.core.errors import XiekaError
from xieka.core.files import force_names, write_whole

log = logging.getLogger(__name__)

_HALF: Final = re.compile(r"\.[0-9a-f]{16}\.tmp")

_M = TypeVar("_M", bound=BaseModel)


UNREADABLE: Final = "E-INS-24"
"""A file of ours cannot be read at the moment; it stays where it is, and is tried again at the next call."""


def load(model: type[_M], path: Path, code: str) -> _M | None:
    """What a file of ours holds; None: it is not there.

    A broken one is set aside under a free name and raised as XiekaError `code`: what it said is never guessed. One that
    cannot be read may be whole, it is left alone: XiekaError E-INS-24.
    """
    try:
        return model.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from error
    except ValidationError as error:
        log.warning("%s is broken, set aside", path.name)
        raise XiekaError(code, path=str(_set_aside(path))) from error


def unreadable(path: Path, error: OSError) -> XiekaError:
    """E-INS-24."""
    detail = errno.errorcode.get(error.errno or 0, "OSError")
    log.warning("%s cannot be read: %s", path.name, detail)
    return XiekaError(UNREADABLE, path=str(path), detail=detail)


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.broken-{number}")).exists():
        number += 1
    try:
        return path.rename(aside)
    except OSError:
        return path


_Stamp = tuple[int, int, int]


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class Ledgers:
    """What is installed, by program id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[_Stamp, Ledger]] = {}
        """What was read last, and of which file: a page asks for every ledger at every look."""

    def path(self, id_: str) -> Path:
        """Where the ledger of a program is."""
        return self._folder / f"{id_}.json"

    def pending(self, operation: Operation) -> Path:
        """The ledger of what is being installed; it becomes `path` by one rename."""
        return self._folder / f"{operation.id}.{operation.token}.new"

    def former(self, operation: Operation) -> Path:
        """A copy of the ledger that is being replaced, until its files are gone."""
        return self._folder / f"{operation.id}.{operation.token}.old"

    def get(self, id_: str) -> Ledger | None:
        """The ledger of a program, removed ones too. Raises XiekaError E-INS-20, E-INS-24."""
        path = self.path(id_)
        stamp = _stamp(path)
        kept = self._kept.get(id_)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        ledger = load(Ledger, path, "E-INS-20")
        # Only when it was the same file before and after: a ledger is replaced, never written into.
        if ledger is not None and stamp is not None and _stamp(path) == stamp:
            self._kept[id_] = (stamp, ledger)
        else:
            self._kept.pop(id_, None)
        return ledger

    def all(self) -> tuple[tuple[Ledger, ...], tuple[XiekaError, ...]]:
        """All ledgers that can be read, removed ones too; and what is wrong with the others."""
        found: list[Ledger] = []
        problems: list[XiekaError] = []
        try:
            names = sorted(path.stem for path in self._folder.iterdir() if path.suffix == ".json")
        except FileNotFoundError:
            return (), ()
        except OSError as error:
            return (), (unreadable(self._folder, error),)
        for name in names:
            try:
                ledger = self.get(name)
            except XiekaError as error:
                problems.append(error)
                continue
            if ledger is not None:
                found.append(ledger)
        return tuple(found), tuple(problems)

    def write(self, ledger: Ledger, path: Path) -> None:
        """On the disk on return. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(ledger.model_dump_json().encode(), path, mode=0o600)

    def switch(self, operation: Operation) -> None:
        """The pending ledger becomes the program's; where there is none, it has already. Raises OSError."""
        try:
            self.pending(operation).replace(self.path(operation.id))
        except FileNotFoundError:
            return
        force_names(self._folder)

    def tidy(self, operation: Operation) -> None:
        """Remove both files of an operation. Raises OSError."""
        for path in (self.pending(operation), self.former(operation)):
            path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what a kill inside write_whole left, here and beside the journal. Raises OSError."""
        for folder in (self._folder, self._folder.parent):
            for path in folder.glob(".*.tmp"):
                if _HALF.fullmatch(path.name):
                    path.unlink(missing_ok=True)

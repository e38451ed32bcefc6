"""One file a program in DATA/apps/native: written before the platform is asked, and as long as the program is there."""

from __future__ import annotations

from pathlib import Path

from xieka.apps.native.models import NativeProgram
from xieka.apps.portable.ledger import load, unreadable
from xieka.core.errors import XiekaError
from xieka.core.files import force_names, write_whole

_BROKEN = "E-INS-25"


class Books:
    """By program id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._problems: dict[str, XiekaError] = {}

    def get(self, id_: str) -> NativeProgram | None:
        """Raises XiekaError E-INS-25 when the file is broken, E-INS-24 when it cannot be read now."""
        return load(NativeProgram, self._path(id_), _BROKEN)

    def all(self) -> tuple[NativeProgram, ...]:
        """All that can be read; what is wrong with the others is kept for `problems`."""
        found: list[NativeProgram] = []
        try:
            paths = sorted(path for path in self._folder.iterdir() if path.suffix == ".json" and path.name[0] != ".")
        except FileNotFoundError:
            return ()
        except OSError as error:
            self._problems[""] = unreadable(self._folder, error)
            return ()
        for path in paths:
            try:
                one = self.get(path.stem) if ".broken-" not in path.name else None
            except XiekaError as error:
                self._problems[path.stem] = error
                continue
            if one is not None:
                found.append(one)
        return tuple(found)

    def problems(self) -> tuple[XiekaError, ...]:
        """What was wrong since the last call."""
        told, self._problems = tuple(self._problems.values()), {}
        return told

    def put(self, program: NativeProgram) -> None:
        """On the disk on return. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(program.model_dump_json().encode(), self._path(program.id), mode=0o600)

    def drop(self, id_: str) -> None:
        """It is no longer ours to know of. Raises OSError."""
        self._path(id_).unlink(missing_ok=True)
        if self._folder.exists():
            force_names(self._folder)

    def sweep(self) -> None:
        """Remove what a kill inside write_whole left. Raises OSError."""
        for path in self._folder.glob(".*.tmp"):
            path.unlink(missing_ok=True)

    def _path(self, id_: str) -> Path:
        return self._folder / f"{id_}.json"

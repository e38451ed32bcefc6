"""One file a program in DATA/apps/native: written before the platform is asked, and as long as the program is there."""

from __future__ import annotations

from pathlib import Path

from xieka.apps.ledger import load
from xieka.apps.native.models import NativeProgram
from xieka.core.errors import XiekaError
from xieka.core.files import force_names, write_whole


class Books:
    """By program id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, id_: str) -> NativeProgram | None:
        """Raises XiekaError E-INS-20 when the file is broken."""
        return load(NativeProgram, self._path(id_), "E-INS-20")

    def all(self) -> tuple[tuple[NativeProgram, ...], tuple[XiekaError, ...]]:
        """All that can be read, and what is wrong with the others."""
        found: list[NativeProgram] = []
        problems: list[XiekaError] = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                one = self.get(path.stem)
            except XiekaError as error:
                problems.append(error)
                continue
            if one is not None:
                found.append(one)
        return tuple(found), tuple(problems)

    def put(self, program: NativeProgram) -> None:
        """On the disk on return. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(program.model_dump_json().encode(), self._path(program.id), mode=0o600)

    def drop(self, id_: str) -> None:
        """It is no longer ours to know of. Raises OSError."""
        self._path(id_).unlink(missing_ok=True)
        if self._folder.exists():
            force_names(self._folder)

    def _path(self, id_: str) -> Path:
        return self._folder / f"{id_}.json"

"""The journal: on the disk before the first side effect, gone after the last."""

from __future__ import annotations

from pathlib import Path

from xieka.apps.installed import JournalFile, Operation
from xieka.apps.portable.ledger import load
from xieka.core.files import write_whole


class Journal:
    """Operations that have begun, at most one for each token."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def operations(self) -> tuple[Operation, ...]:
        """All of them. Raises XiekaError E-INS-23 once when the file is broken; it is set aside then.

        E-INS-24 while it cannot be read.
        """
        found = load(JournalFile, self._path, "E-INS-23")
        return found.operations if found else ()

    def put(self, operation: Operation) -> None:
        """Note it, or its new phase. Raises XiekaError E-INS-23, E-INS-24, OSError."""
        self._write((*self._others(operation), operation))

    def drop(self, operation: Operation) -> None:
        """It is over. Raises XiekaError E-INS-23, E-INS-24, OSError."""
        self._write(self._others(operation))

    def _others(self, operation: Operation) -> tuple[Operation, ...]:
        return tuple(one for one in self.operations() if one.token != operation.token)

    def _write(self, operations: tuple[Operation, ...]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(JournalFile(operations=operations).model_dump_json().encode(), self._path, mode=0o600)

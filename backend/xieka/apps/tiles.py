"""Every installed program has its tile in 我的应用, however its installation ended."""

from __future__ import annotations

from collections.abc import Iterable

from xieka.apps.entries import ProgramEntry
from xieka.apps.installed import Done
from xieka.apps.library import Library
from xieka.apps.programs import Programs
from xieka.contract.apps import id_of


def give(library: Library, programs: Programs) -> None:
    """Give each its tile. Raises XiekaError E-SAV-01, E-SAV-03, E-SAV-05: those that are left get theirs next time."""
    there = {entry.name for entry in library.entries() if isinstance(entry, ProgramEntry)}
    for program in programs.installed():
        # A ledger of an earlier version does not know the face: the tile that is there does.
        if program.full_name not in there or program.shown is not None:
            library.add_program(program)


def take(library: Library, programs: Programs, done: Iterable[Done]) -> None:
    """Take away the tiles of what was removed, by a recovery say. Raises XiekaError E-SAV-01, E-SAV-05."""
    removed = {one.id for one in done if one.result == "uninstalled"}
    here = {program.full_name for program in programs.installed()}
    for entry in library.entries():
        if isinstance(entry, ProgramEntry) and entry.name not in here and id_of(entry.name) in removed:
            library.remove(entry.id)

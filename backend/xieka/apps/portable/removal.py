"""Removes a program in its place, so that the user's files in the folder are never moved.

The order: the journal says so, on the disk; our files go, then folders of ours that became empty; all of that forced to
the disk; then the ledger, and the journal's entry last. After a kill or a power cut anywhere the ledger is still there
to go on with.
"""

from __future__ import annotations

import contextlib

from xieka.apps import durable
from xieka.apps.installed import Done, Ledger, Operation
from xieka.apps.portable.journal import Journal
from xieka.apps.portable.ledger import Ledgers
from xieka.apps.portable.sweep import remove, remove_all
from xieka.apps.portable.switch import there, unfinished
from xieka.apps.portable.tree import Tree
from xieka.core.errors import XiekaError
from xieka.core.files import force_names


class Removal:
    """Finishes the removal of a program; there is no way back once it began."""

    def __init__(self, journal: Journal, ledgers: Ledgers) -> None:
        self._journal = journal
        self._ledgers = ledgers

    def finish(self, operation: Operation) -> Done:
        """Raises XiekaError E-INS-20, E-INS-21, E-INS-22; the journal keeps the rest for the next start then."""
        ledger = self._ledgers.get(operation.id)
        try:
            if ledger is not None and not ledger.removed:
                self._files(operation, ledger)
                self._book(operation, ledger)
            self._journal.drop(operation)
        except OSError as error:
            raise unfinished(error, operation) from error
        return Done(
            operation.id, operation.name, "uninstalled", left=operation.folder if there(operation.target) else ""
        )

    def _files(self, operation: Operation, ledger: Ledger) -> None:
        # Gone already, or no folder any more: nothing of ours is there.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            with Tree(operation.target) as tree:
                failed = remove_all(tree) if operation.delete_user_data else remove(tree, ledger.files)
                empty = not tree.names()
            if failed:
                raise XiekaError("E-INS-22", n=len(failed), path=operation.folder)
            durable.force_all(operation.target)
            if empty:
                operation.target.rmdir()
                force_names(operation.target.parent)

    def _book(self, operation: Operation, ledger: Ledger) -> None:
        """The ledger goes; where files of the user stayed, it stays as a note that the folder is this program's."""
        path = self._ledgers.path(operation.id)
        if there(operation.target):
            self._ledgers.write(ledger.model_copy(update={"files": (), "removed": True}), path)
        else:
            path.unlink(missing_ok=True)
            force_names(path.parent)

"""The steps of an installation once its files are ready; each looks at what is there, so that it can be begun again.

The order, and why a power cut between any two leaves the old program or the new one:

1. The journal says `prepare`, on the disk, before anything else: what follows is known and is taken back.
2. Staging folder, files, pending ledger, copy of the old ledger – all forced to the disk (durable.force_all,
   write_whole). The old program is untouched.
3. The journal says `switch`, on the disk: from here it is finished, not taken back.
4. Rename the old folder aside, rename the staging folder into its place; both names forced. Between the two there is no
   program for an instant; both orders a file system may write them in are finished or undone from what is found.
5. The pending ledger becomes the ledger by one rename, forced: now it is the new program that is installed.
6. The old folder is emptied: our unchanged files go, the user's are moved into the new folder by single renames.
   Nothing of his is copied, overwritten or deleted, so there is no instant without it.
7. Forced; then the copy of the old ledger goes, and the journal's entry last of all.
"""

from __future__ import annotations

import contextlib
import errno
from pathlib import Path

from xieka.apps import durable
from xieka.apps.installed import Done, Ledger, Operation
from xieka.apps.portable.journal import Journal
from xieka.apps.portable.ledger import Ledgers, load
from xieka.apps.portable.sweep import Carrier, remove_all
from xieka.apps.portable.tree import Tree, is_folder
from xieka.core.errors import XiekaError
from xieka.core.files import force_names


class Switch:
    """Finishes an installation, or takes it back."""

    def __init__(self, journal: Journal, ledgers: Ledgers) -> None:
        self._journal = journal
        self._ledgers = ledgers

    def finish(self, operation: Operation) -> Done:
        """Steps 4 to 7.

        Raises OSError when step 4 did not work: it is to be taken back; XiekaError E-INS-20, E-INS-21 when the new
        program is in its place and only a later step did not work: the journal keeps the rest for the next start.
        """
        if there(operation.staging):
            if there(operation.target) and not there(operation.aside):
                operation.target.rename(operation.aside)
                force_names(operation.target.parent)
            operation.staging.rename(operation.target)
            force_names(operation.target.parent)
        elif not there(operation.target):
            raise FileNotFoundError(str(operation.staging))
        try:
            self._ledgers.switch(operation)
            kept = self._empty(operation)
            self._ledgers.tidy(operation)
            self._journal.drop(operation)
        except OSError as error:
            raise unfinished(error, operation) from error
        return Done(operation.id, operation.name, "installed", kept)

    def take_back(self, operation: Operation) -> Done:
        """The state before the installation. Raises XiekaError E-INS-21, OSError; the journal keeps the rest then."""
        if any(one.token == operation.token and one.phase == "switch" for one in self._journal.operations()):
            # First of all: a staging folder that is half removed must never be switched in.
            self._journal.put(operation.model_copy(update={"phase": "prepare"}))
        if there(operation.aside):
            if there(operation.target):
                raise XiekaError("E-INS-21", path=str(operation.aside), detail="occupied")
            operation.aside.rename(operation.target)
            force_names(operation.target.parent)
        if there(operation.staging):
            remove_folder(operation.staging)
        for folder in reversed(operation.made):
            # Somebody may use it by now.
            with contextlib.suppress(OSError):
                Path(folder).rmdir()
        self._ledgers.tidy(operation)
        self._journal.drop(operation)
        return Done(operation.id, operation.name, "unchanged")

    def _empty(self, operation: Operation) -> tuple[str, ...]:
        """Step 6. Returns where displaced files of the user are."""
        if not there(operation.aside):
            return ()
        former = load(Ledger, self._ledgers.former(operation), "E-INS-20")
        with Tree(operation.aside) as old, Tree(operation.target) as new:
            carrier = Carrier(old, former.files if former else (), new)
            carrier.carry()
        if carrier.failed:
            raise carrier.failed[0]
        operation.aside.rmdir()
        # Before the journal forgets it: the two may be on different file systems.
        durable.force_all(operation.target)
        return tuple(carrier.kept)


def unfinished(error: OSError, operation: Operation) -> XiekaError:
    """E-INS-21: where the rest is."""
    place = operation.aside if there(operation.aside) else operation.target
    return XiekaError("E-INS-21", path=str(place), detail=errno.errorcode.get(error.errno or 0, "OSError"))


def remove_folder(folder: Path) -> None:
    """Remove a folder of ours with all in it. Raises the first OSError after having removed what it can."""
    with Tree(folder) as tree:
        failed = remove_all(tree)
    if failed:
        raise failed[0]
    folder.rmdir()


def there(folder: Path) -> bool:
    """Whether the folder itself is there, no link to one."""
    try:
        return is_folder(folder.lstat())
    except FileNotFoundError:
        return False

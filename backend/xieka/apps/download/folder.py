"""The folder of the downloads: what lies there from earlier runs, and who may work in it."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from xieka.apps.download.models import NoteFile
from xieka.apps.download.part import disk_error
from xieka.core.errors import XiekaError
from xieka.core.lock import FileLock

log = logging.getLogger(__name__)

KEEP_SECONDS = 7 * 86_400
"""A file that nobody has asked for in this time goes."""

_OURS = re.compile(r"([0-9a-f]{64})(\.part|\.json)?")
_UNFINISHED_NOTE = re.compile(r"\.[0-9a-f]{16}\.tmp")
"""Left by a kill in core.files.write_whole."""


class Folder:
    """One process at a time works in it: `take` before, `give_back` after."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(path / "lock")
        self._taken = False

    def take(self) -> None:
        """Raises XiekaError E-DWN-01 while another process works there, E-DWN-02 or E-DSK-01 when nothing can
        be written.
        """
        if self._taken:
            return
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._taken = self._lock.acquire()
        except OSError as error:
            raise disk_error(error, self.path, 1) from error
        if not self._taken:
            raise XiekaError("E-DWN-01")

    def give_back(self) -> None:
        """Let another process work there."""
        self._lock.release()
        self._taken = False

    def tidy(self, now: float) -> None:
        """Remove what nobody has asked for in a week. `now` in seconds since 1970, as files have it.

        A clock that goes wrong costs a second download at worst.
        """
        touched: dict[str, float] = {}
        for file, name, changed in self._files():
            if _UNFINISHED_NOTE.fullmatch(name):
                _remove(file)
            elif ours := _OURS.fullmatch(name):
                touched[ours[1]] = max(changed, touched.get(ours[1], 0))
        for sha256, changed in touched.items():
            if now - changed > KEEP_SECONDS:
                self.erase(sha256)

    def erase(self, sha256: str) -> None:
        """Remove everything there is of one package."""
        for suffix in (".json", ".part", ""):
            _remove(self.path / f"{sha256}{suffix}")

    def notes(self) -> list[NoteFile]:
        """Notes of what is unfinished, in the order they were written."""
        files = sorted((changed, name) for _, name, changed in self._files() if name.endswith(".json"))
        notes = (self.note(name.removesuffix(".json")) for _, name in files)
        return [note for note in notes if note is not None]

    def note(self, sha256: str) -> NoteFile | None:
        """The note about one package, if there is a usable one."""
        try:
            note = NoteFile.model_validate_json((self.path / f"{sha256}.json").read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            log.warning("a download's note is not usable: %s", type(error).__name__)
            return None
        return note if note.wanted.sha256 == sha256 else None

    def size(self, sha256: str) -> int:
        """Bytes of the part."""
        found = _regular(self.path / f"{sha256}.part")
        return found.st_size if found else 0

    def _files(self) -> Iterator[tuple[Path, str, float]]:
        """Regular files with names of ours: path, name, time of the last change."""
        for file in list(self.path.iterdir()):
            ours = _OURS.fullmatch(file.name) or _UNFINISHED_NOTE.fullmatch(file.name)
            if ours and (found := _regular(file)):
                yield file, file.name, found.st_mtime


def _regular(file: Path) -> os.stat_result | None:
    """The file's facts; None for a link, a folder or nothing: we make none of these."""
    with contextlib.suppress(OSError):
        found = file.lstat()
        if stat.S_ISREG(found.st_mode):
            return found
    return None


def _remove(file: Path) -> None:
    if _regular(file):
        try:
            file.unlink()
        except OSError as error:
            log.warning("a downloaded file stays: %s", type(error).__name__)

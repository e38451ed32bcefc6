"""The practice service for tests that need one beside them, from the second one on in a moment.

It runs in a copy of the test's process, and its folder is a copy of one that has been published and served before.
tests/demo/test_service.py has it as the program starts it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.forked import Forked
from xieka.core.paths import Folders
from xieka_demo import serving
from xieka_demo.online import PracticeService

# What a copy of this process finds imported.
from xieka_service import app as _app  # noqa: F401
from xieka_service.content import publish as _publish  # noqa: F401


class ForkedService(PracticeService):
    """See PracticeService; `attached` does not matter: it ends with the test."""

    def _spawn(self, attached: bool) -> None:
        arguments = [str(self._folder), self.url]
        self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            self._copy = Forked(
                lambda: serving.main(arguments), stdout=output, stderr=output, environment=dict(os.environ)
            )
        self._child = self._copy  # type: ignore[assignment]

    def _process(self) -> int | None:
        copy: Forked | None = getattr(self, "_copy", None)
        # Another one may have been started by the program.
        return copy.pid if copy is not None and copy.poll() is None else super()._process()


def served_once(folders: Folders) -> Path:
    """The service's folder of this environment after its first run."""
    service = ForkedService(folders)
    service.prepare()
    service.start()
    service.stop()
    return folders.practice / "service"


def copy_into(folders: Folders, served: Path) -> None:
    """Bring an environment of the same make there; what it has already stays."""
    target = folders.practice / "service"
    for path in served.rglob("*"):
        place = target / path.relative_to(served)
        if path.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
        elif not place.exists():
            shutil.copy2(path, place)

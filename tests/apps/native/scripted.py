"""A platform's installer that does what a test says; the real ones: test_deb.py, test_pkexec.py."""

from __future__ import annotations

import threading
from pathlib import Path

from xieka.apps.native.models import Progress, Standing
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError


class Scripted:
    """Waits for `answer` when `asks`; then installs, or raises what `refuses` says."""

    def __init__(self, *, able: bool = True) -> None:
        self.able = able
        self.asks = False
        self.asked, self.answer = threading.Event(), threading.Event()
        self.refuses: str | None = None
        self.has: dict[str, str] = {}
        self.files: list[bytes] = []

    def supports(self, format_: str) -> bool:
        return self.able and format_ == "deb"

    def standing(self, native: Native) -> Standing | None:
        version = self.has.get(native.package)
        return None if version is None else Standing(version, True)

    def install(self, native: Native, archive: Path, sha256: str, progress: Progress) -> None:
        self.asked.set()
        if self.asks:
            assert self.answer.wait(10)
        if self.refuses:
            raise XiekaError(self.refuses, detail="scripted")
        progress(0)
        progress(60)
        self.files.append(archive.read_bytes())
        self.has[native.package] = str(len(self.files))

    def remove(self, native: Native, *, purge: bool) -> None:
        if self.refuses:
            raise XiekaError(self.refuses, detail="scripted")
        del self.has[native.package]

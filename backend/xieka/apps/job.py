"""One installation under way: which package of which program, and how far it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from xieka.apps.install_models import InstallView, Step
from xieka.content.models import Offer, PackageFile
from xieka.contract.apps import Archive, Package
from xieka.core.error_view import ErrorView


@dataclass(frozen=True, slots=True)
class Job:
    """`offer` is the one that it began with: its package is installed, whatever the catalog says meanwhile."""

    offer: Offer
    package: Package
    step: Step
    update: bool
    proposal: Path | None
    folder: Path | None = None
    """Where to: from the question for it on, also after a failure there."""
    bytes: int = 0
    length: int = 0
    speed: int | None = None
    remaining: int | None = None
    error: ErrorView | None = None
    kept: tuple[str, ...] = ()
    cancel: threading.Event = field(default_factory=threading.Event)
    """Of one run of the installer."""

    @property
    def name(self) -> str:
        """PUBLISHER/ID."""
        return self.offer.program.full_name

    @property
    def file(self) -> PackageFile | None:
        """What was signed of the package; None: there is nothing to fetch."""
        return self.offer.files[self.package.target] if self.package.target else None

    @property
    def needed(self) -> int:
        """Bytes that it unpacks to."""
        return self.package.install.unpacked if isinstance(self.package.install, Archive) else 0

    def is_of(self, sha256: str) -> bool:
        """Whether this is the hash of its package."""
        return self.file is not None and self.file.sha256 == sha256

    def view(self) -> InstallView:
        """How it is shown."""
        program = self.offer.program
        return InstallView(
            program=self.name,
            title=program.name,
            icon=program.icon,
            tone=program.tone,
            publisher=program.publisher_name,
            version=program.version,
            update=self.update,
            step=self.step,
            bytes=self.bytes,
            length=self.length,
            speed=self.speed,
            remaining=self.remaining,
            folder=str(self.folder) if self.folder else None,
            error=self.error,
            kept=list(self.kept),
        )

"""Which certificates the embedded authority has taken back: one file each, named by the serial number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from xieka.core.files import write_whole


@dataclass(frozen=True, slots=True)
class Revocation:
    """When and why."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags


class Revoked:
    """The folder of the files; without it nothing is revoked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, serial: int, at: datetime, reason: x509.ReasonFlags) -> None:
        """Take a certificate back. What has been taken back stays so, with its first date. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.get(serial) is None:
            content = {"at": at.astimezone(UTC).isoformat(timespec="seconds"), "reason": reason.value}
            write_whole(json.dumps(content).encode("ascii"), self._file(serial), 0o600)

    def get(self, serial: int) -> Revocation | None:
        """The revocation of this certificate. Raises OSError, ValueError for a damaged file: never taken for none."""
        try:
            content = json.loads(self._file(serial).read_bytes())
        except FileNotFoundError:
            return None
        return Revocation(serial, datetime.fromisoformat(content["at"]), x509.ReasonFlags(content["reason"]))

    def all(self) -> Iterator[Revocation]:
        """Every revocation, by serial number. Raises like `get`."""
        names = sorted(file.name for file in self._folder.iterdir()) if self._folder.is_dir() else []
        for name in names:
            if not name.startswith(".") and (one := self.get(int(name, 16))) is not None:
                yield one

    def _file(self, serial: int) -> Path:
        return self._folder / f"{serial:032X}"

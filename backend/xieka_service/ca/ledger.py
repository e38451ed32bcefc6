"""Serial numbers on disk: reserved once, then bound to one certificate for ever."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from xieka.core.files import write_whole


class Ledger:
    """One file per serial number in a folder; its content is the digest of the certificate that has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def reserve(self) -> int:
        """A new random serial number of 127 bits (RFC 5280: positive, unique), recorded before it is returned."""
        while True:
            # The highest bit set: every serial has the same length, as SHECA's have.
            serial = secrets.randbits(126) | 1 << 126
            try:
                descriptor = os.open(self._file(serial), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            os.fsync(descriptor)
            os.close(descriptor)
            return serial

    def bind(self, serial: int, digest: bytes) -> None:
        """Bind a reserved serial to a certificate's digest; binding it again to the same changes nothing.

        Raises ValueError when it is not reserved or bound to another certificate.
        """
        file = self._file(serial)
        if not file.is_file():
            raise ValueError("serial not reserved")
        bound = file.read_bytes()
        if not bound:
            write_whole(digest.hex().encode("ascii"), file, 0o600)
        elif bound != digest.hex().encode("ascii"):
            raise ValueError("serial belongs to another certificate")

    def is_bound(self, serial: int) -> bool:
        """Whether a certificate of this serial number has been issued. Raises OSError."""
        if not 0 < serial < 1 << 128:
            return False
        file = self._file(serial)
        return file.is_file() and file.stat().st_size > 0

    def _file(self, serial: int) -> Path:
        return self._folder / f"{serial:032X}"

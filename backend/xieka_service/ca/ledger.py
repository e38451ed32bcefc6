"""Serial numbers on disk: reserved once, then bound to one certificate for ever."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from xieka.certificate.trust.parsed import parse
from xieka.core.files import force_names, write_whole


def issuable(serial: int) -> bool:
    """Whether a serial number is one that could stand here: positive, of 128 bits at most."""
    return 0 < serial < 1 << 128


class Ledger:
    """Two files per serial number in a folder: that it is reserved, and the certificate that has it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def reserve(self) -> int:
        """A new random serial number of 127 bits (RFC 5280: positive, unique), recorded before it is returned."""
        while True:
            # The highest bit set: every serial has the same length, as SHECA's have.
            serial = secrets.randbits(126) | 1 << 126
            try:
                descriptor = os.open(self._reserved(serial), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            os.fsync(descriptor)
            os.close(descriptor)
            return serial

    def bind(self, serial: int, body: bytes, sign: Callable[[bytes], bytes]) -> bytes:
        """The certificate of a reserved serial number: `sign(body)` the first time, the same bytes ever after.

        Kept, not made anew: SM2 signs the same thing another way each time. Raises ValueError when the serial is not
        reserved or belongs to another certificate, OSError.
        """
        if not self._reserved(serial).is_file():
            raise ValueError("serial not reserved")
        if not self.is_bound(serial):
            self._keep(serial, sign(body))
        bound = self._bound(serial)
        if not bound.is_file() or parse(bound.read_bytes()).signed != body:
            raise ValueError("serial belongs to another certificate")
        return bound.read_bytes()

    def is_bound(self, serial: int) -> bool:
        """Whether a certificate of this serial number has been issued. Raises OSError."""
        if not issuable(serial):
            return False
        reserved = self._reserved(serial)
        # Before certificates were kept, the file of the reservation held their digest.
        return self._bound(serial).is_file() or (reserved.is_file() and reserved.stat().st_size > 0)

    def _keep(self, serial: int, certificate: bytes) -> None:
        temporary = self._folder / f".{secrets.token_hex(8)}.new"
        write_whole(certificate, temporary, 0o600)
        try:
            # A link, not a rename: it fails where another process was quicker, and that one's certificate is the one.
            self._bound(serial).hardlink_to(temporary)
            force_names(self._folder)
        except FileExistsError:
            pass
        finally:
            temporary.unlink(missing_ok=True)

    def _reserved(self, serial: int) -> Path:
        return self._folder / f"{serial:032X}"

    def _bound(self, serial: int) -> Path:
        return self._folder / f"{serial:032X}.cer"

"""Trust anchors and intermediate certificates from two folders; a change there counts from the next request on."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from xieka.certificate import service as certificates
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka_service.ca.own import OwnAuthorities

log = logging.getLogger(__name__)

_Listing = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Read:
    listing: _Listing
    certificates: tuple[Certificate, ...]


class Folder:
    """The certificates of one folder, PEM or DER, one a file. Files that hold none are logged and left out."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._read = _Read((), ())

    def certificates(self) -> tuple[Certificate, ...]:
        """What lies there now."""
        listing = _listing(self._path)
        with self._lock:
            if listing != self._read.listing:
                found = (_certificate(self._path / name) for name, _, _ in listing)
                self._read = _Read(listing, tuple(one for one in found if one is not None))
            return self._read.certificates

    def add(self, file: Path) -> Path:
        """Copy a certificate file into the folder, under its fingerprint. Returns where it lies now.

        Raises XiekaError for a file that cannot be read or holds no certificate, OSError when it cannot be stored.
        """
        der = certificates.read_file(file)
        try:
            certificate = parse(der)
        except ValueError as malformed:
            raise XiekaError("E-CRT-06", path=str(file)) from malformed
        self._path.mkdir(mode=0o755, parents=True, exist_ok=True)
        path = self._path / f"{certificate.fingerprint.hex()[:16]}.cer"
        write_whole(der, path, 0o644)
        return path


class Trust:
    """Whom the service believes."""

    def __init__(self, anchors: Path, intermediates: Path, own: OwnAuthorities) -> None:
        self.anchors = Folder(anchors)
        self.intermediates = Folder(intermediates)
        self.own = own


def _listing(folder: Path) -> _Listing:
    try:
        names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    except FileNotFoundError:
        return ()
    return tuple((name, *_stamp(folder / name)) for name in names)


def _stamp(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except OSError:
        # Gone meanwhile, or a link to nothing: it counts as an unreadable one.
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def _certificate(file: Path) -> Certificate | None:
    try:
        return parse(certificates.read_file(file))
    except (XiekaError, ValueError):
        log.error("no readable certificate in %s", file)
        return None

"""What the service's own authorities have taken back, known here without asking anybody."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from xieka.certificate.trust.parsed import Certificate, parse
from xieka_service.ca.embedded import EmbeddedAuthority
from xieka_service.ca.revoked import Revoked
from xieka_service.ca.suites import SUITES


class OwnAuthorities:
    """Those in the data folder; there may be none."""

    def __init__(self, data: Path) -> None:
        self._folders = [data / suite.folder for suite in SUITES]

    def revoked(self, certificate: Certificate, issuer: Certificate) -> bool:
        """Whether one of them has issued this certificate and taken it back.

        Raises OSError, ValueError where that cannot be read: it is never taken for no.
        """
        return any(
            _issues(folder, issuer) and Revoked(folder / EmbeddedAuthority.REVOKED).get(certificate.serial) is not None
            for folder in self._folders
        )


def _issues(folder: Path, issuer: Certificate) -> bool:
    try:
        own = (folder / "issuing.cer").read_bytes()
    except FileNotFoundError:
        return False
    return _key_info(own) == issuer.key_info


@lru_cache(maxsize=8)
def _key_info(der: bytes) -> bytes:
    return parse(der).key_info

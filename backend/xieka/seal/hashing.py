"""Hashes of documents and certificates by the names seals give them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes

from xieka.gm import sm3

SM3, SHA256, SHA1 = "SM3", "SHA-256", "SHA-1"

_PIECE = 1 << 20
# Free text by the standard; names and OIDs met or to be expected.
_NAMES = {SM3: SM3, sm3.OID: SM3, "SHA256": SHA256, SHA256: SHA256, "2.16.840.1.101.3.4.2.1": SHA256}


def digest(name: str, data: bytes) -> bytes | None:
    """The digest under the algorithm called `name` in a digest list; None when it is not known, or broken (SHA-1)."""
    algorithm = _NAMES.get(name.upper().strip())
    if algorithm is None:
        return None
    return sm3.digest(data) if algorithm == SM3 else hashlib.sha256(data).digest()


def document(file: BinaryIO) -> Mapping[str, bytes]:
    """Every digest a signature may hold of this document, a piece at a time. Raises OSError."""
    by_sm3, by_sha256 = hashes.Hash(hashes.SM3()), hashlib.sha256()
    by_sha1 = hashlib.sha1(usedforsecurity=False)
    while piece := file.read(_PIECE):
        by_sm3.update(piece)
        by_sha256.update(piece)
        by_sha1.update(piece)
    return {SM3: by_sm3.finalize(), SHA256: by_sha256.digest(), SHA1: by_sha1.digest()}

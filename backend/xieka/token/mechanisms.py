"""How a signature is asked of a token, by the kind of key: the one table of algorithms.

Both sides of the pipe use it, so it imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

RSA: Final = "1.2.840.113549.1.1.1"
P256: Final = "1.2.840.10045.3.1.7"
SM2: Final = "1.2.156.10197.1.301"

RSA_PKCS: Final = 0x0001
SHA256_RSA_PKCS: Final = 0x0040
ECDSA: Final = 0x1041
"""CKM_ numbers (PKCS #11 v2.40, pkcs11t.h)."""

_SHA256_DIGEST_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 up to the digest (RFC 8017, 9.2, note 1)."""


class Way(NamedTuple):
    """A CKM_ number without parameters, and what C_Sign gets for the data."""

    mechanism: int
    prepare: Callable[[bytes], bytes]


def _sha256(data: bytes) -> bytes:
    import hashlib  # here: it loads OpenSSL, and most workers never sign

    return hashlib.sha256(data).digest()


def _digest_info(data: bytes) -> bytes:
    return _SHA256_DIGEST_INFO + _sha256(data)


ALGORITHMS: Final[Mapping[str, tuple[Way, ...]]] = {
    RSA: (Way(SHA256_RSA_PKCS, bytes), Way(RSA_PKCS, _digest_info)),
    P256: (Way(ECDSA, _sha256),),
    # Every vendor has its own numbers for SM2: refused until a driver's manifest names them.
    SM2: (),
}
"""OID of the key's algorithm, or of its curve → ways to sign with SHA-256, the best first."""


def way(algorithm: str, mechanisms: frozenset[int]) -> Way | None:
    """The best way of a token that has these mechanisms; None when it has none."""
    return next((one for one in ALGORITHMS[algorithm] if one.mechanism in mechanisms), None)

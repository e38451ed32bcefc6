"""The signatures of assertions (JWS) that this service believes. Certificates are the certificate room's matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from xieka.certificate.trust.signatures import RSA_BITS

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A signature algorithm: which keys it is for, and the check, which raises InvalidSignature."""

    fits: Callable[[PublicKey], bool]
    check: Callable[[PublicKey, bytes, bytes], None]
    """(key, signature, data); the key fits."""


def load_key(key_info: bytes) -> PublicKey:
    """The key of a SubjectPublicKeyInfo. Raises ValueError for kinds this service does not know."""
    try:
        key = load_der_public_key(key_info)
    except UnsupportedAlgorithm as unknown:
        raise ValueError("key algorithm") from unknown
    if not isinstance(key, PublicKey):
        raise ValueError("key algorithm")
    return key


def is_strong(key: PublicKey) -> bool:
    """Whether the key is long enough, and no longer than bearable."""
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size in RSA_BITS
    return isinstance(key.curve, _CURVES)


def _rs256() -> Algorithm:
    def check(key: PublicKey, signature: bytes, data: bytes) -> None:
        if not isinstance(key, rsa.RSAPublicKey):
            raise InvalidSignature
        key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())

    return Algorithm(lambda key: isinstance(key, rsa.RSAPublicKey), check)


def _es256() -> Algorithm:
    def check(key: PublicKey, signature: bytes, data: bytes) -> None:
        # RFC 7518, 3.4: r and s as 32 bytes each, not as DER.
        if not isinstance(key, ec.EllipticCurvePublicKey) or len(signature) != 64:
            raise InvalidSignature
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))

    def fits(key: PublicKey) -> bool:
        return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)

    return Algorithm(fits, check)


ASSERTIONS: Mapping[str, Algorithm] = {"RS256": _rs256(), "ES256": _es256()}
"""JWS `alg` (RFC 7518, 3.1; xieka.contract.auth.ALGORITHMS) → how it is checked."""

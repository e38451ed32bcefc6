"""The two kinds of keys an embedded authority may have. All that differs between them stands here.

Keys are kept as PKCS#8 in PEM, as the openssl command reads them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from asn1crypto.core import Null
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from xieka.certificate.structure import AlgorithmIdentifier, PublicKeyInfo
from xieka.gm import private, sm2
from xieka.gm.libcrypto import KEY_INFO

_EC = "1.2.840.10045.2.1"
_RSA_SHA256 = "1.2.840.113549.1.1.11"
_BITS = 2048
_PEM = re.compile(rb"-----BEGIN PRIVATE KEY-----\s([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----\s*")


class Key(Protocol):
    """A private key of an authority."""

    @property
    def info(self) -> bytes:
        """DER of SubjectPublicKeyInfo."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature under the suite's algorithm."""
        ...

    def pkcs8(self) -> bytes:
        """DER of PrivateKeyInfo (RFC 5208), unencrypted."""
        ...


@dataclass(frozen=True, slots=True)
class Suite:
    """One kind. An authority with keys of one issues for keys of the same."""

    folder: str
    """Name of the authority's folder in the service's data folder."""
    path: str
    """Where the service answers for it (xieka_service.ca.routes)."""
    algorithm: str
    """OID of its signatures."""
    identifier: bytes
    """DER of their AlgorithmIdentifier."""
    agrees: bool
    """Encryption keys are for key agreement as well (GB/T 20518, SM2)."""
    generate: Callable[[], Key]
    """Raises XiekaError E-SRV-05 where the computer cannot."""
    load: Callable[[bytes], Key]
    """From `Key.pkcs8`. Raises ValueError, XiekaError E-SRV-05."""
    accepted: Callable[[bytes], bytes]
    """SubjectPublicKeyInfo of a holder's key as it is certified. Raises ValueError for a key of another kind."""


def pem(key: Key) -> bytes:
    """The key as a file (RFC 7468, section 10)."""
    return b"-----BEGIN PRIVATE KEY-----\n" + _lines(key.pkcs8()) + b"-----END PRIVATE KEY-----\n"


def from_pem(suite: Suite, data: bytes) -> Key:
    """The key in a file. Raises ValueError, XiekaError E-SRV-05."""
    found = _PEM.fullmatch(data)
    if found is None:
        raise ValueError("not a private key")
    try:
        return suite.load(base64.b64decode(b"".join(found[1].split()), validate=True))
    except binascii.Error as broken:
        raise ValueError("not a private key") from broken


def key_bits(info: bytes) -> bytes:
    """What key identifiers are digests of: the key without its algorithm (RFC 5280, 4.2.1.2)."""
    bits: bytes = PublicKeyInfo.load(info, strict=True)["public_key"].native
    return bits


def _lines(der: bytes) -> bytes:
    text = base64.b64encode(der)
    return b"".join(text[at : at + 64] + b"\n" for at in range(0, len(text), 64))


@dataclass(frozen=True, slots=True)
class _Rsa:
    key: rsa.RSAPrivateKey

    @property
    def info(self) -> bytes:
        return _spki(self.key.public_key())

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def pkcs8(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def _rsa_generate() -> Key:
    return _Rsa(rsa.generate_private_key(public_exponent=65537, key_size=_BITS))


# Proving that it is a sound key takes 60 ms, and each answer about revocation asks for one of the same few.
@lru_cache(maxsize=8)
def _rsa_load(pkcs8: bytes) -> Key:
    try:
        key = serialization.load_der_private_key(pkcs8, None)
    except UnsupportedAlgorithm as unknown:
        raise ValueError("not an RSA key") from unknown
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not an RSA key")
    return _Rsa(key)


def _rsa_accepted(info: bytes) -> bytes:
    try:
        key = serialization.load_der_public_key(info)
    except UnsupportedAlgorithm as unknown:
        raise ValueError("not an RSA key") from unknown
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _BITS:
        raise ValueError(f"not an RSA key of at least {_BITS} bits")
    return _spki(key)


def _spki(key: rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True, slots=True)
class _Sm2:
    key: private.PrivateKey

    @property
    def info(self) -> bytes:
        return KEY_INFO + self.key.public

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data)

    def pkcs8(self) -> bytes:
        return self.key.pkcs8()


def _sm2_accepted(info: bytes) -> bytes:
    # One form only: 04‖X‖Y under the curve's name (GM/T 0009-2012, 7.1).
    if not info.startswith(KEY_INFO) or not sm2.is_public_key(info[len(KEY_INFO) :]) or len(info) != len(KEY_INFO) + 65:
        raise ValueError("not an SM2 key")
    return info


RSA = Suite(
    folder="ca",
    path="/ca",
    algorithm=_RSA_SHA256,
    identifier=AlgorithmIdentifier({"algorithm": _RSA_SHA256, "parameters": Null()}).dump(),
    agrees=False,
    generate=_rsa_generate,
    load=_rsa_load,
    accepted=_rsa_accepted,
)
"""RSA-2048, PKCS#1 v1.5, SHA-256."""

SM2 = Suite(
    folder="ca-sm2",
    path="/ca/sm2",
    algorithm=sm2.SIGNATURE_OID,
    identifier=AlgorithmIdentifier({"algorithm": sm2.SIGNATURE_OID}).dump(),
    agrees=True,
    generate=lambda: _Sm2(private.generate()),
    load=lambda pkcs8: _Sm2(private.load(pkcs8)),
    accepted=_sm2_accepted,
)
"""SM2 with SM3 (GB/T 20518, GM/T 0015)."""

SUITES = (RSA, SM2)

"""The client's part of a signature: what the certificate's key asks for, and whether the signature is right.

asn1crypto and cryptography are imported where they are used: neither belongs on the start path.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.token.mechanisms import ALGORITHMS
from xieka.token.protocol import SignRequest

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

LIMIT: Final = 32 * 1024
"""Bytes of data at most: a request then fits a pipe's buffer (64 KiB on Linux), so that sending it cannot block."""
_EC: Final = "1.2.840.10045.2.1"
_COORDINATE: Final = 32
"""Bytes of r and of s (RFC 7518, 3.4)."""


@dataclass(frozen=True, slots=True)
class CertificateKey:
    """The public key of a certificate that a token can sign for."""

    algorithm: str
    """A key of `mechanisms.ALGORITHMS`."""
    key: RSAPublicKey | EllipticCurvePublicKey

    def request(self, ids: Iterable[str], data: bytes) -> SignRequest:
        """What the worker is asked. Raises ValueError for more than `LIMIT` bytes."""
        if len(data) > LIMIT:
            raise ValueError("too much data to sign")
        return {
            "algorithm": self.algorithm,
            "public": _base64(self._public()),
            "ids": sorted(set(ids)),
            "data": _base64(data),
        }

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Whether this is the key's signature over the data: PKCS#1 v1.5 or r‖s, with SHA-256."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            if isinstance(self.key, rsa.RSAPublicKey):
                self.key.verify(signature, data, padding.PKCS1v15(), SHA256())
            else:
                if len(signature) != 2 * _COORDINATE:
                    return False
                r, s = signature[:_COORDINATE], signature[_COORDINATE:]
                der = utils.encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
                self.key.verify(der, data, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True

    def _public(self) -> bytes:
        from cryptography.hazmat.primitives.asymmetric import rsa
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        if isinstance(self.key, rsa.RSAPublicKey):
            modulus = self.key.public_numbers().n
            return modulus.to_bytes((modulus.bit_length() + 7) // 8)
        return self.key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_algorithm(der: bytes) -> str:
    """OID of the algorithm of a certificate's key, or of its curve. Raises E-SIG-04 for bytes that are none."""
    try:
        return _key_info(der)[0]
    except Exception as broken:
        # asn1crypto lets errors of many types through on hostile bytes.
        raise unsupported("?") from broken


def certificate_key(der: bytes) -> CertificateKey:
    """The key of a certificate. Raises E-SIG-04 for an algorithm that has no way to sign, or a key that is none."""
    algorithm = "?"
    try:
        algorithm, info = _key_info(der)
        if ALGORITHMS.get(algorithm):
            return CertificateKey(algorithm, _load(info))
    except Exception as broken:
        # asn1crypto lets errors of many types through on hostile bytes, and cryptography has its own.
        raise unsupported(algorithm) from broken
    raise unsupported(algorithm)


def _key_info(der: bytes) -> tuple[str, bytes]:
    """OID of the key's algorithm, or of its curve, and the SubjectPublicKeyInfo."""
    from asn1crypto.x509 import Certificate

    info = Certificate.load(der, strict=True)["tbs_certificate"]["subject_public_key_info"]
    algorithm = info["algorithm"]["algorithm"].dotted
    if algorithm == _EC:
        curve = info["algorithm"]["parameters"]
        # Parameters written out in full may be those of any curve.
        algorithm = curve.chosen.dotted if curve.name == "named" else algorithm
    return str(algorithm), bytes(info.dump())


def _load(info: bytes) -> RSAPublicKey | EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    key = load_der_public_key(info)
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise TypeError("key")
    return key


def unsupported(algorithm: str) -> XiekaError:
    """E-SIG-04 about this OID."""
    name = messages.names("key_algorithm").get(algorithm, algorithm)
    return XiekaError("E-SIG-04", algorithm=name.format(bits="").strip())


def _base64(value: bytes) -> str:
    return b2a_base64(value, newline=False).decode("ascii")

"""Whether one key signed these bytes: RSA, ECDSA and SM2, as certificates, CRLs and OCSP answers are signed."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from xieka.certificate.structure import PublicKeyInfo
from xieka.gm import sm2

RSA_BITS = range(2048, 8193)
"""Shorter keys are too weak (NIST SP 800-57 part 1, table 2); longer ones only keep a computer busy."""

_EC = "1.2.840.10045.2.1"
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_RSA_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.11": hashes.SHA256,
    "1.2.840.113549.1.1.12": hashes.SHA384,
    "1.2.840.113549.1.1.13": hashes.SHA512,
}
_ECDSA_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "1.2.840.10045.4.3.2": hashes.SHA256,
    "1.2.840.10045.4.3.3": hashes.SHA384,
    "1.2.840.10045.4.3.4": hashes.SHA512,
}
_BROKEN = frozenset({"1.2.840.113549.1.1.2", "1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1"})
"""MD2, MD5 and SHA-1: whoever prepares both texts can make two with one signature."""


class Judgement(StrEnum):
    """What came of looking at a signature."""

    GOOD = "good"
    BAD = "bad"
    """This key did not sign these bytes."""
    WEAK = "weak"
    """A broken hash or a short key: whoever signed, it proves nothing. Not looked at any further."""
    UNKNOWN = "unknown"
    """An algorithm or a kind of key that is not known here."""


def judge(key_info: bytes, algorithm: str, signed: bytes, signature: bytes) -> Judgement:
    """`key_info`: DER of SubjectPublicKeyInfo; `algorithm`: dotted. Never raises."""
    if algorithm in _BROKEN:
        return Judgement.WEAK
    try:
        if algorithm == sm2.SIGNATURE_OID:
            return _sm2(key_info, signed, signature)
        return _standard(key_info, algorithm, signed, signature)
    except InvalidSignature:
        return Judgement.BAD
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Judgement.UNKNOWN


remembered = lru_cache(maxsize=256)(judge)
"""`judge` for what is small and asked again and again: certificates."""


def _sm2(key_info: bytes, signed: bytes, signature: bytes) -> Judgement:
    info = PublicKeyInfo.load(key_info, strict=True)
    algorithm = info["algorithm"]
    if algorithm["algorithm"].dotted != _EC or algorithm["parameters"].native != sm2.CURVE_OID:
        return Judgement.BAD
    # GM/T 0015: the signature of a certificate is over the default identity.
    return Judgement.GOOD if sm2.verify(info["public_key"].native, signed, signature) else Judgement.BAD


def _standard(key_info: bytes, algorithm: str, signed: bytes, signature: bytes) -> Judgement:
    if algorithm not in _RSA_HASHES and algorithm not in _ECDSA_HASHES:
        return Judgement.UNKNOWN
    key = load_der_public_key(key_info)
    if isinstance(key, rsa.RSAPublicKey) and algorithm in _RSA_HASHES:
        if key.key_size not in RSA_BITS:
            return Judgement.WEAK
        key.verify(signature, signed, padding.PKCS1v15(), _RSA_HASHES[algorithm]())
    elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm in _ECDSA_HASHES:
        if not isinstance(key.curve, _CURVES):
            return Judgement.UNKNOWN
        key.verify(signature, signed, ec.ECDSA(_ECDSA_HASHES[algorithm]()))
    else:
        return Judgement.BAD
    return Judgement.GOOD

"""What is in a file that looks like one of certificates or private keys; and whether a certificate's signature holds.

asn1crypto reads certificates: the CA's own have encodings that stricter readers refuse. cryptography does the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from asn1crypto import cms, pem, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

SUFFIXES = (".cer", ".crt", ".der", ".pem", ".p7b", ".p7c", ".pfx", ".p12", ".key")
LIMIT = 1_000_000
"""Bytes; more is no file of certificates."""
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_PFX = re.compile(rb"\x30(?:[\x00-\x7f]|\x81.|\x82..|\x83...|\x80)\x02\x01\x03", re.DOTALL)
"""SEQUENCE, INTEGER 3: how a PFX begins (RFC 7292, 4)."""
_WRONG = (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm)
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}  # fmt: skip

Signature = Literal["right", "wrong", "own", "issuer", "kind"]


@dataclass(frozen=True)
class Certificate:
    """One certificate with the files that have it."""

    der: bytes
    holder: str
    issuer: str
    not_after: datetime
    paths: tuple[Path, ...]
    signature: Signature = "issuer"


@dataclass(frozen=True)
class Key:
    """A private key's file; `protected` None: not known."""

    path: Path
    protected: bool | None


@dataclass(frozen=True)
class Found:
    """What one file holds."""

    path: Path
    certificates: tuple[Certificate, ...] = ()
    keys: tuple[Key, ...] = ()


def read(path: Path) -> Found | None:
    """What is in a file; None when it cannot be opened or is too long to be one of ours."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError:
        return None
    if len(data) > LIMIT:
        return None
    if path.suffix.lower() in (".pfx", ".p12"):
        return _bag(path, data)
    blocks = list(_PEM.finditer(data))
    if not blocks:
        return _binary(path, data)
    certificates = [one for block in blocks if not _private(block) for one in _block(path, block[0])]
    keys = tuple(Key(path, _protected(block[0])) for block in blocks if _private(block))
    return Found(path, tuple(certificates), keys)


def checked(found: list[Certificate]) -> list[Certificate]:
    """Each certificate once, with all its files, its signature checked against the issuers among them."""
    once: dict[bytes, Certificate] = {}
    for one in found:
        before = once.get(one.der)
        paths = before.paths if before else ()
        once[one.der] = replace(one, paths=paths if one.paths[0] in paths else (*paths, *one.paths))
    values = {der: x509.Certificate.load(der) for der in once}
    return [replace(one, signature=_signature(values[der], list(values.values()))) for der, one in once.items()]


def _signature(one: Any, others: Iterable[Any]) -> Signature:
    tried: Signature = "issuer"
    for issuer in others:
        if issuer.subject != one.issuer:
            continue
        try:
            _verify(one, issuer)
        except InvalidSignature:
            # Another key of the same name may be the right one.
            tried = "wrong"
        except _WRONG:
            tried = "kind" if tried == "issuer" else tried
        else:
            return "own" if issuer is one else "right"
    return tried


def _verify(one: Any, issuer: Any) -> None:
    """Raises InvalidSignature, and one of _WRONG for an algorithm that is not RSA (PKCS #1 v1.5) or ECDSA."""
    algorithm, key = one["signature_algorithm"], serialization.load_der_public_key(issuer.public_key.dump())
    digest = _HASHES[algorithm.hash_algo]()
    value, signed = one["signature_value"].native, one["tbs_certificate"].dump()
    if algorithm.signature_algo == "rsassa_pkcs1v15" and isinstance(key, rsa.RSAPublicKey):
        key.verify(value, signed, padding.PKCS1v15(), digest)
    elif algorithm.signature_algo == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, signed, ec.ECDSA(digest))
    else:
        raise ValueError("another kind of signature")


def _certificates(path: Path, ders: Iterable[bytes]) -> tuple[Certificate, ...]:
    """Raises one of _WRONG for what is no certificate."""
    return tuple(_certificate(path, der) for der in ders)


def _certificate(path: Path, der: bytes) -> Certificate:
    value = x509.Certificate.load(der, strict=True)
    return Certificate(der, _name(value.subject), _name(value.issuer), value.not_valid_after, (path,))


def _name(name: Any) -> str:
    fields = name.native
    value = fields.get("common_name") or fields.get("organization_name") or name.human_friendly
    return str(value[0] if isinstance(value, list) else value)


def _private(block: re.Match[bytes]) -> bool:
    return block[1].endswith(b"PRIVATE KEY")


def _block(path: Path, block: bytes) -> tuple[Certificate, ...]:
    try:
        return _either(path, pem.unarmor(block)[2])
    except _WRONG:
        return ()


def _either(path: Path, der: bytes) -> tuple[Certificate, ...]:
    """A certificate, or PKCS #7 with certificates. Raises one of _WRONG."""
    try:
        return _certificates(path, [der])
    except _WRONG:
        signed = cms.ContentInfo.load(der, strict=True)["content"]
        return _certificates(path, [one.chosen.dump() for one in signed["certificates"]])


def _binary(path: Path, data: bytes) -> Found:
    try:
        return Found(path, _either(path, data))
    except _WRONG:
        pass
    try:
        serialization.load_der_private_key(data, None)
    except TypeError:
        return Found(path, keys=(Key(path, True),))
    except _WRONG:
        return Found(path)
    return Found(path, keys=(Key(path, False),))


def _bag(path: Path, data: bytes) -> Found:
    for password in (None, b""):
        try:
            key, *rest, more = pkcs12.load_key_and_certificates(data, password)
            ders = [one.public_bytes(serialization.Encoding.DER) for one in (*rest, *more) if one is not None]
            return Found(path, _certificates(path, ders), (Key(path, False),) if key else ())
        except _WRONG:
            continue
    # It is one: then only its password can be what is missing.
    return Found(path, keys=(Key(path, True if _PFX.match(data) else None),))


def _protected(block: bytes) -> bool | None:
    if b"ENCRYPTED" in block:
        return True
    try:
        serialization.load_pem_private_key(block, None)
    except TypeError:
        return True
    except _WRONG:
        # The key itself is not understood (SM2), but these wrappings have no password.
        return False if block.startswith((b"-----BEGIN PRIVATE KEY", b"-----BEGIN EC PRIVATE KEY")) else None
    return False

"""Encryption of one record: AES-256-GCM (NIST SP 800-38D) under a data key of its own, used for one text only.

The data key lies in the database too, encrypted under a key that does not: the file `registration.key`. Who has the
database alone, or a copy of it, reads nothing; when the data key is destroyed, nobody does.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class UnreadableError(Exception):
    """The key is another, or the record was changed or moved."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is stored; each is a nonce and a ciphertext with its tag."""

    wrapped: bytes
    """The data key."""
    sealed: bytes
    """The record."""


def seal(master: bytes, record: str, fingerprint: bytes, plain: bytes) -> Sealed:
    """Encrypt a record under a new data key, for this record of this certificate only."""
    key = secrets.token_bytes(32)
    return Sealed(
        wrapped=_encrypt(master, key, _key_context(record)),
        sealed=_encrypt(key, plain, _context(record, fingerprint)),
    )


def unseal(master: bytes, record: str, fingerprint: bytes, stored: Sealed) -> bytes:
    """The record. Raises UnreadableError."""
    try:
        key = _decrypt(master, stored.wrapped, _key_context(record))
        return _decrypt(key, stored.sealed, _context(record, fingerprint))
    except (InvalidTag, ValueError) as error:
        raise UnreadableError from error


def _context(record: str, fingerprint: bytes) -> bytes:
    return record.encode() + fingerprint


def _key_context(record: str) -> bytes:
    return b"registration key " + record.encode()


def _encrypt(key: bytes, plain: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def _decrypt(key: bytes, data: bytes, context: bytes) -> bytes:
    return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], context)

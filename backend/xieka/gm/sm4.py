"""SM4, the block cipher of GB/T 32907-2016, in the two modes key delivery uses (GM/T 0009: ECB; GB/T 35275: CBC).

Nothing is padded here and nothing is authenticated: whoever uses this checks what came out by other means.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

BLOCK = 16
"""Bytes of a block, of a key and of an initial value."""


def encrypt(key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    """Whole blocks under ECB, or CBC when an initial value is given. Raises ValueError for wrong lengths."""
    work = _cipher(key, iv).encryptor()
    return work.update(data) + work.finalize()


def decrypt(key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
    """The inverse of `encrypt`. Raises ValueError for wrong lengths."""
    work = _cipher(key, iv).decryptor()
    return work.update(data) + work.finalize()


def _cipher(key: bytes, iv: bytes | None) -> Cipher[ECB] | Cipher[CBC]:
    # ECB is what GM/T 0009-2012, 7.4 prescribes for one wrapped key; a message is encrypted under CBC.
    return Cipher(SM4(key), ECB()) if iv is None else Cipher(SM4(key), CBC(iv))  # noqa: S305

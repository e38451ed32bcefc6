"""SM3, the hash of GB/T 32905-2016, as `cryptography` computes it."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes

OID = "1.2.156.10197.1.401"


def digest(data: bytes) -> bytes:
    """The 32 bytes of SM3 over `data`."""
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()

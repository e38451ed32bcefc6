"""SM2 signatures and encryption (GB/T 32918.2 and .4-2016, on the curve of .5-2017).

The face of the room. Public keys are points as certificates carry them: 04‖X‖Y, 65 bytes (compressed ones are
read too). Private keys are integers; the arithmetic is **not constant-time**, so they are the keys of practice and
tests, never a user's: those stay in the Ukey.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable

from xieka.gm import curve, encoding, libcrypto, sm3
from xieka.gm.curve import Affine

DEFAULT_ID = b"1234567812345678"
"""The signer's identity where none is agreed: certificates, requests, seals (GM/T 0009-2012, clause 10)."""

SIGNATURE_OID = "1.2.156.10197.1.501"
"""SM2 with SM3."""
CURVE_OID = "1.2.156.10197.1.301"

_MAX_ID = 8191
# The identity's length is written in bits in two bytes (GB/T 32918.2-2016, 5.5).


def generate() -> tuple[int, bytes]:
    """A new (private key, public key)."""
    private = secrets.randbelow(curve.N - 2) + 1
    return private, public_key(private)


def public_key(private: int) -> bytes:
    """The public key of a private one. Raises ValueError outside 1…N-2 (GB/T 32918.1-2016, 6.1)."""
    if not 1 <= private <= curve.N - 2:
        raise ValueError("not an SM2 private key")
    return encoding.point_bytes(_finite(curve.base_multiple(private)))


def is_public_key(public: bytes) -> bool:
    """True when these bytes are a point of the curve."""
    try:
        encoding.point(public)
    except ValueError:
        return False
    return True


def message_digest(public: bytes, message: bytes, id_: bytes = DEFAULT_ID) -> bytes:
    """e = SM3(ZA‖M) with ZA over identity, curve and key (GB/T 32918.2-2016, 5.5, 6.1). Raises ValueError."""
    if len(id_) > _MAX_ID:
        raise ValueError("identity too long")
    numbers = (curve.A, curve.B, curve.GX, curve.GY, *encoding.point(public))
    identity = (len(id_) * 8).to_bytes(2, "big") + id_ + b"".join(number.to_bytes(32, "big") for number in numbers)
    return sm3.digest(sm3.digest(identity) + message)


def verify(public: bytes, message: bytes, signature: bytes, id_: bytes = DEFAULT_ID) -> bool:
    """True when `signature` (DER, or 64 bytes r‖s) is of this key over this message and identity.

    Never raises: a broken key, a broken signature and an identity over 8191 bytes verify nothing.
    """
    try:
        point = encoding.point(public)
        r, s = encoding.signature(signature)
    except ValueError:
        return False
    if len(id_) > _MAX_ID or not (1 <= r < curve.N and 1 <= s < curve.N):
        return False
    fast = libcrypto.verifier()
    if fast is not None:
        answer = fast(encoding.point_bytes(point), message, encoding.signature_der(r, s), id_)
        if answer is not None:
            return answer
    return verify_digest(public, message_digest(public, message, id_), r, s)


def verify_digest(public: bytes, digest: bytes, r: int, s: int) -> bool:
    """GB/T 32918.2-2016, 7.1 from step B1 on, in our own arithmetic. Raises ValueError for a broken key."""
    point = encoding.point(public)
    if not (1 <= r < curve.N and 1 <= s < curve.N):
        return False
    t = (r + s) % curve.N
    if t == 0:
        return False
    total = curve.affine(curve.add(curve.base_multiple(s), _finite(curve.multiple(t, point))))
    return total is not None and (int.from_bytes(digest, "big") + total[0]) % curve.N == r


def sign(private: int, message: bytes, id_: bytes = DEFAULT_ID) -> bytes:
    """A signature in DER. Raises ValueError for a private key out of range or an identity over 8191 bytes."""
    digest = message_digest(public_key(private), message, id_)
    while True:
        found = sign_digest(private, digest, secrets.randbelow(curve.N - 1) + 1)
        if found is not None:
            return encoding.signature_der(*found)


def sign_digest(private: int, digest: bytes, k: int) -> tuple[int, int] | None:
    """(r, s) with the secret number k, 1…N-1, new for every signature; None when the standard asks for another k."""
    x1, _ = _finite(curve.base_multiple(k))
    r = (int.from_bytes(digest, "big") + x1) % curve.N
    if r == 0 or r + k == curve.N:
        return None
    s = pow(1 + private, -1, curve.N) * (k - r * private) % curve.N
    return (r, s) if s else None


def encrypt(public: bytes, message: bytes) -> bytes:
    """SM2Cipher in DER (GM/T 0009-2012, 7.2). Raises ValueError for a broken key or an empty message."""
    while True:
        found = encrypt_with(public, message, secrets.randbelow(curve.N - 1) + 1)
        if found is not None:
            return encoding.cipher_der(*found)


def encrypt_with(public: bytes, message: bytes, k: int) -> tuple[Affine, bytes, bytes] | None:
    """(C1, C3, C2) with the secret number k, new for every message; None when the standard asks for another k."""
    if not message:
        raise ValueError("nothing to encrypt")
    point = encoding.point(public)
    stream, check = _keyed(_finite(curve.multiple(k, point)), len(message))
    if not any(stream):
        return None
    text = _xor(message, stream)
    return _finite(curve.base_multiple(k)), check(message), text


def decrypt(private: int, data: bytes) -> bytes:
    """The message in an SM2Cipher. Raises ValueError when it is not one of this key's."""
    c1, expected, text = encoding.cipher(data)
    if not 1 <= private <= curve.N - 2 or not text:
        raise ValueError("not an SM2 ciphertext of this key")
    stream, check = _keyed(_finite(curve.multiple(private, c1)), len(text))
    message = _xor(text, stream)
    if not any(stream) or not hmac.compare_digest(check(message), expected):
        raise ValueError("not an SM2 ciphertext of this key")
    return message


def _keyed(shared: Affine, length: int) -> tuple[bytes, Callable[[bytes], bytes]]:
    # The key stream and the check value C3 = SM3(x2‖M‖y2) of GB/T 32918.4-2016, 5.4.3 and 6.1.
    x2, y2 = (number.to_bytes(encoding.WIDTH, "big") for number in shared)
    blocks = [sm3.digest(x2 + y2 + count.to_bytes(4, "big")) for count in range(1, (length + 31) // 32 + 1)]
    return b"".join(blocks)[:length], lambda message: sm3.digest(x2 + message + y2)


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(len(left), "big")


def _finite(point: curve.Jacobian) -> Affine:
    found = curve.affine(point)
    if found is None:
        raise ValueError("the point at infinity")
    return found

"""How SM2 keys, signatures and ciphertexts are written: points, DER of GM/T 0009-2012, raw r‖s."""

from __future__ import annotations

from xieka.gm import curve
from xieka.gm.curve import Affine

WIDTH = 32
"""Bytes of a coordinate and of a number below the order."""


def point_bytes(point: Affine) -> bytes:
    """04‖X‖Y, 65 bytes."""
    return b"\x04" + point[0].to_bytes(WIDTH, "big") + point[1].to_bytes(WIDTH, "big")


def point(data: bytes) -> Affine:
    """The point written as 04‖X‖Y, or compressed as 02|03‖X (GB/T 32918.1-2016, 4.2.9).

    Raises ValueError when that is no point of the curve.
    """
    found: Affine | None = None
    if len(data) == 1 + 2 * WIDTH and data[0] == 4:
        x, y = int.from_bytes(data[1 : 1 + WIDTH], "big"), int.from_bytes(data[1 + WIDTH :], "big")
        found = (x, y) if curve.on_curve(x, y) else None
    elif len(data) == 1 + WIDTH and data[0] in (2, 3):
        found = curve.lift(int.from_bytes(data[1:], "big"), data[0] == 3)
    if found is None:
        raise ValueError("not a point of the SM2 curve")
    return found


def signature(data: bytes) -> tuple[int, int]:
    """(r, s) of a signature: DER SEQUENCE { r, s } (GM/T 0009-2012, 7.3), or the 64 bytes r‖s some makers write.

    Raises ValueError for anything else. The ranges of r and s are the verifier's to check.
    """
    if len(data) == 2 * WIDTH:
        return int.from_bytes(data[:WIDTH], "big"), int.from_bytes(data[WIDTH:], "big")
    body, rest = _element(data, 0x30)
    if rest:
        raise ValueError("bytes after the signature")
    r, body = _integer(body)
    s, body = _integer(body)
    if body:
        raise ValueError("more than r and s")
    return r, s


def signature_der(r: int, s: int) -> bytes:
    """SEQUENCE { r INTEGER, s INTEGER } in DER."""
    return wrap(0x30, _integer_der(r) + _integer_der(s))


def cipher(data: bytes) -> tuple[Affine, bytes, bytes]:
    """(C1, C3, C2) of SM2Cipher ::= SEQUENCE { x, y INTEGER, hash, cipher OCTET STRING } (GM/T 0009-2012, 7.2).

    Raises ValueError for anything else and for a point that is not on the curve.
    """
    body, rest = _element(data, 0x30)
    if rest:
        raise ValueError("bytes after the ciphertext")
    x, body = _integer(body)
    y, body = _integer(body)
    check, body = _element(body, 0x04)
    text, body = _element(body, 0x04)
    if body or len(check) != WIDTH:
        raise ValueError("not an SM2 ciphertext")
    if not curve.on_curve(x, y):
        raise ValueError("not a point of the SM2 curve")
    return (x, y), check, text


def cipher_der(c1: Affine, check: bytes, text: bytes) -> bytes:
    """SM2Cipher in DER."""
    return wrap(0x30, _integer_der(c1[0]) + _integer_der(c1[1]) + wrap(0x04, check) + wrap(0x04, text))


def _element(data: bytes, tag: int) -> tuple[bytes, bytes]:
    # (contents, what follows) of one DER element with a definite, minimal length.
    if len(data) < 2 or data[0] != tag:
        raise ValueError("another element was expected")
    length, start = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        start += count
        if not 1 <= count <= 4 or len(data) < start:
            raise ValueError("length")
        length = int.from_bytes(data[2:start], "big")
        if length < 0x80 or data[2] == 0:
            raise ValueError("length is not minimal")
    if len(data) < start + length:
        raise ValueError("cut short")
    return data[start : start + length], data[start + length :]


def _integer(data: bytes) -> tuple[int, bytes]:
    # Not negative, at most 256 bits, minimal: two ways to write one signature would be one too many.
    body, rest = _element(data, 0x02)
    if not 1 <= len(body) <= WIDTH + 1 or body[0] & 0x80 or (len(body) > 1 and body[0] == 0 and not body[1] & 0x80):
        raise ValueError("number")
    return int.from_bytes(body, "big"), rest


def _integer_der(value: int) -> bytes:
    return wrap(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def wrap(tag: int, body: bytes) -> bytes:
    """One DER element with this tag."""
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body

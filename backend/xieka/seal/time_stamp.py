"""What a time stamp (RFC 3161) inside of a seal or a signature stamps. Whose stamp it is is not looked at here."""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import GeneralizedTime, ObjectIdentifier, OctetString, Sequence

from xieka.certificate.soundness import sound
from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.seal import fields, hashing
from xieka.seal.models import Step
from xieka.seal.verdict import day, failed, unchecked

# Places in SignedData (RFC 5652, 5.1; the same in GB/T 35275) and in TSTInfo (RFC 3161, 2.4.2).
_ENCAPSULATED = 2
_IMPRINT, _TIME = 2, 4
_LIMIT = 65_536
"""Bytes of a time stamp; one with its certificates has 6,000."""


class _ContentInfo(Sequence):
    _fields: ClassVar[list[tuple[Untyped, ...]]] = [("type", ObjectIdentifier), ("content", Sequence, {"explicit": 0})]


class _Encapsulated(Sequence):
    _fields: ClassVar[list[tuple[Untyped, ...]]] = [
        ("type", ObjectIdentifier),
        ("content", OctetString, {"explicit": 0}),
    ]


def step(token: bytes | None, stamped: bytes) -> list[Step]:
    """A step for a time stamp over `stamped`; none when there is none, which is as good since it is optional.

    It fails when it is somebody else's; it is never ok, since nobody has looked at who made it.
    """
    if token is None:
        return []
    try:
        with fields.understanding("E-SEA-33"):
            algorithm, value, time = _read(token)
    except XiekaError:
        return [unchecked("time_stamp", messages.text("seal_why_time_stamp"))]
    expected = hashing.digest(algorithm, stamped)
    if expected is None:
        return [unchecked("time_stamp", messages.text("seal_why_time_stamp"))]
    if expected != value:
        return [failed("time_stamp", XiekaError("E-SEA-33"))]
    return [unchecked("time_stamp", messages.text("seal_why_stamper", time=time))]


def _look(data: bytes) -> None:
    """Nobody has signed it for us. Raises ValueError."""
    if len(data) > _LIMIT or not sound(data):
        raise ValueError("outline")


def _read(token: bytes) -> tuple[str, bytes, str]:
    """(hash algorithm, digest, time) of TSTInfo. Raises anything."""
    _look(token)
    signed_data = _ContentInfo.load(token, strict=True)["content"]
    encapsulated = _Encapsulated.load(signed_data[_ENCAPSULATED].dump(), strict=True)
    content = encapsulated["content"].native
    _look(content)
    info = Sequence.load(content, strict=True)
    imprint = info[_IMPRINT]
    algorithm, digest, time = imprint[0][0], imprint[1], info[_TIME]
    if not (
        isinstance(algorithm, ObjectIdentifier)
        and isinstance(digest, OctetString)
        and isinstance(time, GeneralizedTime)
    ):
        raise TypeError("not TSTInfo")
    return algorithm.dotted, digest.native, day(fields.instant(time))

"""The face of the seal room. Every function takes a seal as the bytes it was found as (DER of SESeal)."""

from __future__ import annotations

from xieka.seal.models import SealSummary
from xieka.seal.picture import Picture

__all__ = ["Picture", "is_seal", "picture", "summarize"]

_SEQUENCE = 0x30
_ES = b"\x16\x02ES"


def is_seal(value: bytes) -> bool:
    """True when the bytes begin as SESeal does: SESeal{SES_SealInfo{SES_Header{"ES". Cheap, never raises."""
    position = 0
    for _ in range(3):
        if value[position : position + 1] != bytes([_SEQUENCE]):
            return False
        first = value[position + 1 : position + 2]
        if not first:
            return False
        # DER length: one octet, or 0x80 + number of length octets.
        position += 2 + (first[0] & 0x7F if first[0] & 0x80 else 0)
    return value[position : position + 4] == _ES


def summarize(der: bytes) -> SealSummary:
    """What the seal says about itself, unverified. Raises XiekaError E-SEA-01."""
    # Loaded with the first seal: a Ukey without one does without it.
    from xieka.seal import reader

    seal = reader.read(der)
    return SealSummary(
        es_id=seal.es_id,
        name=seal.name,
        version=seal.version,
        vendor=seal.vendor,
        kind=seal.kind,
        created=seal.created,
        not_before=seal.not_before,
        not_after=seal.not_after,
        picture_type=seal.picture_type,
        width_mm=seal.width_mm,
        height_mm=seal.height_mm,
        picture_size=len(seal.picture),
        certificate_count=len(seal.certificates),
    )


def picture(der: bytes) -> Picture:
    """The seal's picture as PNG. Raises XiekaError E-SEA-01 (no seal), E-SEA-03 (no picture we can show)."""
    from xieka.seal import picture as pictures
    from xieka.seal import reader

    seal = reader.read(der)
    return pictures.to_png(seal.picture, seal.picture_type)

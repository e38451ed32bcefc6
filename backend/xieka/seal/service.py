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
    """What the seal says about itself, unverified. Raises XiekaError as reader.read: E-SEA-01, E-SEA-04 to 06."""
    # Loaded with the first seal: a Ukey without one does without it.
    from xieka.seal import reader

    content = reader.read(der).content
    return SealSummary(
        es_id=content.es_id,
        name=content.name,
        version=content.version,
        vendor=content.vendor,
        kind=content.kind,
        created=content.created,
        not_before=content.not_before,
        not_after=content.not_after,
        picture_type=content.picture_type,
        width_mm=content.width_mm,
        height_mm=content.height_mm,
        picture_size=len(content.picture),
        certificate_count=content.bound,
    )


def picture(der: bytes) -> Picture:
    """The seal's picture as PNG. Raises XiekaError E-SEA-01 (no seal), E-SEA-03 (no picture we can show)."""
    from xieka.seal import picture as pictures
    from xieka.seal import reader

    content = reader.read(der).content
    return pictures.to_png(content.picture, content.picture_type)

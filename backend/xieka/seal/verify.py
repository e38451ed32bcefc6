"""Verifies an electronic seal, step by step, in the order of GM/T 0031-2025, 2.1.3 (V1 and V4 have the same steps)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.seal import fields, hashing, picture, reader, time_stamp
from xieka.seal.chain import Chain, ChainFinding
from xieka.seal.content import Extension, SealContent
from xieka.seal.models import Step, Verification
from xieka.seal.party import Party, certificate_steps, examined, key_info, signature_step
from xieka.seal.verdict import day, doubtful, failed, ok, sentence, unchecked, verdict

SKEW = timedelta(minutes=10)
"""By so much this computer's clock may be behind the maker's."""

_MAX_MM = 200


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a seal is verified against."""

    now: datetime
    certificate: bytes | None = None
    """DER of the certificate the seal is to be used with; None: no such question."""
    chain: Chain | None = None
    used_at: datetime | None = None
    """When the seal was used, for seals inside of signatures; None: it is to be used now."""


def verify(data: bytes, circumstances: Circumstances) -> Verification:
    """Every step with its result. Raises XiekaError as reader.read when there is nothing to verify."""
    seal = reader.read(data)
    steps = seal_steps(data, seal, circumstances)
    return Verification(verdict=verdict(steps), sentence=sentence("seal", steps), steps=steps)


def seal_steps(data: bytes, seal: reader.Seal, circumstances: Circumstances) -> list[Step]:
    """The steps for a seal that has been read from `data`."""
    content = seal.content
    maker = Party("maker", seal.maker, seal.algorithm, seal.signed, seal.signature, content.created)
    found = examined(maker, circumstances.chain)
    return [
        _format(data, seal),
        *critical_extensions(content.extensions),
        _picture(content),
        signature_step(maker),
        _created(content, circumstances.now),
        *certificate_steps(maker, circumstances.now, found),
        *_listed_maker(content, maker, found, circumstances.certificate),
        _period(content, circumstances),
        *time_stamp.step(seal.time_stamp, seal.signature),
        _binding(content, circumstances.certificate),
    ]


def _format(data: bytes, seal: reader.Seal) -> Step:
    # Written anew from what was understood, the seal must be what it is: nothing hides between the values.
    try:
        with fields.understanding("E-SEA-07"):
            again: bytes = reader.parse(data).dump(force=True)
    except XiekaError as error:
        return failed("format", error)
    if again != data:
        return failed("format", XiekaError("E-SEA-07"))
    version = seal.content.version
    # V1 seals carry several numbers; later ones are told apart by it.
    known = version not in (4, 5) if seal.form == 1 else version in (4, 5)
    if not known or (seal.time_stamp is not None and version != 5):
        return failed("format", XiekaError("E-SEA-08", version=version))
    return ok("format")


def critical_extensions(extensions: tuple[Extension, ...]) -> list[Step]:
    """A step for extensions that want to be known; none when there are none."""
    critical = [extension.oid for extension in extensions if extension.critical]
    if not critical:
        return []
    # Whoever made the seal says it cannot be judged without knowing them.
    return [unchecked("extensions", messages.text("seal_why_critical", oids="、".join(critical[:5])))]


def _picture(content: SealContent) -> Step:
    width, height = content.width_mm, content.height_mm
    if not (0 < width <= _MAX_MM and 0 < height <= _MAX_MM):
        return failed("picture", XiekaError("E-SEA-12", width=width, height=height))
    try:
        picture.look(content.picture, content.picture_type)
    except XiekaError as error:
        # A drawing is no fault of the seal; we just do not look at it.
        return unchecked("picture", error.body()["what"]) if error.code == "E-SEA-11" else failed("picture", error)
    return ok("picture")


def _created(content: SealContent, now: datetime) -> Step:
    if content.created > now + SKEW or content.created > content.not_after or content.not_before > content.not_after:
        return failed("created", XiekaError("E-SEA-26", created=day(content.created)))
    return ok("created")


def _listed_maker(content: SealContent, maker: Party, found: ChainFinding, used_with: bytes | None) -> list[Step]:
    """Whether the maker may make seals; nothing where nobody has said who may."""
    if _self_made(content, maker, used_with):
        return [failed("maker_listed", XiekaError("E-SEA-34"))]
    if found.listed is None:
        return []
    if found.listed:
        return [ok("maker_listed")]
    return [doubtful("maker_listed", messages.text("seal_why_maker_unlisted"))]


def _self_made(content: SealContent, maker: Party, used_with: bytes | None) -> bool:
    """Whether who may use the seal has made it: with the same certificate, or another one of the same key."""
    if any(hashing.digest(one.algorithm, maker.certificate) == one.value for one in content.digests):
        return True
    key = key_info(maker)
    users = content.certificates if used_with is None else (*content.certificates, used_with)
    # A certificate holds its key as it is: none of them needs to be parsed.
    return maker.certificate in users or (key is not None and any(key in one for one in users))


def _period(content: SealContent, circumstances: Circumstances) -> Step:
    begin, end, used_at = content.not_before, content.not_after, circumstances.used_at
    if used_at is not None:
        return (
            ok("period") if begin <= used_at <= end else failed("period", XiekaError("E-SEA-47", signed=day(used_at)))
        )
    if circumstances.now < begin:
        return failed("period", XiekaError("E-SEA-28", begin=day(begin)))
    if circumstances.now > end:
        return failed("period", XiekaError("E-SEA-29", end=day(end)))
    return ok("period")


def _binding(content: SealContent, certificate: bytes | None) -> Step:
    if certificate is None:
        return unchecked("binding", messages.text("seal_why_no_certificate"))
    # GM/T 0031-2014, 6.2.2 c: byte for byte. A renewed certificate needs a new seal, even with the same key.
    if certificate in content.certificates or _listed(content, certificate):
        return ok("binding")
    if content.identifiers and not content.certificates:
        return unchecked("binding", messages.text("seal_why_identifiers"))
    unknown = [one.algorithm for one in content.digests if hashing.digest(one.algorithm, b"") is None]
    if unknown:
        return unchecked("binding", messages.text("seal_why_digest", algorithm=unknown[0]))
    return failed("binding", XiekaError("E-SEA-30"))


def _listed(content: SealContent, certificate: bytes) -> bool:
    # An unknown algorithm gives None, which is no digest.
    return any(hashing.digest(one.algorithm, certificate) == one.value for one in content.digests)

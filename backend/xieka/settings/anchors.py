"""Whom a profile trusts: certificates that come with it, or the practice authorities of this computer."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from xieka.settings.models import KnownCertificate, Profile

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Anchors:
    """DER of certificates."""

    anchors: tuple[bytes, ...] = ()
    issuers: tuple[bytes, ...] = ()


def anchors(profile: Profile, practice: Path) -> Anchors:
    """The profile's own, or in practice those in `practice`. What is not there or not whole is left out, and logged."""
    if not profile.practice:
        return Anchors(_shipped(profile.id, profile.anchors), _shipped(profile.id, profile.issuers))
    service = practice / "service"
    # The authority of SM2 keys is made when it is first asked for.
    authorities = [service / "ca", *(one for one in [service / "ca-sm2"] if one.is_dir())]
    return Anchors(
        _files([one / "root.cer" for one in authorities]), _files([one / "issuing.cer" for one in authorities])
    )


def _shipped(profile: str, known: Sequence[KnownCertificate]) -> tuple[bytes, ...]:
    folder = resources.files("xieka.settings").joinpath("profiles", profile)
    found = []
    for one in known:
        try:
            der = folder.joinpath(one.file).read_bytes()
        except OSError as error:
            log.error("certificate %s of the profile: %s", one.file, type(error).__name__)
            continue
        if hashlib.sha256(der).hexdigest() != one.sha256:
            log.error("certificate %s of the profile is not the one that was shipped", one.file)
            continue
        found.append(der)
    return tuple(found)


def _files(paths: Sequence[Path]) -> tuple[bytes, ...]:
    found = []
    for path in paths:
        try:
            found.append(path.read_bytes())
        except OSError as error:
            log.warning("no practice authority: %s", type(error).__name__)
    return tuple(found)

"""Verification of a seal with everything asked, and what is told of its maker."""

from __future__ import annotations

from datetime import datetime

from tests.seal.make import NOW
from tests.seal.signers import signer
from xieka.seal.chain import ChainFinding
from xieka.seal.models import Step, Verification
from xieka.seal.verify import Circumstances, verify

OURS = {"certificates": (signer("sm2", "signer").certificate,)}


class Trusted:
    """A path and a revocation state as they are told here."""

    def __init__(self, **finding: object) -> None:
        self.finding = ChainFinding(**{"trusted": True, "revoked": False} | finding)  # type: ignore[arg-type]
        self.asked: list[tuple[bytes, datetime]] = []

    def examine(self, certificate: bytes, at: datetime) -> ChainFinding:
        self.asked.append((certificate, at))
        return self.finding


def check(der: bytes, kind: str = "sm2", **changes: object) -> Verification:
    """Everything is asked, and in order unless the seal is not."""
    given = {"now": NOW, "certificate": signer(kind, "signer").certificate, "chain": Trusted()} | changes
    return verify(der, Circumstances(**given))  # type: ignore[arg-type]


def failures(found: Verification) -> dict[str, str]:
    return {step.name: step.error.code for step in found.steps if step.state == "failed" and step.error}


def step(found: Verification, name: str) -> Step:
    return next(one for one in found.steps if one.name == name)

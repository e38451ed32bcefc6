"""What the seal room asks about the path of a certificate. The composition root gives the answerer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ChainFinding:
    """Whom a certificate leads to, and whether its issuer has taken it back. None: not checked."""

    trusted: bool | None = None
    """Whether it leads to an authority this installation believes, every certificate on the way being in order."""
    why: str = ""
    """One sentence for people: who it leads to, or why not, or why it was not checked."""
    revoked: bool | None = None
    revoked_at: datetime | None = None
    """When, if the issuer says."""
    revocation: str = ""
    """One sentence for people."""
    listed: bool | None = None
    """Whether the operator names who has it as a maker of seals; None: not asked, or nobody is named."""


class Chain(Protocol):
    """Path building and revocation (certificate room)."""

    def examine(self, certificate: bytes, at: datetime) -> ChainFinding:
        """Judge a certificate (DER) as of the instant `at`. Never raises."""
        ...

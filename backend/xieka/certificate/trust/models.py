"""Trust in one certificate, as the page and scripts get it: first for people, then the evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

Level = Literal["ok", "wait", "warn", "bad"]
"""`ok`: everything was checked; `wait`: being checked; `warn`: something could not be; `bad`: not to be relied on."""
Result = Literal["passed", "failed", "open", "skipped"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class PathEntry(_Value):
    """One certificate of the path."""

    subject: str
    issuer: str
    serial: str
    sha256: str
    not_before: datetime
    not_after: datetime
    algorithm: str
    anchor: bool
    """Trusted by the operator profile itself."""


class TrustCheck(_Value):
    """One thing that was looked at."""

    name: str
    """signature, anchor, dates, authority, path_length, extensions, revocation or clock."""
    title: str
    certificate: int | None
    """Its place in `path`; None for what concerns none of them."""
    result: Result
    text: str
    """What was found."""
    at: datetime
    source: str | None
    """The address it comes from; None: worked out on this computer."""


class RevocationView(_Value):
    """What is known about the revocation of the holder's certificate."""

    status: str
    """See revocation.models.Status."""
    method: Literal["ocsp", "crl", ""]
    source: str
    received: datetime | None
    cached: bool
    this_update: datetime | None
    next_update: datetime | None
    revoked_at: datetime | None
    reason: str
    """In the user's language; "" when none is given."""


class TrustView(_Value):
    """Whether a certificate deserves to be relied on."""

    sha256: str
    """Which certificate: upper-case hex over its DER."""
    subject: str
    verdict: str
    """A stable code, see trust/verdict.py."""
    level: Level
    what: str
    """One sentence."""
    why: str
    do: str
    checking: bool
    """The answer is under way: the event `certificate.trust` brings this value anew."""
    path: list[PathEntry]
    """The holder's first. Without an anchor at its end: as far as it could be followed."""
    checks: list[TrustCheck]
    revocation: RevocationView
    checked_at: datetime
    clock_ahead_seconds: int | None
    """By how much servers are ahead of this computer's clock; None when none has told the time."""

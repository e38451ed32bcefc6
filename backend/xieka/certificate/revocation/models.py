"""What is known about the revocation of one certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from xieka.certificate.trust.parsed import Certificate

SKEW = timedelta(minutes=5)
"""By so much the clocks of an authority and of this computer may differ."""


class Status(StrEnum):
    """What an authority's answer, or its absence, says. The first two are the only ones that decide anything."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    """The responder itself does not know this certificate."""
    WRONG_SIGNER = "wrong_signer"
    """The answer is not signed by who may speak for the issuer."""
    UNREADABLE = "unreadable"
    """Not an answer, or one in a form that is not understood here; the responder's own refusals too."""
    STALE = "stale"
    """Signed properly, but its time is over."""
    FUTURE = "future"
    """Signed properly, but of a time that has not come: the computer's clock is likely to be wrong."""
    UNREACHABLE = "unreachable"
    OFFLINE = "offline"
    """This computer is on no network."""
    UNASKED = "unasked"
    """Not asked yet."""
    NO_SOURCE = "no_source"
    """The certificate names no address that could be asked."""


DECIDES = frozenset({Status.GOOD, Status.REVOKED})


@dataclass(frozen=True, slots=True)
class Times:
    """When an answer was true, and how long it counts."""

    this_update: datetime
    next_update: datetime | None
    until: datetime

    @classmethod
    def of(cls, this_update: datetime, next_update: datetime | None, without: timedelta, at_most: timedelta) -> Times:
        """`without`: how long one counts that does not say its end; `at_most`: one that says a late one.

        Raises ValueError for an end before the beginning.
        """
        if next_update is not None and next_update < this_update:
            raise ValueError("ends before it begins")
        end = next_update if next_update is not None else this_update + without
        return cls(this_update, next_update, min(end, this_update + at_most))

    def untimely(self, now: datetime) -> Status | None:
        """FUTURE or STALE, or None when its time is now."""
        if self.this_update > now + SKEW:
            return Status.FUTURE
        return Status.STALE if self.until < now - SKEW else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one OCSP answer or one CRL says about one certificate."""

    status: Status
    this_update: datetime | None = None
    next_update: datetime | None = None
    """As the answer says."""
    until: datetime | None = None
    """Until when it counts here: next_update, or before."""
    revoked_at: datetime | None = None
    reason: str = ""
    """CRLReason as RFC 5280, 5.3.1 spells it; "" when none is given."""
    detail: str = ""
    """What went wrong on the way, in the user's language; why it is unreadable, for the log and support."""
    demands: str = ""
    """OIDs of what it wants to be obeyed and is not understood here: why it is unreadable, for people."""
    delegate: Certificate | None = None
    """Who has signed it in the issuer's stead, where that one's own revocation must be looked up first."""

    @classmethod
    def at(cls, status: Status, times: Times, revoked_at: datetime | None = None, reason: str = "") -> Answer:
        """An answer with its times."""
        return cls(status, times.this_update, times.next_update, times.until, revoked_at, reason)


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer, and where and when it came from."""

    answer: Answer
    method: str = ""
    """`ocsp` or `crl`; "" when nothing was asked."""
    source: str = ""
    """The address."""
    received: datetime | None = None
    """When it was received, by this computer's clock; None when nothing was."""
    cached: bool = False

    @property
    def status(self) -> Status:
        """The answer's."""
        return self.answer.status

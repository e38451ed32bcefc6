"""Values of Ukey 管理: a token together with what its certificates and seals say."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from xieka.certificate.models import CertificateSummary, Role
from xieka.core.error_view import ErrorView
from xieka.seal.models import SealSummary


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True)


class PinView(_Value):
    """The 口令's state as shown: a number only where the Ukey gives one."""

    state: Literal["normal", "low", "final", "locked", "unset", "unknown"]
    remaining: int | None
    maximum: int | None


class CertificateEntry(_Value):
    """One certificate of a Ukey; `error` instead of `summary` when its bytes cannot be understood."""

    summary: CertificateSummary | None
    error: ErrorView | None

    @property
    def role(self) -> Role | None:
        """What its key is for; None when the certificate does not say."""
        return self.summary.role if self.summary else None


class SealEntry(_Value):
    """One seal of a Ukey by its number (0-based, in the Ukey's order)."""

    number: int
    summary: SealSummary | None
    error: ErrorView | None


HealthKey = Literal[
    "locked", "final", "unset", "expired", "unreadable", "none", "low", "today", "expiring", "not_yet", "valid"
]


class Health(_Value):
    """One thing to say about a Ukey; page and tray have a text for every key."""

    level: Literal["ok", "warn", "error"]
    key: HealthKey
    days: int | None
    """Whole days left, for `expiring` only."""


class Ukey(_Value):
    """One present Ukey."""

    id: str
    holder: str
    """Who it belongs to: the signing certificate's subject, else any certificate's, else the token label."""
    label: str
    serial: str
    manufacturer: str
    model: str
    driver: str
    driver_name: str
    practice: bool
    pin: PinView
    health: Health
    """The most urgent thing (health.py)."""
    reminders: int
    """How many different things want attention."""
    certificates: list[CertificateEntry]
    seals: list[SealEntry]


class Comparable(_Value):
    """A certificate on a present Ukey that another one can be compared with."""

    sha256: str
    name: str
    """Where it is, for people."""
    subject: str
    not_before: datetime
    not_after: datetime


class DriverProblem(_Value):
    """A driver that is missing, crashed or does not answer."""

    driver: str
    driver_name: str
    error: ErrorView


class UkeyList(_Value):
    """The whole state of the page Ukey 管理."""

    reading: bool
    current: str | None
    """Id of the Ukey being managed; None when none is present."""
    remembered: str | None
    """Id the user chose to prefer, present or not."""
    tokens: list[Ukey]
    problems: list[DriverProblem]

"""Values of the token room. Bytes stay raw here: certificates and seals are understood in their own rooms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xieka.core.errors import ErrorBody


class PinState(StrEnum):
    """What the module lets us know about the user PIN's retry counter (PKCS#11 v2.40, CK_TOKEN_INFO flags)."""

    NORMAL = "normal"
    """The module reports trouble by flags and reports none now."""
    LOW = "low"
    """CKF_USER_PIN_COUNT_LOW: wrong at least once since the last right one."""
    FINAL = "final"
    """CKF_USER_PIN_FINAL_TRY: the next wrong PIN locks."""
    LOCKED = "locked"
    """CKF_USER_PIN_LOCKED."""
    UNSET = "unset"
    """CKF_USER_PIN_INITIALIZED is absent: the issuer has not set a user PIN."""
    UNKNOWN = "unknown"
    """The module tells nothing."""


@dataclass(frozen=True, slots=True)
class PinHealth:
    """State of the retry counter; a number only where the module gives one (SKF does, PKCS#11 does not)."""

    state: PinState
    remaining: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class TokenCertificate:
    """An X.509 certificate object on a token."""

    der: bytes
    """CKA_VALUE, untouched."""
    label: str
    object_id: str
    """CKA_ID as lower-case hex; a private key with the same id belongs to it."""


@dataclass(frozen=True, slots=True)
class TokenData:
    """A public data object (CKO_DATA): seals live here."""

    label: str
    application: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """One present token with all it shows without a PIN; its texts are safe to show."""

    id: str
    """`driver:serial` (with `#n` behind it should one driver show a serial twice); stable across re-plugging."""
    ref: str
    """What the driver's worker calls it: the part of `id` behind the driver, as the token tells it; not for people."""
    driver: str
    driver_name: str
    label: str
    serial: str
    manufacturer: str
    model: str
    pin: PinHealth
    practice: bool
    certificates: tuple[TokenCertificate, ...]
    data: tuple[TokenData, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a driver the user should know: it is missing, crashed, or does not answer."""

    driver: str
    driver_name: str
    error: ErrorBody


@dataclass(frozen=True, slots=True)
class TokenList:
    """What is known now. Tokens stand in the order they were inserted (slot order at the start)."""

    tokens: tuple[Token, ...]
    problems: tuple[Problem, ...]
    reading: bool
    """True while at least one driver has not answered its first (or a forced) reading yet."""

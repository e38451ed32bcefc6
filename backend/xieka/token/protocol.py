"""What a token module can do (the seam between vendors' interfaces and the rest) and what it answers.

Used inside the worker process, so it imports nothing heavy; the values are plain JSON.
"""

from __future__ import annotations

from typing import Literal, Protocol, TypedDict


class ModuleError(Exception):
    """A module refused: its return value (a CKR_ code, see ckr.py) and the function that gave it."""

    def __init__(self, rv: int, at: str) -> None:
        super().__init__(f"{at} 0x{rv:x}")
        self.rv = rv
        self.at = at


class TokenInfo(TypedDict):
    """A present, initialised token, without its contents."""

    ref: str
    """Its serial number, with `#2`, `#3` … behind when the module shows that serial more than once."""
    slot: int
    """Good for the next call only: slot ids change."""
    serial: str
    label: str
    manufacturer: str
    model: str
    flags: int
    """CK_TOKEN_INFO.flags."""
    pin_min: int
    pin_max: int


class Listing(TypedDict):
    """Who is there: the readable tokens in slot order, and the errors of tokens that tell nothing of themselves."""

    tokens: list[TokenInfo]
    unreadable: list[int]


class CertificateObject(TypedDict):
    """One CKO_CERTIFICATE of type X.509; `der` is base64."""

    der: str
    label: str
    id: str


class DataObject(TypedDict):
    """One public CKO_DATA; `value` is base64."""

    label: str
    application: str
    value: str


class Contents(TypedDict):
    """All a token shows without a PIN."""

    certificates: list[CertificateObject]
    data: list[DataObject]


Step = Literal["check", "login", "set", "confirm", "done"]


class Presentation(TypedDict):
    """How far a PIN operation came. `check`: the PIN was not presented to the token."""

    step: Step
    """The step that ended it; `done` when all went well."""
    rv: int
    """Return value of that step; 0 for `done` and for a refusal by state in `check`."""
    token: TokenInfo | None
    """The token looked up again afterwards (fresh retry flags); None when it is no longer there."""


class TokenModule(Protocol):
    """One vendor interface to its tokens. Not thread-safe: the worker calls it from its only thread."""

    def tokens(self) -> Listing:
        """The tokens that are there now, asked anew. Raises ModuleError."""
        ...

    def contents(self, token: TokenInfo) -> Contents:
        """Certificates and public data of a token of the last listing. Raises ModuleError."""
        ...

    def verify_pin(self, ref: str, pin: str, last_try: bool) -> Presentation:
        """Present the user PIN once and log out again.

        Nothing is presented when the token is gone, locked, has no user PIN, or has one try left and
        `last_try` is false.
        """
        ...

    def change_pin(self, ref: str, old: str, new: str, last_try: bool) -> Presentation:
        """Present the old PIN once to set the new one, then prove the new one by a login."""
        ...

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
    """Its serial number, with `#1`, `#2` … behind when the module shows that serial more than once.

    `slot-N` when it has none.
    """
    slot: int
    """Good for the next call only: slot ids change."""
    serial: str
    label: str
    manufacturer: str
    model: str
    flags: int
    """CK_TOKEN_INFO.flags."""


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


class SignRequest(TypedDict):
    """What to sign, and with which key."""

    algorithm: str
    """A key of `mechanisms.ALGORITHMS`."""
    public: str
    """The public key, base64: the modulus (RSA) or the uncompressed point (EC), without leading zeros or a wrapping."""
    ids: list[str]
    """CKA_ID of the certificate objects, hex; the private key has one of them on a well-made token."""
    data: str
    """Base64."""


Step = Literal["check", "login", "set", "confirm", "context", "sign", "done"]


class Presentation(TypedDict):
    """How far a PIN operation came.

    `check`: no PIN was presented to the token. `login`, `set`: the call that failed. `confirm`: the new PIN was set
    and then not proven. `context`, `sign`: the login was accepted; then the key did not take the PIN, or nothing was
    signed.
    """

    step: Step
    """The step that ended it; `done` when all went well."""
    rv: int
    """Return value of that step; 0 for `done` and for a refusal by state in `check`."""
    token: TokenInfo | None
    """The token looked up again afterwards (fresh retry flags); None when it is no longer there."""


class Signing(Presentation):
    """How far a signature came."""

    signature: str
    """Base64, as the mechanism gives it; empty unless `step` is `done`."""


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

    def sign(self, ref: str, pin: str, request: SignRequest, last_try: bool) -> Signing:
        """Present the user PIN once, sign with the private key that belongs to `request.public`, log out again.

        Nothing is presented when `verify_pin` would not, or when the token has no mechanism for it. A key with
        CKA_ALWAYS_AUTHENTICATE gets the same PIN once more, for itself, after the login has been accepted.
        """
        ...

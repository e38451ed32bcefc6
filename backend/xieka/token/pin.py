"""The rules of 口令, as tables: what is refused before the token is touched, and what its answers mean.

No input or output here. Requirements: REQ-095…098 and D-13; PKCS #11 v2.40 for the return values.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.token import ckr
from xieka.token.models import PinHealth, PinState
from xieka.token.protocol import Step

MIN_LENGTH: Final = 8
MAX_LENGTH: Final = 16
"""Characters of a new PIN, inclusive (REQ-097); the current one may have any length (REQ-098)."""


class Outcome(StrEnum):
    """What a return value says about one step."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    LOCKED = "locked"
    UNSET = "unset"
    REFUSED = "refused"
    """The new PIN does not please the token."""
    UNTOUCHED = "untouched"
    """The call was not carried out at all."""
    NO_KEY = "no key"
    NO_SIGNING = "no signing"
    """The key is there and not for signatures."""
    NO_MECHANISM = "no mechanism"
    REMOVED = "removed"
    FAILED = "failed"
    """Anything else: nobody knows what the token has done."""


# Before a PIN is presented: the token's state → error; states not listed let it pass.
_BEFORE: Final[Mapping[PinState, str]] = {
    PinState.UNSET: "E-PIN-07",
    PinState.LOCKED: "E-PIN-02",
    PinState.FINAL: "E-PIN-03",  # passes when the user has confirmed the last try
}

# What an answer means; values not listed mean FAILED.
_UNTOUCHED: Final[Mapping[int, Outcome]] = dict.fromkeys(
    (
        ckr.ARGUMENTS_BAD,
        ckr.FUNCTION_NOT_SUPPORTED,
        ckr.SESSION_COUNT,
        ckr.SESSION_READ_ONLY,
        ckr.TOKEN_WRITE_PROTECTED,
        ckr.USER_NOT_LOGGED_IN,
    ),
    Outcome.UNTOUCHED,
)
_LOGIN: Final[Mapping[int, Outcome]] = {
    **_UNTOUCHED,
    ckr.OK: Outcome.ACCEPTED,
    ckr.PIN_INCORRECT: Outcome.WRONG,
    ckr.PIN_INVALID: Outcome.WRONG,
    ckr.PIN_LEN_RANGE: Outcome.WRONG,
    ckr.PIN_LOCKED: Outcome.LOCKED,
    ckr.USER_PIN_NOT_INITIALIZED: Outcome.UNSET,
    ckr.DEVICE_REMOVED: Outcome.REMOVED,
    ckr.TOKEN_NOT_PRESENT: Outcome.REMOVED,
}
_SET: Final[Mapping[int, Outcome]] = {
    **_LOGIN,
    ckr.PIN_INVALID: Outcome.REFUSED,
    ckr.PIN_LEN_RANGE: Outcome.REFUSED,
    ckr.PIN_TOO_WEAK: Outcome.REFUSED,
    ckr.DATA_INVALID: Outcome.REFUSED,
    ckr.DATA_LEN_RANGE: Outcome.REFUSED,
}
_CHECK: Final[Mapping[int, Outcome]] = {
    ckr.DEVICE_REMOVED: Outcome.REMOVED,
    ckr.TOKEN_NOT_PRESENT: Outcome.REMOVED,
    ckr.MECHANISM_INVALID: Outcome.NO_MECHANISM,
}
_SIGN: Final[Mapping[int, Outcome]] = {
    **_CHECK,
    ckr.KEY_HANDLE_INVALID: Outcome.NO_KEY,
    ckr.KEY_FUNCTION_NOT_PERMITTED: Outcome.NO_SIGNING,
}
_MEANING: Final[Mapping[Step, Mapping[int, Outcome]]] = {
    "check": _CHECK,
    "login": _LOGIN,
    "set": _SET,
    "confirm": _LOGIN,
    "context": _LOGIN,
    "sign": _SIGN,
}

# Step and outcome → error. After a removal in the middle nobody can say what the token still did.
_ERROR: Final[Mapping[tuple[Step, Outcome], str]] = {
    ("check", Outcome.REMOVED): "E-TOK-01",
    ("check", Outcome.FAILED): "E-TOK-08",
    ("check", Outcome.NO_MECHANISM): "E-SIG-05",
    ("login", Outcome.LOCKED): "E-PIN-02",
    ("login", Outcome.UNSET): "E-PIN-07",
    ("login", Outcome.REMOVED): "E-TOK-01b",
    ("login", Outcome.UNTOUCHED): "E-TOK-08",
    # A device that fails in the middle may have counted the try all the same.
    ("login", Outcome.FAILED): "E-PIN-08",
    ("set", Outcome.LOCKED): "E-PIN-02",
    ("set", Outcome.UNSET): "E-PIN-07",
    ("set", Outcome.REFUSED): "E-PIN-06",
    ("set", Outcome.UNTOUCHED): "E-TOK-08",
    ("set", Outcome.REMOVED): "E-PIN-05",
    # Likewise it may have changed the PIN.
    ("set", Outcome.FAILED): "E-PIN-05",
    # The new PIN was set and then not proven: whatever the reason, the user has to find out which one holds.
    ("confirm", Outcome.WRONG): "E-PIN-05",
    ("confirm", Outcome.LOCKED): "E-PIN-05",
    ("confirm", Outcome.UNSET): "E-PIN-05",
    ("confirm", Outcome.UNTOUCHED): "E-PIN-05",
    ("confirm", Outcome.REMOVED): "E-PIN-05",
    ("confirm", Outcome.FAILED): "E-PIN-05",
    # The token has just accepted this PIN; a key that does not has one of its own.
    ("context", Outcome.WRONG): "E-SIG-08",
    ("context", Outcome.LOCKED): "E-SIG-08",
    ("context", Outcome.UNSET): "E-SIG-08",
    ("context", Outcome.UNTOUCHED): "E-SIG-06",
    ("context", Outcome.REMOVED): "E-TOK-01b",
    ("context", Outcome.FAILED): "E-PIN-08",
    # The PIN was accepted, so no try is in doubt.
    ("sign", Outcome.NO_KEY): "E-SIG-02",
    ("sign", Outcome.NO_SIGNING): "E-SIG-03",
    ("sign", Outcome.NO_MECHANISM): "E-SIG-05",
    ("sign", Outcome.REMOVED): "E-TOK-01",
    ("sign", Outcome.FAILED): "E-SIG-06",
}

# A wrong PIN → error by the state that it left behind.
_WRONG: Final[Mapping[PinState, str]] = {
    PinState.NORMAL: "E-PIN-01",
    PinState.UNKNOWN: "E-PIN-01",
    PinState.UNSET: "E-PIN-01",
    PinState.LOW: "E-PIN-01b",
    PinState.FINAL: "E-PIN-01b",
    PinState.LOCKED: "E-PIN-02",
}


def check_current(pin: Secret) -> None:
    """Raises V-PIN-00 for an empty current PIN."""
    if len(pin) == 0:
        raise XiekaError("V-PIN-00")


def check_new(old: Secret, new: Secret) -> None:
    """The rules of a new PIN. Raises V-PIN-05 (characters), V-PIN-01/02 (length), V-PIN-04 (same as before)."""
    if not all(" " <= character <= "~" for character in new.reveal()):
        raise XiekaError("V-PIN-05")
    if len(new) < MIN_LENGTH:
        raise XiekaError("V-PIN-01", k=len(new))
    if len(new) > MAX_LENGTH:
        raise XiekaError("V-PIN-02", k=len(new))
    if old == new:
        raise XiekaError("V-PIN-04")


def check_state(health: PinHealth, *, proven_wrong: bool, last_try: bool) -> None:
    """Whether a PIN may be presented now. Raises E-PIN-07, E-PIN-02, E-PIN-04 or E-PIN-03."""
    code = _BEFORE.get(health.state)
    if proven_wrong and health.state not in (PinState.UNSET, PinState.LOCKED):
        raise XiekaError("E-PIN-04")
    if code and not (health.state is PinState.FINAL and last_try):
        raise XiekaError(code)


def reset_elsewhere(before: PinState | None, after: PinState) -> bool:
    """Whether someone else has been at the PIN between two looks, so that one refused before may be right now.

    Only a new PIN leads out of the first two states. A low count that is full again has seen the right PIN, or a
    new one.
    """
    if before in (PinState.LOCKED, PinState.UNSET):
        return after is not before
    return before in (PinState.LOW, PinState.FINAL) and after is PinState.NORMAL


def outcome(step: Step, rv: int, *, present: bool) -> Outcome:
    """What the answer of a step means. `present`: whether the token was still listed afterwards.

    Modules answer a removal with all kinds of errors, even with a wrong PIN; only what is still there can have
    said something about its PIN.
    """
    meaning = _MEANING[step].get(rv, Outcome.FAILED)
    return meaning if present or meaning is Outcome.ACCEPTED else Outcome.REMOVED


def error(step: Step, result: Outcome, rv: int, health: PinHealth) -> XiekaError:
    """The error of a step that was not accepted; `health` is the state afterwards."""
    if result is Outcome.WRONG and step in ("login", "set"):
        if health.remaining:
            return XiekaError("E-PIN-01n", n=health.remaining)
        return XiekaError("E-PIN-02" if health.remaining == 0 else _WRONG[health.state])
    return XiekaError(_ERROR[step, result], detail=f"0x{rv:X}")


class ProvenWrong:
    """The PINs that each token has refused in this run of the program, as fingerprints under a key of this run.

    By token id: what one token has refused says nothing about another, even of the same serial number. A key with a
    PIN of its own goes by a name of its own.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._tokens: dict[str, set[bytes]] = {}

    def add(self, token_id: str, pin: Secret) -> None:
        """The token has just refused this PIN."""
        with self._lock:
            self._tokens.setdefault(token_id, set()).add(pin.fingerprint(self._key))

    def has(self, token_id: str, pin: Secret) -> bool:
        """Whether presenting it again would only cost a try."""
        with self._lock:
            return pin.fingerprint(self._key) in self._tokens.get(token_id, ())

    def forget(self, token_id: str) -> None:
        """The token's PIN may be another one now, or the token itself."""
        with self._lock:
            self._tokens.pop(token_id, None)

"""PKCS#11 tokens through python-pkcs11, with its gaps bridged by a few direct calls (raw.py).

The hazards of the binding and of vendors' libraries are handled by construction: one thread; a new session for
every call, after C_GetSlotInfo and a comparison of the serial number; the login apart from the opening, so that it is
known whether a PIN has gone out; all sessions of the slot closed at the end, whatever happened. Objects are read by
raw.py, which takes texts in GBK and classes of vendors as they come.
"""

from __future__ import annotations

import re
import time
from binascii import b2a_base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from xieka.core.text import decode_chinese
from xieka.token import ckr
from xieka.token.modules import raw, signing
from xieka.token.modules.quick_import import import_pkcs11
from xieka.token.protocol import (
    CertificateObject,
    Contents,
    DataObject,
    Listing,
    ModuleError,
    Presentation,
    Signing,
    SignRequest,
    Step,
    TokenInfo,
)

pkcs11 = import_pkcs11()

T = TypeVar("T")

_ATTEMPTS = 5
"""How often the slot list may shrink under us before we give up."""

_STEPS: dict[str, Step] = {
    "C_Login": "login",
    "C_SetPIN": "set",
    # These are called under a PIN that was accepted.
    raw.CONTEXT_LOGIN: "context",
    "C_FindObjectsInit": "sign",
    "C_FindObjects": "sign",
    "C_SignInit": "sign",
    "C_Sign": "sign",
}
"""Where a PIN is presented, or has been; a failure anywhere else means that none has gone to the token."""


class Pkcs11Module:
    """`protocol.TokenModule` over one PKCS#11 library. Raises ModuleError when the library cannot be used."""

    def __init__(self, path: str, reinitialize: bool) -> None:
        self._library = _call("C_Initialize", lambda: pkcs11.lib(path))
        try:
            self._raw = raw.RawModule(path)
        except OSError:
            raise ModuleError(ckr.GENERAL_ERROR, "dlopen") from None
        self._reinitialize = reinitialize
        self._fresh = True

    def tokens(self) -> Listing:
        """See `TokenModule.tokens`."""
        if self._reinitialize and not self._fresh:
            try:
                self._library.reinitialize()
            except pkcs11.PKCS11Error:
                # C_Finalize failed, after which the binding counts the library as finalised.
                _call("C_Initialize", self._library.initialize)
        self._fresh = False
        return self._raw.tokens()

    def contents(self, token: TokenInfo) -> Contents:
        """See `TokenModule.contents`."""
        with self._session(token) as session:
            certificates = self._raw.objects(
                session.handle, raw.CLASS_CERTIFICATE, raw.VALUE, raw.LABEL, raw.ID, raw.CERTIFICATE_TYPE
            )
            data = self._raw.objects(session.handle, raw.CLASS_DATA, raw.VALUE, raw.LABEL, raw.APPLICATION)
        # Sorted, because libraries find the same objects in another order every time.
        return {
            "certificates": sorted(
                (
                    CertificateObject(
                        der=_base64(found[raw.VALUE]),
                        label=decode_chinese(found.get(raw.LABEL, b"")),
                        id=found.get(raw.ID, b"").hex(),
                    )
                    for found in certificates
                    # CKC_X_509 is 0; some modules do not tell the type at all.
                    if found.get(raw.VALUE) and not any(found.get(raw.CERTIFICATE_TYPE, b""))
                ),
                key=lambda item: (item["id"], item["label"], item["der"]),
            ),
            "data": sorted(
                (
                    DataObject(
                        label=decode_chinese(found.get(raw.LABEL, b"")),
                        application=decode_chinese(found.get(raw.APPLICATION, b"")),
                        value=_base64(found[raw.VALUE]),
                    )
                    for found in data
                    if found.get(raw.VALUE)
                ),
                key=lambda item: (item["label"], item["application"], item["value"]),
            ),
        }

    def verify_pin(self, ref: str, pin: str, last_try: bool) -> Presentation:
        """See `TokenModule.verify_pin`."""
        token = self._find(ref)
        if token is None or not _may_present(token, last_try):
            return {"step": "check", "rv": ckr.OK, "token": token}
        return self._outcome(ref, lambda: self._login(token, pin))

    def change_pin(self, ref: str, old: str, new: str, last_try: bool) -> Presentation:
        """See `TokenModule.change_pin`."""
        token = self._find(ref)
        if token is None or not _may_present(token, last_try):
            return {"step": "check", "rv": ckr.OK, "token": token}
        change = self._outcome(ref, lambda: self._set_pin(token, old, new))
        if change["step"] == "set" and change["rv"] == ckr.USER_NOT_LOGGED_IN:
            # This module wants a login first. It refused before looking at the PIN, so nothing was counted.
            change = self._outcome(ref, lambda: self._set_pin(token, old, new, login=True))
        if change["step"] != "done":
            return change
        proof = self._outcome(ref, lambda: self._login(token, new))
        return proof if proof["step"] == "done" else {**proof, "step": "confirm"}

    def sign(self, ref: str, pin: str, request: SignRequest, last_try: bool) -> Signing:
        """See `TokenModule.sign`."""
        token = self._find(ref)
        if token is None or not _may_present(token, last_try):
            return {"step": "check", "rv": ckr.OK, "token": token, "signature": ""}
        signatures: list[bytes] = []

        def once() -> None:
            with self._session(token) as session:
                signatures.append(signing.sign(self._raw, token["slot"], session.handle, request, pin))

        told = self._outcome(ref, once)
        return {**told, "signature": _base64(signatures[0]) if signatures else ""}

    def _find(self, ref: str) -> TokenInfo | None:
        return next((token for token in self.tokens()["tokens"] if token["ref"] == ref), None)

    def _login(self, token: TokenInfo, pin: str) -> None:
        with self._session(token) as session:
            self._raw.login(session.handle, pin)
            self._raw.logout(session.handle)

    def _set_pin(self, token: TokenInfo, old: str, new: str, login: bool = False) -> None:
        with self._session(token, rw=True) as session:
            if login:
                self._raw.login(session.handle, old)
            _call("C_SetPIN", lambda: session.set_pin(old, new))

    def _outcome(self, ref: str, action: Callable[[], None]) -> Presentation:
        """Do it once, then look the token up again: for fresh retry flags, and to tell failure from removal."""
        step: Step = "done"
        rv = ckr.OK
        try:
            action()
        except ModuleError as error:
            step, rv = _STEPS.get(error.at, "check"), error.rv
        try:
            token = self._find(ref)
        except ModuleError:
            token = None
        return {"step": step, "rv": rv, "token": token}

    @contextmanager
    def _session(self, token: TokenInfo, rw: bool = False) -> Iterator[Any]:
        """A new session on exactly this token; ModuleError TOKEN_NOT_PRESENT when another one is in its place."""
        slot = token["slot"]
        present = _call("C_GetTokenInfo", self._slot(slot).get_token)
        if decode_chinese(present.serial) != token["serial"]:
            raise ModuleError(ckr.TOKEN_NOT_PRESENT, "C_GetTokenInfo")
        # A login left over from before would let any PIN pass or fail.
        self._raw.close_all_sessions(slot)
        try:
            session = _call("C_OpenSession", lambda: present.open(rw=rw))
            try:
                yield session
            finally:
                _quietly(session.close)
        finally:
            self._raw.close_all_sessions(slot)

    def _slot(self, slot_id: int) -> Any:
        """The binding's object for a slot. Its listing fails when a token leaves in the middle; ask again."""
        for attempt in range(_ATTEMPTS):
            try:
                slots = _call("C_GetSlotList", lambda: self._library.get_slots(token_present=True))
            except ModuleError as error:
                if attempt == _ATTEMPTS - 1 or error.rv not in (ckr.SLOT_ID_INVALID, *ckr.REMOVED):
                    raise
                time.sleep(0.005)
            else:
                for slot in slots:
                    if slot.slot_id == slot_id:
                        return slot
                break
        raise ModuleError(ckr.TOKEN_NOT_PRESENT, "C_GetSlotList")


def _may_present(token: TokenInfo, last_try: bool) -> bool:
    """The last moment's look at the retry flags; the client tells the user why (pin.check_state)."""
    state = ckr.pin_state(token["flags"], reported=False)
    return state in ("unknown", "low") or (state == "final" and last_try)


def _base64(value: bytes) -> str:
    return b2a_base64(value, newline=False).decode("ascii")


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except pkcs11.PKCS11Error:
        pass


def _call(at: str, action: Callable[[], T]) -> T:
    """Run and turn the binding's exceptions, which carry no number, into ModuleError with the CKR_ code."""
    try:
        return action()
    except pkcs11.PKCS11Error as error:
        raise ModuleError(_rv(error), at) from None


_RENAMED = {
    "AnotherUserAlreadyLoggedIn": ckr.USER_ANOTHER_ALREADY_LOGGED_IN,
    "SlotIDInvalid": ckr.SLOT_ID_INVALID,
    "TokenNotRecognised": ckr.TOKEN_NOT_RECOGNIZED,
}
"""Exceptions of the binding that are not named as the standard names the value."""


def _rv(error: Exception) -> int:
    """CKR_ code of a python-pkcs11 exception: from its class name, or from the text of an unmapped one."""
    name = type(error).__name__
    if name in _RENAMED:
        return _RENAMED[name]
    unmapped = re.search(r"error code 0x([0-9a-f]+)", str(error))
    if unmapped:
        return int(unmapped[1], 16)
    # PinLenRange -> PIN_LEN_RANGE
    return int(getattr(ckr, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper(), ckr.GENERAL_ERROR))

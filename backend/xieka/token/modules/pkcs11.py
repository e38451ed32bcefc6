"""PKCS#11 tokens through python-pkcs11, with its gaps bridged by a few direct calls (raw.py).

The hazards of the binding and of vendors' libraries are handled by construction: one thread; a new session for
every call, after C_GetSlotInfo and a comparison of the serial number; all sessions of the slot closed at the end,
also after a wrong PIN; searches read to their end before the next begins.
"""

from __future__ import annotations

import re
import struct
import time
from binascii import b2a_base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from xieka.token import ckr
from xieka.token.modules.quick_import import import_pkcs11
from xieka.token.modules.raw import RawModule
from xieka.token.modules.text import decode
from xieka.token.protocol import (
    CertificateObject,
    Contents,
    DataObject,
    Listing,
    ModuleError,
    Presentation,
    Step,
    TokenInfo,
)

pkcs11 = import_pkcs11()

# Imported after the package, whose own import is made quick above.
from pkcs11.attributes import AttributeMapper  # noqa: E402
from pkcs11.constants import Attribute, CertificateType, ObjectClass  # noqa: E402

T = TypeVar("T")

_ATTEMPTS = 5
"""How often the slot list may shrink under us before we give up."""

_BEFORE_PRESENTATION = ("C_GetSlotList", "C_GetTokenInfo")
"""A failure in one of these means that the PIN has not gone to the token."""


class TolerantMapper(AttributeMapper):  # type: ignore[misc]
    """Takes what the standard mapper refuses: GBK texts, vendor classes and types, booleans of odd sizes."""

    def __init__(self) -> None:
        super().__init__()
        for attribute in (Attribute.LABEL, Attribute.APPLICATION):
            self.register_handler(attribute, str.encode, decode)

    def unpack_attributes(self, key: Attribute, value: bytes) -> Any:
        """The value as Python has it; a number or the bare bytes where it has no word for it."""
        try:
            return super().unpack_attributes(key, value)
        except (ValueError, NotImplementedError, struct.error):
            numbers = (Attribute.CLASS, Attribute.KEY_TYPE, Attribute.CERTIFICATE_TYPE)
            return int.from_bytes(value, "little") if key in numbers else bytes(value)


class Pkcs11Module:
    """`protocol.TokenModule` over one PKCS#11 library. Raises ModuleError when the library cannot be used."""

    def __init__(self, path: str, reinitialize: bool) -> None:
        self._library = _call("C_Initialize", lambda: pkcs11.lib(path))
        try:
            self._raw = RawModule(path)
        except OSError:
            raise ModuleError(ckr.GENERAL_ERROR, "dlopen") from None
        self._reinitialize = reinitialize
        self._fresh = True
        self._mapper = TolerantMapper()

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
            certificates = self._objects(session, ObjectClass.CERTIFICATE, Attribute.ID, Attribute.CERTIFICATE_TYPE)
            data = self._objects(session, ObjectClass.DATA, Attribute.APPLICATION)
        return {
            "certificates": [
                CertificateObject(
                    der=_base64(found[Attribute.VALUE]),
                    label=found.get(Attribute.LABEL, ""),
                    id=bytes(found.get(Attribute.ID, b"")).hex(),
                )
                for found in certificates
                if found.get(Attribute.CERTIFICATE_TYPE, CertificateType.X_509) == CertificateType.X_509
            ],
            "data": [
                DataObject(
                    label=found.get(Attribute.LABEL, ""),
                    application=found.get(Attribute.APPLICATION, ""),
                    value=_base64(found[Attribute.VALUE]),
                )
                for found in data
            ],
        }

    def verify_pin(self, ref: str, pin: str, last_try: bool) -> Presentation:
        """See `TokenModule.verify_pin`."""
        token = self._find(ref)
        if token is None or not _may_present(token, last_try):
            return {"step": "check", "rv": ckr.OK, "token": token}
        return self._outcome(ref, "login", lambda: self._login(token, pin))

    def change_pin(self, ref: str, old: str, new: str, last_try: bool) -> Presentation:
        """See `TokenModule.change_pin`."""
        token = self._find(ref)
        if token is None or not _may_present(token, last_try):
            return {"step": "check", "rv": ckr.OK, "token": token}
        change = self._outcome(ref, "set", lambda: self._set_pin(token, old, new))
        if change["step"] == "set" and change["rv"] == ckr.USER_NOT_LOGGED_IN:
            # This module wants a login first. It refused before looking at the PIN, so nothing was counted.
            change = self._outcome(ref, "set", lambda: self._set_pin(token, old, new, login=True))
        if change["step"] != "done":
            return change
        return self._outcome(ref, "confirm", lambda: self._login(token, new))

    def _find(self, ref: str) -> TokenInfo | None:
        return next((token for token in self.tokens()["tokens"] if token["ref"] == ref), None)

    def _login(self, token: TokenInfo, pin: str) -> None:
        with self._session(token, user_pin=pin):
            pass

    def _set_pin(self, token: TokenInfo, old: str, new: str, login: bool = False) -> None:
        with self._session(token, rw=True, **({"user_pin": old} if login else {})) as session:
            _call("C_SetPIN", lambda: session.set_pin(old, new))

    def _outcome(self, ref: str, step: Step, action: Callable[[], None]) -> Presentation:
        """Do it once, then look the token up again: for fresh retry flags, and to tell failure from removal."""
        rv = ckr.OK
        try:
            action()
        except ModuleError as error:
            rv = error.rv
            if step != "confirm" and error.at in _BEFORE_PRESENTATION:
                step = "check"
        try:
            token = self._find(ref)
        except ModuleError:
            token = None
        return {"step": "done" if rv == ckr.OK else step, "rv": rv, "token": token}

    @contextmanager
    def _session(self, token: TokenInfo, **options: Any) -> Iterator[Any]:
        """A new session on exactly this token; ModuleError TOKEN_NOT_PRESENT when another one is in its place."""
        slot = token["slot"]
        present = _call("C_GetTokenInfo", self._slot(slot).get_token)
        if decode(present.serial) != token["serial"]:
            raise ModuleError(ckr.TOKEN_NOT_PRESENT, "C_GetTokenInfo")
        # A login left over from before would let any PIN pass or fail.
        self._raw.close_all_sessions(slot)
        try:
            session = _call("C_Login", lambda: present.open(attribute_mapper=self._mapper, **options))
            yield session
            # C_Logout if logged in, C_CloseSession; what fails here is finished below.
            _quietly(session.close)
        finally:
            # The binding forgets the session of a failed login; real tokens have few to lose.
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

    def _objects(self, session: Any, kind: ObjectClass, *more: Attribute) -> list[dict[Attribute, Any]]:
        """The wanted attributes of all objects of a class that have a value."""
        wanted = (Attribute.CLASS, Attribute.VALUE, Attribute.LABEL, *more)
        # The whole list first: one search at a time per session. Some modules ignore the template, so look again.
        objects = _call("C_FindObjects", lambda: list(session.get_objects({Attribute.CLASS: kind})))
        found = []
        for item in objects:
            try:
                values = item.get_attributes(wanted)
            except pkcs11.PKCS11Error:
                continue  # one unreadable object must not hide the others
            if values.get(Attribute.CLASS) == kind and values.get(Attribute.VALUE):
                found.append(values)
        return found


def _may_present(token: TokenInfo, last_try: bool) -> bool:
    """The last moment's look at the retry flags; the client tells the user why (pin.refusal)."""
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


def _rv(error: Exception) -> int:
    """CKR_ code of a python-pkcs11 exception: from its class name, or from the text of an unmapped one."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).upper()
    name = name.replace("RECOGNISED", "RECOGNIZED").replace("SLOT_IDINVALID", "SLOT_ID_INVALID")
    unmapped = re.search(r"error code 0x([0-9a-f]+)", str(error))
    return getattr(ckr, name, None) or (int(unmapped[1], 16) if unmapped else ckr.GENERAL_ERROR)

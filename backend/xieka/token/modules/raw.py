"""Direct calls on a PKCS#11 library, for what python-pkcs11 lacks or does too slowly.

It lacks C_CloseAllSessions and a login on an open session; its slot list fails when a token leaves between the two
calls; it reads an object in four calls (a real Ukey answers each over USB) and builds a class for it, where one call
will do.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from typing import Final

from xieka.core.text import decode_chinese
from xieka.token import ckr
from xieka.token.modules import cryptoki
from xieka.token.modules.cryptoki import ULONG, UNAVAILABLE, Library
from xieka.token.protocol import Listing, ModuleError, TokenInfo

CLASS: Final = 0x000
LABEL: Final = 0x003
APPLICATION: Final = 0x010
VALUE: Final = 0x011
CERTIFICATE_TYPE: Final = 0x080
ID: Final = 0x102
SIGN: Final = 0x108
MODULUS: Final = 0x120
EC_POINT: Final = 0x181
ALWAYS_AUTHENTICATE: Final = 0x202
"""CKA_ numbers."""
CLASS_DATA: Final = 0
CLASS_CERTIFICATE: Final = 1
CLASS_PUBLIC_KEY: Final = 2
CLASS_PRIVATE_KEY: Final = 3
"""CKO_ numbers."""
_USER: Final = 1
_CONTEXT_SPECIFIC: Final = 2
"""CKU_ numbers."""
CONTEXT_LOGIN: Final = "C_Login for the key"
"""Where a login for a key fails (`ModuleError.at`), as against one to the token."""

_ATTEMPTS: Final = 10
"""How often the slot list may grow under us before we give up."""
_SLACK: Final = 4
"""Slots more than told, for one plugged in between the two calls."""
_ROOM: Final = {VALUE: 65536}
"""Bytes first offered for an attribute (others 512); a larger one costs two more calls."""
_ROOM_LIMIT: Final = 16 * 1024 * 1024
_BATCH: Final = 64
_SIGNATURE_ROOM: Final = 2048
"""Bytes offered for a signature; RSA with 16384 bits needs them all."""


class RawModule:
    """The few direct calls. Raises OSError when the library cannot be loaded, ModuleError when it refuses."""

    def __init__(self, path: str) -> None:
        self._library = Library(path)
        # One buffer per attribute for all objects: there is one thread.
        self._room: dict[int, ctypes.Array[ctypes.c_char]] = {}

    def tokens(self) -> Listing:
        """The initialised tokens in slot order. Tokens that leave meanwhile are left out."""
        tokens: list[TokenInfo] = []
        unreadable: list[int] = []
        for slot in self._slots():
            try:
                info = self._token_info(slot)
            except ModuleError as error:
                # A foreign card is nobody's fault, nor is a token that has just left.
                if error.rv not in (*ckr.REMOVED, ckr.TOKEN_NOT_RECOGNIZED, ckr.SLOT_ID_INVALID):
                    unreadable.append(error.rv)
                continue
            if info:
                tokens.append(info)
        _number_twins(tokens)
        return {"tokens": tokens, "unreadable": unreadable}

    def close_all_sessions(self, slot: int) -> None:
        """End every session of this process on the slot, and with them its login. Errors do not matter here."""
        self._library.value("C_CloseAllSessions", slot)

    def login(self, session: int, pin: str) -> None:
        """Present the user PIN once. Raises ModuleError at `C_Login`."""
        self._present(session, _USER, pin, "C_Login")

    def login_for_key(self, session: int, pin: str) -> None:
        """Present the PIN once more, for the operation just begun. Raises ModuleError at `CONTEXT_LOGIN`."""
        self._present(session, _CONTEXT_SPECIFIC, pin, CONTEXT_LOGIN)

    def _present(self, session: int, user: int, pin: str, at: str) -> None:
        buffer = ctypes.create_string_buffer(pin.encode("utf-8"))
        length = len(buffer) - 1  # without the NUL that ctypes adds
        try:
            rv = self._library.value("C_Login", session, user, buffer, length)
        finally:
            ctypes.memset(buffer, 0, length)
        if rv != ckr.OK:
            raise ModuleError(rv, at)

    def logout(self, session: int) -> None:
        """End the login. Errors do not matter: closing the sessions ends it too."""
        self._library.value("C_Logout", session)

    def mechanisms(self, slot: int) -> frozenset[int]:
        """The CKM_ numbers of what the token can do."""
        for _ in range(_ATTEMPTS):
            size = ULONG(0)
            self._library.call("C_GetMechanismList", slot, None, ctypes.byref(size))
            buffer = (ULONG * size.value)()
            rv = self._library.value("C_GetMechanismList", slot, buffer, ctypes.byref(size))
            if rv == ckr.OK:
                return frozenset(buffer[: size.value])
            if rv != ckr.BUFFER_TOO_SMALL:
                raise ModuleError(rv, "C_GetMechanismList")
        raise ModuleError(ckr.BUFFER_TOO_SMALL, "C_GetMechanismList")

    def sign_init(self, session: int, key: int, mechanism: int) -> None:
        """Begin a signature with a mechanism that takes no parameter."""
        chosen = cryptoki.Mechanism(mechanism, None, 0)
        self._library.call("C_SignInit", session, ctypes.byref(chosen), key)

    def sign(self, session: int, data: bytes) -> bytes:
        """Finish it. One call with room enough: being asked for the length first, a token may ask its user twice."""
        buffer, length = ctypes.create_string_buffer(_SIGNATURE_ROOM), ULONG(_SIGNATURE_ROOM)
        self._library.call("C_Sign", session, data, len(data), buffer, ctypes.byref(length))
        return buffer.raw[: length.value]

    def objects(self, session: int, kind: int, *wanted: int) -> list[dict[int, bytes]]:
        """The attributes of all objects of a class, as `find` gives them."""
        return [values for _, values in self.find(session, kind, *wanted)]

    def find(self, session: int, kind: int, *wanted: int) -> list[tuple[int, dict[int, bytes]]]:
        """Handle and attributes of all objects of a class, as bytes; attributes that an object lacks are left out.

        An object that cannot be read is left out, so that it does not hide the others.
        """
        found = []
        for handle in self._search(session, kind):
            values = self._attributes(session, handle, (CLASS, *wanted))
            # Some modules ignore the search template.
            if values and values.get(CLASS) == bytes(ULONG(kind)):
                found.append((handle, values))
        return found

    def _search(self, session: int, kind: int) -> list[int]:
        """Handles of all objects of a class. The search is finished before anything else is asked."""
        value = ULONG(kind)
        template = cryptoki.Attribute(CLASS, ctypes.addressof(value), ctypes.sizeof(value))
        self._library.call("C_FindObjectsInit", session, ctypes.byref(template), 1)
        handles: list[int] = []
        batch, count = (ULONG * _BATCH)(), ULONG(0)
        try:
            while True:
                self._library.call("C_FindObjects", session, batch, _BATCH, ctypes.byref(count))
                handles += batch[: count.value]
                if not count.value:
                    return handles
        finally:
            self._library.value("C_FindObjectsFinal", session)

    def _attributes(self, session: int, handle: int, wanted: tuple[int, ...]) -> dict[int, bytes] | None:
        """Several attributes in one call; None when the object cannot be read."""
        template = (cryptoki.Attribute * len(wanted))()
        for entry, attribute in zip(template, wanted, strict=True):
            room = self._room.get(attribute)
            if room is None:
                room = self._room[attribute] = ctypes.create_string_buffer(_ROOM.get(attribute, 512))
            entry.type, entry.value, entry.length = attribute, ctypes.addressof(room), len(room)
        rv = self._library.value("C_GetAttributeValue", session, handle, template, len(wanted))
        # These three leave the other attributes filled in (PKCS #11 v2.40, C_GetAttributeValue).
        if rv not in (ckr.OK, ckr.ATTRIBUTE_SENSITIVE, ckr.ATTRIBUTE_TYPE_INVALID, ckr.BUFFER_TOO_SMALL):
            return None
        values: dict[int, bytes] = {}
        for entry, attribute in zip(template, wanted, strict=True):
            if entry.length != UNAVAILABLE and entry.length <= len(self._room[attribute]):
                values[attribute] = ctypes.string_at(entry.value, entry.length)
            elif rv == ckr.BUFFER_TOO_SMALL and self._make_room(session, handle, attribute):
                return self._attributes(session, handle, wanted)
        return values

    def _make_room(self, session: int, handle: int, attribute: int) -> bool:
        """Ask how long an attribute is; True when its buffer was too small and has been enlarged."""
        entry = cryptoki.Attribute(attribute, None, 0)
        rv = self._library.value("C_GetAttributeValue", session, handle, ctypes.byref(entry), 1)
        if rv != ckr.OK or not len(self._room[attribute]) < entry.length <= _ROOM_LIMIT:
            return False
        self._room[attribute] = ctypes.create_string_buffer(entry.length)
        return True

    def _slots(self) -> list[int]:
        for _ in range(_ATTEMPTS):
            size = ULONG(0)
            self._library.call("C_GetSlotList", 1, None, ctypes.byref(size))
            size.value += _SLACK
            buffer = (ULONG * size.value)()
            rv = self._library.value("C_GetSlotList", 1, buffer, ctypes.byref(size))
            if rv == ckr.OK:
                return list(buffer[: size.value])
            if rv != ckr.BUFFER_TOO_SMALL:
                raise ModuleError(rv, "C_GetSlotList")
        raise ModuleError(ckr.BUFFER_TOO_SMALL, "C_GetSlotList")

    def _token_info(self, slot: int) -> TokenInfo | None:
        """What the token tells of itself; None when the slot is empty or the token not initialised."""
        # C_GetSlotInfo first: some modules answer later calls from a stale cache until it is called.
        slot_info = cryptoki.SlotInfo()
        self._library.call("C_GetSlotInfo", slot, ctypes.byref(slot_info))
        if not slot_info.flags & ckr.FLAG_TOKEN_PRESENT:
            return None
        info = cryptoki.TokenInfo()
        self._library.call("C_GetTokenInfo", slot, ctypes.byref(info))
        if not info.flags & ckr.FLAG_TOKEN_INITIALIZED:
            return None
        return {
            "ref": decode_chinese(bytes(info.serial)) or f"slot-{slot}",
            "slot": slot,
            "serial": decode_chinese(bytes(info.serial)),
            "label": decode_chinese(bytes(info.label)),
            "manufacturer": decode_chinese(bytes(info.manufacturer)),
            "model": decode_chinese(bytes(info.model)),
            "flags": info.flags,
        }


def _number_twins(tokens: list[TokenInfo]) -> None:
    """Tell tokens with the same serial number apart, all of them.

    None keeps the bare name: when one leaves, what the other is called then must not be a name already known.
    """
    twins = {name for name, count in Counter(token["ref"] for token in tokens).items() if count > 1}
    turn: Counter[str] = Counter()
    for token in tokens:
        name = token["ref"]
        if name in twins:
            turn[name] += 1
            token["ref"] = f"{name}#{turn[name]}"

"""Direct calls on a PKCS#11 library, for what python-pkcs11 lacks or does too slowly.

It lacks C_CloseAllSessions and the PIN lengths of CK_TOKEN_INFO; its slot list fails when a token leaves between the
two calls; it reads an object in four calls (a real Ukey answers each over USB) and builds a class for it, where one
call will do.
"""

from __future__ import annotations

import ctypes
from typing import Final

from xieka.token import ckr
from xieka.token.modules import cryptoki
from xieka.token.modules.cryptoki import ULONG, UNAVAILABLE, Library
from xieka.token.modules.text import decode
from xieka.token.protocol import Listing, ModuleError, TokenInfo

CLASS: Final = 0x000
LABEL: Final = 0x003
APPLICATION: Final = 0x010
VALUE: Final = 0x011
CERTIFICATE_TYPE: Final = 0x080
ID: Final = 0x102
"""CKA_ numbers."""
CLASS_DATA: Final = 0
CLASS_CERTIFICATE: Final = 1
"""CKO_ numbers."""

_SLACK: Final = 4
"""Slots more than told, for one plugged in between the two calls."""
_ROOM: Final = {VALUE: 65536}
"""Bytes first offered for an attribute (others 512); a larger one costs two more calls."""
_ROOM_LIMIT: Final = 16 * 1024 * 1024
_BATCH: Final = 64


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
        seen: dict[str, int] = {}
        for slot in self._slots():
            try:
                info = self._token_info(slot)
            except ModuleError as error:
                # A foreign card is nobody's fault, nor is a token that has just left.
                if error.rv not in (*ckr.REMOVED, ckr.TOKEN_NOT_RECOGNIZED, ckr.SLOT_ID_INVALID):
                    unreadable.append(error.rv)
                continue
            if info:
                name = info["serial"] or f"slot-{slot}"
                seen[name] = seen.get(name, 0) + 1
                info["ref"] = name if seen[name] == 1 else f"{name}#{seen[name]}"
                tokens.append(info)
        return {"tokens": tokens, "unreadable": unreadable}

    def close_all_sessions(self, slot: int) -> None:
        """End every session of this process on the slot, and with them its login. Errors do not matter here."""
        self._library.value("C_CloseAllSessions", slot)

    def objects(self, session: int, kind: int, *wanted: int) -> list[dict[int, bytes]]:
        """The attributes of all objects of a class, as bytes; attributes that an object lacks are left out.

        An object that cannot be read is left out, so that it does not hide the others.
        """
        found = []
        for handle in self._search(session, kind):
            values = self._attributes(session, handle, (CLASS, *wanted))
            # Some modules ignore the search template.
            if values and values.get(CLASS) == bytes(ULONG(kind)):
                found.append(values)
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
        for _ in range(10):
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
            "ref": "",
            "slot": slot,
            "serial": decode(bytes(info.serial)),
            "label": decode(bytes(info.label)),
            "manufacturer": decode(bytes(info.manufacturer)),
            "model": decode(bytes(info.model)),
            "flags": info.flags,
            "pin_min": _length(info.min_pin),
            "pin_max": _length(info.max_pin),
        }


def _length(value: int) -> int:
    """A PIN length, or 0 for the various ways of saying "not told" (CK_UNAVAILABLE_INFORMATION and nonsense)."""
    return value if value <= 1024 else 0

"""Direct calls on a PKCS#11 library through its function list, for what python-pkcs11 lacks.

It lacks C_CloseAllSessions and the PIN lengths of CK_TOKEN_INFO, and its slot list fails when a token leaves
between the two calls. The library must have been initialised by python-pkcs11 before: both share the one
instance that the system's loader keeps per path.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Final

from xieka.token import ckr
from xieka.token.modules.text import decode
from xieka.token.protocol import Listing, ModuleError, TokenInfo

# CK_ULONG is C's unsigned long (4 bytes on Windows, 8 elsewhere); structures are packed to 1 byte on Windows only
# (PKCS #11 v2.40, section 2.1).
_ULONG = ctypes.c_ulong
_PACK: Final = {"_pack_": 1} if sys.platform == "win32" else {}
_CHARS = ctypes.c_ubyte
_SLACK: Final = 4  # slots more than told, for one plugged in between the two calls


def _structure(name: str, fields: list[tuple[str, Any]]) -> Any:
    return type(name, (ctypes.Structure,), {**_PACK, "_fields_": fields})


_Version = _structure("CK_VERSION", [("major", ctypes.c_ubyte), ("minor", ctypes.c_ubyte)])
_SlotInfo = _structure(
    "CK_SLOT_INFO",
    [
        ("description", _CHARS * 64),
        ("manufacturer", _CHARS * 32),
        ("flags", _ULONG),
        ("hardware", _Version),
        ("firmware", _Version),
    ],
)
_TokenInfo = _structure(
    "CK_TOKEN_INFO",
    [
        ("label", _CHARS * 32),
        ("manufacturer", _CHARS * 32),
        ("model", _CHARS * 16),
        ("serial", _CHARS * 16),
        ("flags", _ULONG),
        ("max_sessions", _ULONG),
        ("sessions", _ULONG),
        ("max_rw_sessions", _ULONG),
        ("rw_sessions", _ULONG),
        ("max_pin", _ULONG),
        ("min_pin", _ULONG),
        ("public_memory", _ULONG),
        ("free_public_memory", _ULONG),
        ("private_memory", _ULONG),
        ("free_private_memory", _ULONG),
        ("hardware", _Version),
        ("firmware", _Version),
        ("time", _CHARS * 16),
    ],
)
# The functions stand in the standard's order behind the version; up to C_CloseAllSessions is enough here.
_FunctionList = _structure("CK_FUNCTION_LIST", [("version", _Version), ("function", ctypes.c_void_p * 15)])
_INDEX: Final = {"C_GetSlotList": 4, "C_GetSlotInfo": 5, "C_GetTokenInfo": 6, "C_CloseAllSessions": 14}


class RawModule:
    """The few direct calls. Raises OSError when the library cannot be loaded, ModuleError when it refuses."""

    def __init__(self, path: str) -> None:
        self._library = ctypes.CDLL(path)
        functions = ctypes.POINTER(_FunctionList)()
        self._library.C_GetFunctionList.restype = _ULONG
        rv = self._library.C_GetFunctionList(ctypes.byref(functions))
        if rv != ckr.OK or not functions:
            raise ModuleError(rv or ckr.GENERAL_ERROR, "C_GetFunctionList")
        pointers = functions.contents.function
        slot, pointer = _ULONG, ctypes.c_void_p

        def function(name: str, *parameters: Any) -> Any:
            return ctypes.CFUNCTYPE(_ULONG, *parameters)(pointers[_INDEX[name]])

        self._get_slot_list = function("C_GetSlotList", ctypes.c_ubyte, pointer, pointer)
        self._get_slot_info = function("C_GetSlotInfo", slot, pointer)
        self._get_token_info = function("C_GetTokenInfo", slot, pointer)
        self._close_all_sessions = function("C_CloseAllSessions", slot)

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
        self._close_all_sessions(slot)

    def _slots(self) -> list[int]:
        for _ in range(10):
            size = _ULONG(0)
            self._check(self._get_slot_list(1, None, ctypes.byref(size)), "C_GetSlotList")
            size.value += _SLACK
            buffer = (_ULONG * size.value)()
            rv = self._get_slot_list(1, buffer, ctypes.byref(size))
            if rv != ckr.BUFFER_TOO_SMALL:
                self._check(rv, "C_GetSlotList")
                return list(buffer[: size.value])
        raise ModuleError(ckr.BUFFER_TOO_SMALL, "C_GetSlotList")

    def _token_info(self, slot: int) -> TokenInfo | None:
        """What the token tells of itself; None when the slot is empty or the token not initialised."""
        # C_GetSlotInfo first: some modules answer later calls from a stale cache until it is called.
        slot_info = _SlotInfo()
        self._check(self._get_slot_info(slot, ctypes.byref(slot_info)), "C_GetSlotInfo")
        if not slot_info.flags & ckr.FLAG_TOKEN_PRESENT:
            return None
        info = _TokenInfo()
        self._check(self._get_token_info(slot, ctypes.byref(info)), "C_GetTokenInfo")
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

    @staticmethod
    def _check(rv: int, at: str) -> None:
        if rv != ckr.OK:
            raise ModuleError(rv, at)


def _length(value: int) -> int:
    """A PIN length, or 0 for the various ways of saying "not told" (CK_UNAVAILABLE_INFORMATION and nonsense)."""
    return value if value <= 1024 else 0

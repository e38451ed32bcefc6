"""The C side of PKCS#11: structures and function pointers of a library, for ctypes.

CK_ULONG is C's unsigned long: 4 bytes on Windows, 8 elsewhere. Structures are packed to 1 byte on Windows only
(PKCS #11 v2.40, section 2.1).
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Final

from xieka.token import ckr
from xieka.token.protocol import ModuleError

ULONG = ctypes.c_ulong
UNAVAILABLE: Final = ULONG(-1).value
"""CK_UNAVAILABLE_INFORMATION."""

_PACK: Final = {"_pack_": 1} if sys.platform == "win32" else {}
_CHARS = ctypes.c_ubyte
_POINTER = ctypes.c_void_p


def _structure(name: str, fields: list[tuple[str, Any]]) -> Any:
    return type(name, (ctypes.Structure,), {**_PACK, "_fields_": fields})


_Version = _structure("CK_VERSION", [("major", ctypes.c_ubyte), ("minor", ctypes.c_ubyte)])
SlotInfo = _structure(
    "CK_SLOT_INFO",
    [
        ("description", _CHARS * 64),
        ("manufacturer", _CHARS * 32),
        ("flags", ULONG),
        ("hardware", _Version),
        ("firmware", _Version),
    ],
)
TokenInfo = _structure(
    "CK_TOKEN_INFO",
    [
        ("label", _CHARS * 32),
        ("manufacturer", _CHARS * 32),
        ("model", _CHARS * 16),
        ("serial", _CHARS * 16),
        ("flags", ULONG),
        ("max_sessions", ULONG),
        ("sessions", ULONG),
        ("max_rw_sessions", ULONG),
        ("rw_sessions", ULONG),
        ("max_pin", ULONG),
        ("min_pin", ULONG),
        ("public_memory", ULONG),
        ("free_public_memory", ULONG),
        ("private_memory", ULONG),
        ("free_private_memory", ULONG),
        ("hardware", _Version),
        ("firmware", _Version),
        ("time", _CHARS * 16),
    ],
)
Mechanism = _structure("CK_MECHANISM", [("mechanism", ULONG), ("parameter", _POINTER), ("length", ULONG)])
Attribute = _structure("CK_ATTRIBUTE", [("type", ULONG), ("value", _POINTER), ("length", ULONG)])

# Position in CK_FUNCTION_LIST, in the standard's order, and the parameters.
_FUNCTIONS: Final[dict[str, tuple[int, tuple[Any, ...]]]] = {
    "C_GetSlotList": (4, (ctypes.c_ubyte, _POINTER, _POINTER)),
    "C_GetSlotInfo": (5, (ULONG, _POINTER)),
    "C_GetTokenInfo": (6, (ULONG, _POINTER)),
    "C_GetMechanismList": (7, (ULONG, _POINTER, _POINTER)),
    "C_CloseAllSessions": (14, (ULONG,)),
    "C_Login": (18, (ULONG, ULONG, _POINTER, ULONG)),
    "C_Logout": (19, (ULONG,)),
    "C_GetAttributeValue": (24, (ULONG, ULONG, _POINTER, ULONG)),
    "C_FindObjectsInit": (26, (ULONG, _POINTER, ULONG)),
    "C_FindObjects": (27, (ULONG, _POINTER, ULONG, _POINTER)),
    "C_FindObjectsFinal": (28, (ULONG,)),
    "C_SignInit": (42, (ULONG, _POINTER, ULONG)),
    "C_Sign": (43, (ULONG, _POINTER, ULONG, _POINTER, _POINTER)),
}
_FunctionList = _structure("CK_FUNCTION_LIST", [("version", _Version), ("function", _POINTER * 44)])


class Library:
    """The functions of a library that something else has initialised.

    The system's loader keeps one instance per path, so these calls meet the state of python-pkcs11's.
    Raises OSError when the library cannot be loaded, ModuleError when it gives no function list.
    """

    def __init__(self, path: str) -> None:
        self._library = ctypes.CDLL(path)
        functions = ctypes.POINTER(_FunctionList)()
        self._library.C_GetFunctionList.restype = ULONG
        rv = self._library.C_GetFunctionList(ctypes.byref(functions))
        if rv != ckr.OK or not functions:
            raise ModuleError(rv or ckr.GENERAL_ERROR, "C_GetFunctionList")
        self._functions = {
            name: ctypes.CFUNCTYPE(ULONG, *parameters)(functions.contents.function[index])
            for name, (index, parameters) in _FUNCTIONS.items()
        }

    def value(self, name: str, *arguments: Any) -> int:
        """Call and return the CKR_ value."""
        return int(self._functions[name](*arguments))

    def call(self, name: str, *arguments: Any) -> None:
        """Call; ModuleError unless it answers CKR_OK."""
        rv = self._functions[name](*arguments)
        if rv != ckr.OK:
            raise ModuleError(rv, name)

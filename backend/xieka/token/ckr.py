"""Return values and flags of PKCS#11 (OASIS PKCS #11 v2.40, pkcs11t.h).

The values that decide something here, and those that python-pkcs11 tells by an exception without its number. Plain
numbers, not an enum: modules answer vendor codes too, and the worker must start quickly.
"""

from __future__ import annotations

from typing import Final

OK: Final = 0x00
HOST_MEMORY: Final = 0x02
SLOT_ID_INVALID: Final = 0x03
GENERAL_ERROR: Final = 0x05
FUNCTION_FAILED: Final = 0x06
ARGUMENTS_BAD: Final = 0x07
ATTRIBUTE_SENSITIVE: Final = 0x11
ATTRIBUTE_TYPE_INVALID: Final = 0x12
DATA_INVALID: Final = 0x20
DATA_LEN_RANGE: Final = 0x21
DEVICE_ERROR: Final = 0x30
DEVICE_MEMORY: Final = 0x31
DEVICE_REMOVED: Final = 0x32
FUNCTION_NOT_SUPPORTED: Final = 0x54
KEY_HANDLE_INVALID: Final = 0x60
KEY_FUNCTION_NOT_PERMITTED: Final = 0x68
MECHANISM_INVALID: Final = 0x70
OBJECT_HANDLE_INVALID: Final = 0x82
OPERATION_ACTIVE: Final = 0x90
PIN_INCORRECT: Final = 0xA0
PIN_INVALID: Final = 0xA1
PIN_LEN_RANGE: Final = 0xA2
PIN_EXPIRED: Final = 0xA3
PIN_LOCKED: Final = 0xA4
SESSION_CLOSED: Final = 0xB0
SESSION_COUNT: Final = 0xB1
SESSION_HANDLE_INVALID: Final = 0xB3
SESSION_READ_ONLY: Final = 0xB5
TOKEN_NOT_PRESENT: Final = 0xE0
TOKEN_NOT_RECOGNIZED: Final = 0xE1
TOKEN_WRITE_PROTECTED: Final = 0xE2
USER_ALREADY_LOGGED_IN: Final = 0x100
USER_NOT_LOGGED_IN: Final = 0x101
USER_PIN_NOT_INITIALIZED: Final = 0x102
USER_ANOTHER_ALREADY_LOGGED_IN: Final = 0x104
USER_TOO_MANY_TYPES: Final = 0x105
BUFFER_TOO_SMALL: Final = 0x150
PIN_TOO_WEAK: Final = 0x1C3
FUNCTION_REJECTED: Final = 0x200

REMOVED: Final = frozenset({DEVICE_REMOVED, TOKEN_NOT_PRESENT})
"""The token is gone, by the module's own word. Other errors may mean the same: look whether it is still listed."""

FLAG_TOKEN_PRESENT: Final = 1 << 0
"""CKF_TOKEN_PRESENT of CK_SLOT_INFO."""
FLAG_USER_PIN_INITIALIZED: Final = 1 << 3
FLAG_TOKEN_INITIALIZED: Final = 1 << 10
FLAG_USER_PIN_COUNT_LOW: Final = 1 << 16
FLAG_USER_PIN_FINAL_TRY: Final = 1 << 17
FLAG_USER_PIN_LOCKED: Final = 1 << 18


def pin_state(flags: int, reported: bool) -> str:
    """Value of `models.PinState` for the flags of a CK_TOKEN_INFO.

    `reported`: the module is known to set the retry flags, so that none of them means normal.
    """
    if not flags & FLAG_USER_PIN_INITIALIZED:
        return "unset"
    if flags & FLAG_USER_PIN_LOCKED:
        return "locked"
    if flags & FLAG_USER_PIN_FINAL_TRY:
        return "final"
    if flags & FLAG_USER_PIN_COUNT_LOW:
        return "low"
    return "normal" if reported else "unknown"

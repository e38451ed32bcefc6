"""Is a full-screen program (a talk, a film) in front, whose keyboard must not be taken (D-09)?"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

_WINDOW_MANAGER = b"_NET_ACTIVE_WINDOW"
_STATE = b"_NET_WM_STATE"
_FULLSCREEN = b"_NET_WM_STATE_FULLSCREEN"


def fullscreen_in_front() -> bool:
    """True when it is certain; False where it cannot be known (Wayland, macOS)."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "linux" and os.environ.get("DISPLAY"):
        try:
            return _x11()
        except OSError:
            return False
    return False


def _windows() -> bool:
    """SHQueryUserNotificationState (Windows API). Not tested: no Windows machine was at hand."""
    state = ctypes.c_int()
    windll = ctypes.windll  # type: ignore[attr-defined,unused-ignore]
    windll.shell32.SHQueryUserNotificationState(ctypes.byref(state))
    # QUNS_BUSY, QUNS_RUNNING_D3D_FULL_SCREEN, QUNS_PRESENTATION_MODE
    return state.value in (2, 3, 4)


class _Cookie(ctypes.Structure):
    """xcb's handle of a request under way."""

    _fields_ = (("sequence", ctypes.c_uint),)


class _Screens(ctypes.Structure):
    """xcb_screen_iterator_t."""

    _fields_ = (("data", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class _AtomReply(ctypes.Structure):
    """xcb_intern_atom_reply_t."""

    _fields_ = (
        ("response_type", ctypes.c_uint8),
        ("pad0", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("atom", ctypes.c_uint32),
    )


def _x11() -> bool:
    """Asks the window manager's properties (EWMH) over an own short connection.

    xcb and not Xlib: a window that vanishes meanwhile gives an empty reply, not an error handler that ends the
    program. The library is there, as Qt's own X11 plug-in needs it. Raises OSError when it is not.
    """
    xcb = ctypes.CDLL("libxcb.so.1")
    free = ctypes.CDLL(None).free
    free.argtypes = [ctypes.c_void_p]
    signatures: tuple[tuple[Any, Any, list[Any]], ...] = (
        (xcb.xcb_connect, ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_void_p]),
        (xcb.xcb_connection_has_error, ctypes.c_int, [ctypes.c_void_p]),
        (xcb.xcb_disconnect, None, [ctypes.c_void_p]),
        (xcb.xcb_get_setup, ctypes.c_void_p, [ctypes.c_void_p]),
        (xcb.xcb_setup_roots_iterator, _Screens, [ctypes.c_void_p]),
        (xcb.xcb_intern_atom, _Cookie, [ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p]),
        (
            xcb.xcb_intern_atom_reply,
            ctypes.POINTER(_AtomReply),
            [ctypes.c_void_p, _Cookie, ctypes.c_void_p],
        ),
        (xcb.xcb_get_property, _Cookie, [ctypes.c_void_p, ctypes.c_uint8, *[ctypes.c_uint32] * 5]),
        (xcb.xcb_get_property_reply, ctypes.c_void_p, [ctypes.c_void_p, _Cookie, ctypes.c_void_p]),
        (xcb.xcb_get_property_value, ctypes.POINTER(ctypes.c_uint32), [ctypes.c_void_p]),
        (xcb.xcb_get_property_value_length, ctypes.c_int, [ctypes.c_void_p]),
    )
    for function, result, arguments in signatures:
        function.restype, function.argtypes = result, arguments

    connection = xcb.xcb_connect(None, None)
    try:
        if xcb.xcb_connection_has_error(connection):
            return False

        def atom(name: bytes) -> int:
            reply = xcb.xcb_intern_atom_reply(connection, xcb.xcb_intern_atom(connection, 0, len(name), name), None)
            if not reply:
                return 0
            try:
                return int(reply.contents.atom)
            finally:
                free(reply)

        def numbers(window: int, name: bytes) -> list[int]:
            cookie = xcb.xcb_get_property(connection, 0, window, atom(name), 0, 0, 64)
            reply = xcb.xcb_get_property_reply(connection, cookie, None)
            if not reply:
                return []
            try:
                count = xcb.xcb_get_property_value_length(reply) // 4
                return xcb.xcb_get_property_value(reply)[:count] if count else []
            finally:
                free(reply)

        root = xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(connection)).data[0]
        active = numbers(root, _WINDOW_MANAGER)
        return bool(active and active[0]) and atom(_FULLSCREEN) in numbers(active[0], _STATE)
    finally:
        xcb.xcb_disconnect(connection)

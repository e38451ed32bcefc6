"""Looks at an X screen: how many pixels of a colour are there now? For timing what a person sees."""

from __future__ import annotations

import ctypes
import time


class _XImage(ctypes.Structure):
    _fields_ = [
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
    ]


class Screen:
    """The root window of one display, read with XGetImage (a few milliseconds for 1280x800)."""

    def __init__(self, display: str, width: int = 1280, height: int = 800) -> None:
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        x11.XGetImage.restype = ctypes.POINTER(_XImage)
        x11.XGetImage.argtypes = [
            ctypes.c_void_p,
            ctypes.c_ulong,
            ctypes.c_int,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.c_ulong,
            ctypes.c_int,
        ]
        x11.XDestroyImage.argtypes = [ctypes.POINTER(_XImage)]
        self._x11 = x11
        self._display = x11.XOpenDisplay(display.encode())
        if not self._display:
            raise OSError(f"no display {display}")
        self._root = x11.XDefaultRootWindow(self._display)
        self._size = (width, height)

    def pixels(self) -> bytes:
        """The whole screen, four bytes a pixel: blue, green, red, unused."""
        image = self._x11.XGetImage(self._display, self._root, 0, 0, *self._size, 0xFFFFFFFF, 2)
        if not image:
            raise OSError("XGetImage failed")
        try:
            return ctypes.string_at(image.contents.data, image.contents.bytes_per_line * image.contents.height)
        finally:
            self._x11.XDestroyImage(image)

    def count(self, red: int, green: int, blue: int) -> int:
        """Pixels of exactly this colour."""
        # With the unused fourth byte (0 or 255, as the painter left it) the pattern hardly matches across two pixels.
        data = self.pixels()
        return sum(data.count(bytes((blue, green, red, unused))) for unused in (0, 255))

    def wait(self, colour: tuple[int, int, int], at_least: int, timeout: float) -> float:
        """Monotonic time at which that many pixels of the colour were first seen. Raises TimeoutError."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.count(*colour) >= at_least:
                return time.monotonic()
            time.sleep(0.002)
        raise TimeoutError(f"{at_least} pixels of {colour} did not appear in {timeout} s")

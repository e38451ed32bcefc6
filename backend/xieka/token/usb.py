"""Hints that a USB device came or went. Only hints: listing the tokens tells the truth (presence.py).

Linux: kernel uevents over netlink, no privileges needed (netlink(7), NETLINK_KOBJECT_UEVENT). Windows and macOS have
no source yet; there the polling of presence.py finds a change within a second.
"""

from __future__ import annotations

import logging
import select
import socket
import sys
import threading
from collections.abc import Callable
from typing import Final, Protocol

log = logging.getLogger(__name__)

_NETLINK_KOBJECT_UEVENT: Final = 15
_KERNEL_GROUP: Final = 1


class UsbHints(Protocol):
    """A source of hints."""

    def start(self, on_change: Callable[[bool], None]) -> None:
        """Call `on_change(arrived)` from now on, in a thread of its own; never where the system does not allow it."""
        ...

    def close(self) -> None:
        """Stop calling."""
        ...


def system_usb_hints() -> UsbHints | None:
    """The source of this system, if there is one."""
    return NetlinkUsbHints() if sys.platform == "linux" else None


def parse_uevent(message: bytes) -> bool | None:
    """True: a USB device was added, False: removed, None: something else.

    A message is `ACTION@DEVPATH` and then KEY=VALUE fields, each ended by a NUL. One plug makes many messages; only
    the one about the device itself counts, not those about its interfaces.
    """
    fields = dict(field.split(b"=", 1) for field in message.split(b"\0") if b"=" in field)
    if fields.get(b"SUBSYSTEM") != b"usb" or fields.get(b"DEVTYPE") != b"usb_device":
        return None
    return {b"add": True, b"remove": False}.get(fields.get(b"ACTION", b""))


class NetlinkUsbHints:
    """Kernel uevents. The thread sleeps in the kernel until there is one."""

    def __init__(self) -> None:
        self._wake, self._awake = socket.socketpair()
        self._thread: threading.Thread | None = None

    def start(self, on_change: Callable[[bool], None]) -> None:
        """See `UsbHints.start`."""
        if sys.platform != "linux":
            return
        try:
            events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_KOBJECT_UEVENT)
            events.bind((0, _KERNEL_GROUP))
        except OSError as error:
            log.info("no USB events: %s", error.strerror)
            return
        self._thread = threading.Thread(target=self._run, args=(events, on_change), name="usb", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """See `UsbHints.close`."""
        self._wake.close()
        if self._thread:
            self._thread.join(1.0)
        self._awake.close()

    def _run(self, events: socket.socket, on_change: Callable[[bool], None]) -> None:
        with events:
            while self._awake not in select.select([events, self._awake], [], [])[0]:
                try:
                    message, sender = events.recvfrom(8192)
                except OSError:
                    continue  # messages were lost (ENOBUFS); the next poll sees what they told
                # Port 0 is the kernel; anybody else could only be pretending.
                arrived = parse_uevent(message) if sender[0] == 0 else None
                if arrived is not None:
                    on_change(arrived)

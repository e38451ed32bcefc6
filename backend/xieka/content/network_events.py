"""Hints from the operating system that the network has changed. Only hints: the probe tells the truth (online.py).

Linux: routing netlink (rtnetlink(7)). Windows: NotifyAddrChange. macOS has no source yet; polling finds the change.
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

QUIET_SECONDS = 0.5
"""A plugged cable makes a burst of events: one hint is given when the burst is over …"""
BURST_SECONDS = 3.0
"""… or has gone on for this long."""

# linux/rtnetlink.h: link, IPv4 address, IPv4 route, IPv6 address, IPv6 route.
_GROUPS: Final = 0x1 | 0x10 | 0x40 | 0x100 | 0x400


class NetworkEvents(Protocol):
    """A source of hints."""

    def start(self, on_change: Callable[[], None]) -> bool:
        """Call `on_change()` from now on, in a thread of its own. False when the system does not allow it."""
        ...

    def close(self) -> None:
        """Stop calling."""
        ...


def system_network_events() -> NetworkEvents | None:
    """The source of this system, if there is one."""
    if sys.platform == "linux":
        return NetlinkEvents()
    return WindowsEvents() if sys.platform == "win32" else None


class NetlinkEvents:
    """Kernel messages about links, addresses and routes; no privileges needed. The thread sleeps in between."""

    def __init__(self) -> None:
        self._wake, self._awake = socket.socketpair()
        self._thread: threading.Thread | None = None

    def start(self, on_change: Callable[[], None]) -> bool:
        """See `NetworkEvents.start`."""
        if sys.platform != "linux":
            return False
        try:
            events = socket.socket(
                socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE
            )
            events.bind((0, _GROUPS))
        except OSError as error:
            log.info("no network events: %s", error.strerror)
            return False
        self._thread = threading.Thread(target=self._run, args=(events, on_change), name="network-events", daemon=True)
        self._thread.start()
        return True

    def close(self) -> None:
        """See `NetworkEvents.close`."""
        self._wake.close()
        if self._thread:
            self._thread.join(1.0)
        self._awake.close()

    def _run(self, events: socket.socket, on_change: Callable[[], None]) -> None:
        with events:
            while self._awake not in select.select([events, self._awake], [], [])[0]:
                _drain(events)
                for _ in range(round(BURST_SECONDS / QUIET_SECONDS)):
                    if self._awake in (ready := select.select([events, self._awake], [], [], QUIET_SECONDS)[0]):
                        return
                    if not ready:
                        break
                    _drain(events)
                on_change()


def _drain(events: socket.socket) -> None:
    """Take everything that is there; what the messages say does not matter, and lost ones (ENOBUFS) neither."""
    try:
        while events.recv(65536):
            pass
    except OSError:
        return


class WindowsEvents:
    """NotifyAddrChange (iphlpapi) returns at every change of an address. Not tested: no Windows machine was at hand."""

    def __init__(self) -> None:
        self._closed = False

    def start(self, on_change: Callable[[], None]) -> bool:
        """See `NetworkEvents.start`."""
        threading.Thread(target=self._run, args=(on_change,), name="network-events", daemon=True).start()
        return True

    def close(self) -> None:
        """See `NetworkEvents.close`. The thread sleeps on in the system call, and ends with the process."""
        self._closed = True

    def _run(self, on_change: Callable[[], None]) -> None:
        if sys.platform != "win32":
            return
        import ctypes

        while ctypes.windll.iphlpapi.NotifyAddrChange(None, None) == 0 and not self._closed:
            on_change()

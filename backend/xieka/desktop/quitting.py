"""The program always ends: by the menu, by a signal, and when something refuses to (REQ-060, REQ-145)."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import NoReturn

log = logging.getLogger(__name__)

LIMIT = 5.0
"""Seconds the orderly way may take."""


def start_watchdog() -> None:
    """From now on the process lives for at most LIMIT seconds."""

    def bite() -> None:
        time.sleep(LIMIT)
        log.error("the orderly end took too long")
        logging.shutdown()
        # Not sys.exit: a stuck thread of a vendor's library would keep the process for ever.
        os._exit(1)

    threading.Thread(target=bite, name="quit-watchdog", daemon=True).start()


def leave() -> NoReturn:
    """End the process now, successfully, without waiting for any thread or running exit handlers."""
    logging.shutdown()
    os._exit(0)


def on_signals(quit_program: Callable[[], None]) -> None:
    """Call `quit_program` on SIGTERM and SIGINT (Ctrl+C), at once and in a thread of its own.

    A Python signal handler would wait until the GUI thread next runs Python code, for ever if that thread is
    stuck; the wake-up descriptor is written by the C handler itself. Main thread only.
    """
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    # Kept open for as long as the process lives.
    signal.set_wakeup_fd(theirs.detach(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)

    def wait() -> None:
        while number := ours.recv(1):
            if number[0] in (signal.SIGTERM, signal.SIGINT):
                log.info("signal %d: quitting", number[0])
                quit_program()

    threading.Thread(target=wait, name="signals", daemon=True).start()

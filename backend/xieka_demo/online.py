"""The practice service: the real service in a process of its own, trusting the practice authority."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from xieka.core.errors import XiekaError
from xieka.core.paths import Folders
from xieka_demo.address import service_url

log = logging.getLogger("xieka.demo")

START_SECONDS = 30.0
"""How long a start may take; it takes about two."""
_STOP_SECONDS = 12.0
_STEP = 0.1
_PROBE_SECONDS = 1.0


class PracticeService:
    """Starts and stops the practice service. Its port is chosen once, so that its address stays the same."""

    def __init__(self, folders: Folders) -> None:
        """Open it for a built practice environment; nothing is started."""
        self._folder = folders.practice / "service"
        self._log = folders.log / "practice-service.log"
        self._root = folders.practice
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, http on the loopback interface. Raises OSError when it cannot be remembered."""
        return service_url(self._root)

    def prepare(self) -> None:
        """Make what a client must have before the service's first start: its address and the root of trust.

        Quick when it is there. Raises XiekaError E-DEM-04.
        """
        try:
            _ = self.url
            if not (self._folder / "content" / "metadata" / "1.root.json").is_file():
                from xieka_demo import serving

                serving.prepare(self._folder)
        except OSError as error:
            raise XiekaError("E-DEM-04", detail=f"OS-{error.errno}") from error

    def running(self) -> bool:
        """Whether it answers now."""
        try:
            # Directly: a proxy of the system has no business on the loopback interface.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"{self.url}/v1/health/live", timeout=_PROBE_SECONDS) as reply:
                return bool(json.load(reply)["status"] == "ok")
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def start(self, *, attached: bool = False, on_ready: Callable[[], None] | None = None) -> None:
        """Start it if it does not answer, and wait until it does. `attached`: it ends with this process.

        Raises XiekaError E-DEM-07 when it does not start; its log says why.
        """
        if not self.running():
            self._spawn(attached)
            self._wait_ready()
        if on_ready is not None:
            on_ready()

    def stop(self) -> bool:
        """End it, whoever started it. Returns whether it ran. Raises XiekaError E-DEM-08 when it does not end."""
        number = self._process()
        if number is None:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
        until = time.monotonic() + _STOP_SECONDS
        while self._process() is not None:
            if time.monotonic() > until:
                raise XiekaError("E-DEM-08")
            time.sleep(_STEP)
        return True

    def close(self) -> None:
        """End it if this process started it attached; does not wait."""
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()

    def _spawn(self, attached: bool) -> None:
        command = [sys.executable, "-P", "-m", "xieka_demo.serving", str(self._folder), self.url]
        self._log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            try:
                self._child = subprocess.Popen(
                    [*command, *(["--attached"] if attached else [])],
                    stdin=subprocess.PIPE if attached else subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    # Ctrl+C in the terminal is the window's business.
                    start_new_session=True,
                )
            except OSError as error:
                raise XiekaError("E-DEM-07", detail=f"OS-{error.errno}") from error

    def _wait_ready(self) -> None:
        until = time.monotonic() + START_SECONDS
        while not self.running():
            ended = self._child.poll() if self._child is not None else None
            if ended is not None or time.monotonic() > until:
                raise XiekaError("E-DEM-07", detail="TIMEOUT" if ended is None else f"EXIT-{ended}")
            time.sleep(_STEP)

    def _process(self) -> int | None:
        """The number of the process that serves this folder."""
        import psutil

        for process in psutil.process_iter(["cmdline"]):
            line = process.info["cmdline"] or []
            if "xieka_demo.serving" in line and str(self._folder) in line and process.status() != psutil.STATUS_ZOMBIE:
                return int(process.pid)
        return None

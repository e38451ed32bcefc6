"""One live worker process: start it, ask it, end it. Supervision is the host's work (host.py)."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, Final

import xieka
from xieka.core.secret import Secret
from xieka.token import wire
from xieka.token.drivers import Driver

_BOOT: Final = "import sys; sys.path[:0] = sys.argv[1:]; from xieka.token.worker import main; main()"
_LOG_LIMIT: Final = 256 * 1024


class WorkerGoneError(Exception):
    """The process died or did not answer in time. `sent`: whether the request may have reached the library."""

    def __init__(self, *, sent: bool, hung: bool) -> None:
        super().__init__("hung" if hung else "died")
        self.sent = sent
        self.hung = hung


class WorkerProcess:
    """A started worker. `on_exit` is called once, in a thread of this object, when the process has ended."""

    def __init__(self, driver: Driver, log: Path | None, on_exit: Callable[[WorkerProcess], None]) -> None:
        """Starts the process; raises OSError when the system cannot."""
        report = _open_log(log)
        try:
            self._process = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=report,
                bufsize=0,
                env={**os.environ, **driver.env},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        finally:
            if report >= 0:
                os.close(report)
        assert self._process.stdin  # noqa: S101 (PIPE above)
        self._requests = self._process.stdin
        self._sending = threading.Lock()
        self._answers: queue.SimpleQueue[bytearray | None] = queue.SimpleQueue()
        self._on_exit = on_exit
        self._reader = threading.Thread(target=self._read, name=f"worker-{driver.id}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def ask(self, method: str, params: dict[str, Any], timeout: float, secrets: Sequence[Secret] = ()) -> Any:
        """Send one request and wait for its answer: `{"result": …}` or `{"error": {"rv", "at"}}`.

        One caller at a time. Raises WorkerGoneError; after a time-out the process has been killed, so that no late
        answer can be taken for the next one.
        """
        message = {"method": method, "params": params, "timeout": timeout, "secrets": len(secrets)}
        buffer = wire.encode(message)
        for secret in secrets:
            buffer += wire.frame(secret.reveal().encode("utf-8"))
        try:
            # Under a lock, because a descriptor closed meanwhile may already be another file.
            with self._sending:
                wire.write(self._requests.fileno(), buffer)
        except (OSError, ValueError):
            # Nobody reads this pipe any more, or it is closed (ValueError). A part may have gone, but the secrets
            # stand at the end, and a worker does nothing before it has them all.
            raise WorkerGoneError(sent=False, hung=False) from None
        finally:
            wire.wipe(buffer)
        try:
            body = self._answers.get(timeout=timeout)
        except queue.Empty:
            self.kill()
            raise WorkerGoneError(sent=True, hung=True) from None
        if body is None:
            raise WorkerGoneError(sent=True, hung=False)
        return json.loads(body)

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self, grace: float) -> None:
        """Let the process end by itself within `grace` seconds, else kill it."""
        self._close_requests()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()
        self._reader.join(1.0)

    def _read(self) -> None:
        assert self._process.stdout  # noqa: S101
        with self._process.stdout as answers:
            while (body := wire.read(answers.fileno())) is not None:
                self._answers.put(body)
        # Closed or garbled: either way this process is of no use any more.
        self._process.kill()
        self._process.wait()
        self._close_requests()
        self._answers.put(None)
        self._on_exit(self)

    def _close_requests(self) -> None:
        with self._sending:
            self._requests.close()


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "worker"]
    # Without `site` (-S) the start is 4 ms shorter; the two folders it needs are given by name.
    binding = PathFinder.find_spec("pkcs11")
    folders = {str(Path(xieka.__file__).parents[1])}
    if binding and binding.origin:
        folders.add(str(Path(binding.origin).parents[1]))
    return [sys.executable, "-I", "-S", "-X", "utf8", "-c", _BOOT, *sorted(folders)]


def _open_log(path: Path | None) -> int:
    """A descriptor for the worker's crash reports, or DEVNULL; started anew when it has grown large."""
    if path is None:
        return subprocess.DEVNULL
    try:
        large = path.exists() and path.stat().st_size > _LOG_LIMIT
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if large else 0), 0o600)
    except OSError:
        return subprocess.DEVNULL

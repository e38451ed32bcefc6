"""A command of the product in a copy of this process.

It has files, environment, standard streams and an end of its own, as a process that is started; but what it imports is
there already, and importing takes longer than most commands.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from tempfile import TemporaryFile
from typing import IO, TextIO

_BROKEN = 70


class Forked:
    """The copy at work; what of subprocess.Popen tests need of it."""

    def __init__(
        self,
        program: Callable[[], int],
        *,
        stdin: IO[bytes] | int = subprocess.DEVNULL,
        stdout: IO[bytes],
        stderr: IO[bytes],
        environment: Mapping[str, str],
    ) -> None:
        """`program` is the entry of a command, with its arguments; what it returns or exits with is the exit code."""
        self.returncode: int | None = None
        given = os.open(os.devnull, os.O_RDONLY) if isinstance(stdin, int) else os.dup(stdin.fileno())
        self.pid = os.fork()
        if self.pid == 0:
            os._exit(_child(program, (given, stdout.fileno(), stderr.fileno()), environment))
        os.close(given)

    def poll(self) -> int | None:
        if self.returncode is None:
            number, status = os.waitpid(self.pid, os.WNOHANG)
            if number:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, seconds: float) -> int:
        end = time.monotonic() + seconds
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("forked", seconds)
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def forked(
    program: Callable[[], int], *, stdin: bytes, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """One command to its end."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as errors:
        given.write(stdin)
        given.seek(0)
        process = Forked(program, stdin=given, stdout=out, stderr=errors, environment=environment)
        try:
            code = process.wait(60)
        finally:
            process.kill()
        for file in (out, errors):
            file.seek(0)
        return subprocess.CompletedProcess(("forked",), code, out.read(), errors.read())


def _child(program: Callable[[], int], streams: tuple[int, ...], environment: Mapping[str, str]) -> int:
    try:
        # Nothing of the test run is ended here: what its objects hold is closed below, and the numbers are used anew.
        gc.freeze()
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        for descriptor, stream in enumerate(streams):
            os.dup2(stream, descriptor)
        os.closerange(3, 65_536)
        sys.stdin, sys.stdout, sys.stderr = map(_text, range(3), "rww")
        os.environ.clear()
        os.environ.update(environment)
        code = _ended(program)
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001 - the copy must never come back into the test run
        os.write(2, traceback.format_exc().encode())
        return _BROKEN
    return code


def _text(descriptor: int, mode: str) -> TextIO:
    # Not closed with the object: nothing else would be at home at these numbers.
    return os.fdopen(descriptor, mode, encoding="utf-8", closefd=False)


def _ended(program: Callable[[], int]) -> int:
    try:
        return program()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)

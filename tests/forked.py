"""A command of the product in a copy of this process.

It has files, environment, standard streams and an end of its own, as a process that is started; but what it imports is
there already, and importing takes longer than most commands.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from tempfile import TemporaryFile
from typing import IO, TextIO

SECONDS = 60
_BROKEN = 70


def forked(
    program: Callable[[], int], *, stdin: bytes, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """`program` is the entry of a command, with its arguments; what it returns or exits with is the exit code."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as errors:
        given.write(stdin)
        given.seek(0)
        number = os.fork()
        if number == 0:
            os._exit(_child(program, (given, out, errors), environment))
        _, status = os.waitpid(number, 0)
        for file in (out, errors):
            file.seek(0)
        code = os.waitstatus_to_exitcode(status)
        return subprocess.CompletedProcess(("forked",), code, out.read(), errors.read())


def _child(program: Callable[[], int], streams: tuple[IO[bytes], ...], environment: Mapping[str, str]) -> int:
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(SECONDS)
        for descriptor, stream in enumerate(streams):
            os.dup2(stream.fileno(), descriptor)
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

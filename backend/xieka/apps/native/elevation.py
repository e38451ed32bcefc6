"""Runs one command with the rights of the system's administrator, after the system's own question (polkit)."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Sequence
from typing import IO, Final

from xieka.core.errors import XiekaError

log = logging.getLogger(__name__)

_PKEXEC: Final = "/usr/bin/pkexec"
_NOT_ALLOWED: Final = frozenset({126, 127})
"""pkexec(1): the question was dismissed; it was denied, or there is nobody to ask it."""
_KEPT: Final = 30
"""Lines of the command's words that go to the log when it fails."""


def possible() -> bool:
    """Whether there is anybody to ask."""
    return _root() or shutil.which(_PKEXEC) is not None


def run(command: Sequence[str], said: Callable[[str], object], stdin: IO[bytes] | None = None) -> int:
    """The exit code. `said`: each line of its output. Ends only with the command: root's work is not cut in half.

    Raises XiekaError E-INS-40 when permission was not given; nothing has been started then.
    """
    begin = [] if _root() else [_PKEXEC, "--disable-internal-agent"]
    try:
        # A session of its own: it goes on when this program ends.
        process = subprocess.Popen(
            [*begin, *command],
            stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise XiekaError("E-INS-40") from error
    last: deque[str] = deque(maxlen=_KEPT)
    if process.stdout is None:
        raise AssertionError("asked for a pipe")
    with process.stdout as lines:
        for line in lines:
            last.append(line.rstrip("\n"))
            said(last[-1])
    code = process.wait()
    if code:
        log.warning("%s ended with %d: %s", command[:2], code, " | ".join(last))
    if begin and code in _NOT_ALLOWED:
        raise XiekaError("E-INS-40")
    return code


def _root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0

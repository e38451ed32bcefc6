"""The 口令 of a command, from standard input alone."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.core.secret import Secret
from xieka.core.text import plain

LONGEST = 256
"""Bytes of one line without its end; far above any 口令."""

_PROMPTS = ("cli_ask_current", "cli_ask_new", "cli_ask_repeat")


@contextmanager
def pins(count: int) -> Iterator[list[Secret]]:
    """So many 口令, one a line, wiped at the end. A terminal is asked without echo, and for a new one twice.

    A line ends with LF or CRLF, the last one perhaps with the input, and is a 口令 to the byte: blanks count. A byte
    order mark before the first is no part of it; lines after the last one wanted are not read.
    Raises XiekaError E-CLI-01 (none or an empty one), E-CLI-03 (no UTF-8, or characters nobody can see) and E-CLI-05
    (longer than `LONGEST`) and V-PIN-03 (the new one was not typed twice the same).
    """
    values = [Secret(line) for line in _read(count)]
    try:
        yield values
    finally:
        for value in values:
            value.wipe()


def _read(count: int) -> list[str]:
    try:
        if sys.stdin is not None and sys.stdin.isatty():
            lines = _typed(count)
        else:
            lines = [_line("utf-8" if number else "utf-8-sig") for number in range(count)]
    except UnicodeDecodeError:
        # "from None": the decode error quotes the bytes it stumbled over.
        raise XiekaError("E-CLI-03") from None
    except (EOFError, OSError):
        raise XiekaError("E-CLI-01") from None
    if not all(lines):
        raise XiekaError("E-CLI-01")
    if any(plain(line) != line for line in lines):
        raise XiekaError("E-CLI-03")
    return lines


def _typed(count: int) -> list[str]:
    # Nobody sees what they type: a slip in a new 口令 would lock its owner out.
    asked = count + (count > 1)
    lines = [getpass.getpass(messages.text(prompt)) for prompt in _PROMPTS[:asked]]
    if asked > count and lines[-1] != lines[-2]:
        raise XiekaError("V-PIN-03")
    return lines[:count]


def _line(encoding: str) -> str:
    # Bytes, not through the locale: a 口令 is UTF-8 whatever the terminal says.
    line = sys.stdin.buffer.readline(LONGEST + 2) if sys.stdin is not None else b""
    line = line[:-2] if line.endswith(b"\r\n") else line.removesuffix(b"\n")
    if len(line) > LONGEST:
        raise XiekaError("E-CLI-05", most=LONGEST)
    return line.decode(encoding)

"""An answer that is poured out as it comes, and continued later: ranges and what ties them together.

RFC 9110 §8.8 (validators), §13.1.5 (If-Range), §14 (ranges), §15.3.7 (206).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from xieka.core.http_errors import RefusedError

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII)
_STRONG_TAG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')
_STEADY = timedelta(seconds=60)


class Sink(Protocol):
    """Takes an answer. Called in the transfer's thread, never after `Http.stream` has returned or raised.

    Both methods may raise XiekaError and nothing else: that ends the transfer and is what `Http.stream` raises.
    """

    def begin(self, start: int, total: int | None, validator: str | None) -> None:
        """Once, before any byte: those that come begin at `start`, which is 0 where the server begins anew.

        `total`: bytes of the whole, None: not said. `validator`: for continuing this same answer later, None: there is
        none.
        """
        ...

    def write(self, data: bytes) -> None:
        """The next bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Pour:
    """Where a streamed answer goes: the bytes before `start` are there, `validator` came with them."""

    sink: Sink
    start: int
    validator: str | None
    stall: float
    """Seconds without a byte that are too long."""

    def headers(self) -> dict[str, str]:
        """Asks for the rest, on condition that it is the rest of the same thing."""
        if not self.start:
            return {}
        condition = {"If-Range": self.validator} if self.validator else {}
        return {"Range": f"bytes={self.start}-", **condition}

    def beginning(self, status: int, headers: Mapping[str, str]) -> tuple[int, int | None, str | None]:
        """What `Sink.begin` is told about an answer 200 or 206.

        Raises RefusedError with status 206 for a part that was not asked for or is of another version.
        """
        current = validator(headers)
        length = headers.get("Content-Length", "")
        if status == 200:
            return 0, int(length) if length.isdecimal() else None, current
        if not self.start or (self.validator and current and current != self.validator):
            raise RefusedError(206)
        said = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
        if said is None or int(said[1]) != self.start:
            raise RefusedError(206)
        end, total = int(said[2]) + 1, None if said[3] == "*" else int(said[3])
        # Everything to the end was asked for.
        if end <= self.start or total not in (None, end) or length not in ("", str(end - self.start)):
            raise RefusedError(206)
        return self.start, total, current or self.validator


def validator(headers: Mapping[str, str]) -> str | None:
    """What If-Range may name: a strong entity tag, else a date of change that lies clearly before the answer's own."""
    tag = headers.get("ETag", "")
    if _STRONG_TAG.fullmatch(tag):
        return tag
    changed = headers.get("Last-Modified", "")
    try:
        steady = parsedate_to_datetime(headers.get("Date", "")) - parsedate_to_datetime(changed) >= _STEADY
    except (ValueError, TypeError):
        return None
    return changed if steady and changed.isprintable() and changed.isascii() else None

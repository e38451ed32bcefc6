"""From the parser's objects to plain values. Everything raises what it likes: use it inside `understanding`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any as Untyped

from asn1crypto.core import Sequence, Void

from xieka.core.errors import XiekaError
from xieka.core.text import decode_chinese, plain
from xieka.seal import der

log = logging.getLogger(__name__)

BEIJING = timezone(timedelta(hours=8))
"""Where times without a zone are meant."""
_MAX_NUMBER = 1_000_000
_MAX_TEXT = 200


@contextmanager
def understanding(code: str) -> Iterator[None]:
    """Turn whatever parsing hostile bytes may raise into XiekaError `code`; a XiekaError passes."""
    try:
        yield
    except XiekaError:
        raise
    except Exception as broken:
        # asn1crypto parses lazily and lets errors of many types through; none may reach the caller, who shows
        # the code and goes on with the next object.
        log.debug("not understood", exc_info=True)
        raise XiekaError(code) from broken


def load(spec: type[Sequence], data: bytes) -> Untyped:
    """One SEQUENCE with the fields of `spec` and no others, down to the last level that is declared.

    asn1crypto by itself passes over fields behind the last one it knows.
    """
    value = spec.load(data, strict=True)
    _exact(value)
    return value


def _exact(value: Untyped) -> None:
    if isinstance(value, Sequence):
        fields = [value[name] for name, *_ in value._fields]
        present = [field for field in fields if not isinstance(field, Void)]
        if len(present) != der.children(value.contents):
            raise ValueError("fields nobody knows")
        for field in present:
            _exact(field)
    elif hasattr(value, "_child_spec"):
        for entry in value:
            _exact(entry)


def text(value: Untyped) -> str:
    """A string of whatever type was written, safe to show, at most 200 characters."""
    return text_of(value.parse().contents)


def text_of(raw: bytes) -> str:
    """The bytes of a string, safe to show, at most 200 characters."""
    return plain(decode_chinese(raw)[:_MAX_TEXT])


def number(value: Untyped) -> int:
    """A number from 0 to a million."""
    found = int(value.native)
    if not 0 <= found <= _MAX_NUMBER:
        raise ValueError("number out of any sense")
    return found


def instant(value: Untyped) -> datetime:
    """A UTCTime or GeneralizedTime as an instant in UTC.

    A GeneralizedTime without zone is local time (X.680), which for these seals is Beijing's.
    """
    native = value.native
    if not isinstance(native, datetime):
        raise ValueError("year 0")
    return (native if native.tzinfo else native.replace(tzinfo=BEIJING)).astimezone(UTC)

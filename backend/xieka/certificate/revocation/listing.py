"""A CRL taken apart by its bytes alone (RFC 5280, 5.1), for lists of hundreds of thousands of entries.

A walk of our own, because a parser makes several objects of every entry: 14 MB took it seconds and 387 MB. What is
small goes to asn1crypto nevertheless, and the entries only where something in them may matter.
"""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import Integer
from asn1crypto.core import Sequence as Structure

from xieka.certificate.soundness import contents, sound
from xieka.certificate.structure import Extensions, Fields, Time

REASON = "2.5.29.21"
_INVALID_SINCE = "2.5.29.24"
OTHER_ISSUER = "2.5.29.29"
_UNDERSTOOD = frozenset({REASON, _INVALID_SINCE})
"""Reason and invalidity date. An entry of another issuer (certificateIssuer) is not among them, critical or not: it
belongs into indirect lists, which nobody asks for here."""

_SEQUENCE, _INTEGER, _BITS, _EXTENSIONS = 0x30, 0x02, 0x03, 0xA0
_TIMES = (0x17, 0x18)
_SMALL = 64 * 1024
"""Bytes of everything but the entries; real lists have some hundred."""
_KINDS = 1000
"""Different extensions of entries that are read."""

_TRUE = b"\x01\x01\xff"
# X.690, 11.1: the only TRUE of DER.
_RARE = 3
"""Octets that do not occur by chance are more than these."""
_OTHER_ISSUER_OID = bytes.fromhex("0603551d1d")


class Entry(Structure):
    """One revoked certificate."""

    _fields: ClassVar[Fields] = [
        ("serial", Integer),
        ("at", Time),
        ("extensions", Extensions, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of a list, as DER. Nothing is checked but that they are there, in order, and within bounds."""

    signed: bytes
    """tbsCertList."""
    algorithm: bytes
    signature: bytes
    issuer: bytes
    this_update: bytes
    next_update: bytes | None
    extensions: bytes | None
    entries: tuple[int, int]
    """Where revokedCertificates begins and ends in `signed`, its own head left out."""


@dataclass(slots=True)
class Findings:
    """What of the entries matters for one certificate."""

    found: list[Untyped] = field(default_factory=list)
    """Every Entry with its serial number."""
    demands: set[str] = field(default_factory=set)
    """OIDs of what entries want to be obeyed and is not understood here, whosever entries they are."""


def outline(data: bytes) -> Outline:
    """Take a CertificateList apart. Raises ValueError."""
    (whole,) = _elements(data, 0, len(data), 1)
    _expect(data, whole, _SEQUENCE)
    tbs, algorithm, signature = _elements(data, whole.begin, whole.end, 3)
    _expect(data, tbs, _SEQUENCE)
    _expect(data, algorithm, _SEQUENCE)
    _expect(data, signature, _BITS)
    if data[signature.begin : signature.begin + 1] != b"\0":
        raise ValueError("unused bits")
    signed = data[tbs.at : tbs.end]
    parts = _elements(signed, tbs.begin - tbs.at, len(signed), 7)
    if parts and signed[parts[0].at] == _INTEGER:
        parts.pop(0)
    inner, issuer, this_update, *rest = parts
    for one in (inner, issuer):
        _expect(signed, one, _SEQUENCE)
    _expect(signed, this_update, *_TIMES)
    next_update = rest.pop(0) if rest and signed[rest[0].at] in _TIMES else None
    revoked = rest.pop(0) if rest and signed[rest[0].at] == _SEQUENCE else None
    extensions = rest.pop(0) if rest and signed[rest[0].at] == _EXTENSIONS else None
    if rest:
        raise ValueError("more than a list has")
    outer = _small(data, algorithm)
    # RFC 5280, 5.1.1.2: both say the same.
    if _small(signed, inner) != outer:
        raise ValueError("algorithm")
    return Outline(
        signed=signed,
        algorithm=outer,
        signature=_small(data, signature)[signature.begin - signature.at + 1 :],
        issuer=_small(signed, issuer),
        this_update=_small(signed, this_update),
        next_update=_small(signed, next_update) if next_update else None,
        extensions=_small(signed, extensions)[extensions.begin - extensions.at :] if extensions else None,
        entries=(revoked.begin, revoked.end) if revoked else (0, 0),
    )


def look(list_: Outline, serial: int) -> Findings:
    """Walk all entries; read those that may have this serial number, or demand something. Raises ValueError."""
    data, (at, end) = list_.signed, list_.entries
    findings, seen = Findings(), set[bytes]()
    marks = [_Mark(data, pattern, at, end) for pattern in (*_ways(serial), _TRUE, _OTHER_ISSUER_OID)]
    mark = min(one.at for one in marks)
    while at < end - 1:
        # The whole loop is this header, some hundred thousand times.
        if data[at] != _SEQUENCE:
            raise ValueError("entry")
        size = data[at + 1]
        after = at + 2 + size if size < 0x80 else _past(data, at, end)
        if after > end:
            raise ValueError("entry")
        if after > mark:
            _read(data[at:after], serial, findings, seen)
            mark = min(one.from_(after) for one in marks)
        at = after
    if at != end:
        raise ValueError("entry")
    return findings


def _read(der: bytes, serial: int, findings: Findings, seen: set[bytes]) -> None:
    """Judge one entry in which a mark was met; most marks are chance."""
    _, begin = _body(der, 0, len(der))
    first, time, *rest = _elements(der, begin, len(der), 3)
    _expect(der, first, _INTEGER)
    _expect(der, time, *_TIMES)
    if int.from_bytes(der[first.begin : first.end], "big", signed=True) == serial:
        if not sound(der):
            raise ValueError("outline of an entry")
        findings.found.append(Entry.load(der, strict=True))
    tail = der[time.end :]
    if not rest or tail in seen:
        return
    if len(seen) == _KINDS or not sound(tail):
        raise ValueError("extensions of entries")
    seen.add(tail)
    for one in Extensions.load(tail, strict=True):
        oid = one["oid"].dotted
        if oid == OTHER_ISSUER or (one["critical"].native and oid not in _UNDERSTOOD):
            findings.demands.add(oid)


def _ways(serial: int) -> Sequence[bytes]:
    """Bytes one of which occurs in every INTEGER of this value, in DER's one way or written too long."""
    size = (serial if serial >= 0 else ~serial).bit_length() // 8 + 1
    shortest = serial.to_bytes(size, "big", signed=True)
    if size > _RARE:
        return (shortest,)
    # Two octets are met everywhere, so they count only behind a head or behind more of the sign.
    sign = b"\0" if serial >= 0 else b"\xff"
    return bytes([_INTEGER, size]) + shortest, bytes([0x81, size]) + shortest, sign + shortest


class _Mark:
    """Where bytes occur next, looked for once: places behind the end are not looked for again."""

    def __init__(self, data: bytes, pattern: bytes, at: int, end: int) -> None:
        self._data, self._pattern, self._end = data, pattern, end
        self.at = self._next(at)

    def from_(self, at: int) -> int:
        if self.at < at:
            self.at = self._next(at)
        return self.at

    def _next(self, at: int) -> int:
        found = self._data.find(self._pattern, at, self._end)
        return len(self._data) if found < 0 else found


@dataclass(frozen=True, slots=True)
class _Element:
    at: int
    begin: int
    """Of its contents."""
    end: int


def _elements(data: bytes, at: int, end: int, most: int) -> list[_Element]:
    found: list[_Element] = []
    while at < end:
        if len(found) == most:
            raise ValueError("too many parts")
        after, begin = _body(data, at, end)
        found.append(_Element(at, begin, after))
        at = after
    return found


def _body(data: bytes, at: int, end: int) -> tuple[int, int]:
    """(where the element at `at` ends, where its contents begin)."""
    place = contents(data, at, end)
    if place is None:
        raise ValueError("element")
    return place[1], place[0]


def _past(data: bytes, at: int, end: int) -> int:
    return _body(data, at, end)[0]


def _expect(data: bytes, element: _Element, *tags: int) -> None:
    if data[element.at] not in tags:
        raise ValueError("another part")


def _small(data: bytes, element: _Element) -> bytes:
    if element.end - element.at > _SMALL:
        raise ValueError("too large a part")
    der = data[element.at : element.end]
    if not sound(der):
        raise ValueError("outline")
    return der

"""Packages made byte by byte, so that any field can lie."""

from __future__ import annotations

import lzma
import struct
import zlib
from dataclasses import dataclass, field

ENTRY = "程序/启动 器"
"""What every package here starts, unless it is about its absence."""
GOOD = b"#!/bin/sh\necho ok\n"


def deflated(data: bytes) -> bytes:
    """As zip stores it: no zlib header."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    return press.compress(data) + press.flush()


@dataclass
class Member:
    """One zip entry. `local` and `central` replace fields of one header only; `both` of both."""

    name: bytes
    data: bytes = b""
    method: int = 8
    flags: int = 0x800
    mode: int = 0o100644
    attributes: int = 0
    extra: bytes = b""
    behind: bytes = b""
    """Bytes between this entry and the next."""
    both: dict[str, int] = field(default_factory=dict)
    local: dict[str, object] = field(default_factory=dict)
    central: dict[str, object] = field(default_factory=dict)


def good(name: str = ENTRY, data: bytes = GOOD, mode: int = 0o100755) -> Member:
    return Member(name.encode(), data, mode=mode)


def zipped(*members: Member, before: bytes = b"", after: bytes = b"", end: dict[str, int] | None = None) -> bytes:
    """The zip of the entry that is started and `members`. `end` replaces fields of the last record."""
    return zipped_only(good(), *members, before=before, after=after, end=end)


def zipped_only(*members: Member, before: bytes = b"", after: bytes = b"", end: dict[str, int] | None = None) -> bytes:
    out, directory = bytearray(before), bytearray()
    for one in members:
        packed = deflated(one.data) if one.method == 8 else one.data
        fields: dict[str, object] = {
            "name": one.name,
            "flags": one.flags,
            "method": one.method,
            "crc": zlib.crc32(one.data),
            "packed": len(packed),
            "size": len(one.data),
            "extra": one.extra,
            "offset": len(out),
            "disk": 0,
            **one.both,
        }
        here = {**fields, **one.local}
        out += struct.pack(
            "<4s5H3I2H",
            *(b"PK\x03\x04", 20, here["flags"], here["method"], 0, 0x5A21),
            *(here["crc"], here["packed"], here["size"], len(here["name"]), len(here["extra"])),  # type: ignore[arg-type]
        )
        out += here["name"] + here["extra"] + packed + one.behind  # type: ignore[operator]
        there = {**fields, **one.central}
        directory += struct.pack(
            "<4s6H3I5H2I",
            *(b"PK\x01\x02", 0x031E, 20, there["flags"], there["method"], 0, 0x5A21),
            *(there["crc"], there["packed"], there["size"]),
            *(len(there["name"]), len(there["extra"]), 0, there["disk"], 0),  # type: ignore[arg-type]
            *(one.mode << 16 | one.attributes, there["offset"]),
        )
        directory += there["name"] + there["extra"]  # type: ignore[operator]
    last = {"count": len(members), "here": len(members), "length": len(directory), "start": len(out), "disk": 0}
    last.update(end or {})
    return bytes(
        out
        + directory
        + struct.pack(
            "<4s4H2IH",
            *(b"PK\x05\x06", last["disk"], 0, last["here"], last["count"], last["length"], last["start"], 0),
        )
        + after
    )


def tarred_member(
    name: bytes, data: bytes = b"", kind: bytes = b"0", *, mode: int = 0o644, link: bytes = b"", **fields: bytes
) -> bytes:
    """A tar header with its data. `fields`: size, magic, sum, prefix – as bytes, as they stand there."""
    head = bytearray(512)

    def put(place: int, value: bytes) -> None:
        head[place : place + len(value)] = value

    put(0, name)
    put(100, b"%07o\0" % mode)
    put(108, b"0000000\0" * 2)
    put(124, fields.get("size", b"%011o\0" % len(data)))
    put(136, b"15000000000\0")
    put(156, kind)
    put(157, link)
    put(257, fields.get("magic", b"ustar\x0000"))
    put(345, fields.get("prefix", b""))
    put(148, b" " * 8)
    put(148, fields.get("sum", b"%06o\0 " % sum(head)))
    return bytes(head) + data + bytes(-len(data) % 512)


def pax(**records: str) -> bytes:
    """The content of a pax header."""
    out = b""
    for key, value in records.items():
        body = f" {key.replace('__', '.')}={value}\n".encode()
        length = len(body)
        while len(str(length)) + len(body) != length:
            length = len(str(length)) + len(body)
        out += str(length).encode() + body
    return out


def tarred(*members: bytes, end: bytes = bytes(1024)) -> bytes:
    """The tar.xz of the entry that is started and `members`."""
    return lzma.compress(tarred_member(ENTRY.encode(), GOOD, mode=0o755) + b"".join(members) + end, preset=0)

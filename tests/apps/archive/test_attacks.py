"""Hostile packages: each refused for its own reason, nothing written outside, what was written can be removed."""

from __future__ import annotations

import lzma
import struct
import zlib
from pathlib import Path

import pytest

from tests.apps.archive.cage import Cage
from tests.apps.archive.raw import ENTRY, GOOD, Member, good, pax, tarred, tarred_member, zipped, zipped_only
from xieka.apps.archive import names as names_module
from xieka.core.errors import XiekaError

NAMES = [
    pytest.param("/evil", "E-PKG-10", "absolute", id="absolute"),
    pytest.param("/etc/cron.d/evil", "E-PKG-10", "absolute", id="absolute-system"),
    pytest.param("C:/Windows/evil.dll", "E-PKG-10", "drive", id="drive"),
    pytest.param("c:evil", "E-PKG-10", "drive", id="drive-relative"),
    pytest.param("//server/share/evil", "E-PKG-10", "network", id="unc"),
    pytest.param("\\\\server\\share\\evil", "E-PKG-10", "network", id="unc-backslash"),
    pytest.param("\\evil", "E-PKG-10", "absolute", id="backslash-root"),
    pytest.param("../evil", "E-PKG-10", "parent", id="parent"),
    pytest.param("a/b/../../../evil", "E-PKG-10", "parent", id="parent-inside"),
    pytest.param("a/..", "E-PKG-10", "parent", id="parent-last"),
    pytest.param("..\\evil", "E-PKG-10", "parent", id="parent-backslash"),
    pytest.param("a//b", "E-PKG-11", "empty", id="empty-part"),
    pytest.param("./a", "E-PKG-11", "empty", id="dot"),
    pytest.param("a/./b", "E-PKG-11", "empty", id="dot-inside"),
    pytest.param("a\\b", "E-PKG-11", "backslash", id="backslash"),
    pytest.param("a\nb", "E-PKG-11", "control", id="line-feed"),
    pytest.param("a\x1b[2Jb", "E-PKG-11", "control", id="escape"),
    pytest.param("a\x7fb", "E-PKG-11", "control", id="delete"),
    pytest.param("报告\u202efdp.exe", "E-PKG-11", "control", id="bidi-override"),
    pytest.param("a\u2066b", "E-PKG-11", "control", id="bidi-isolate"),
    pytest.param("a\u200bb", "E-PKG-11", "control", id="zero-width"),
    pytest.param("a\u2028b", "E-PKG-11", "control", id="line-separator"),
    pytest.param("CON", "E-PKG-11", "device", id="device"),
    pytest.param("dir/nul.txt", "E-PKG-11", "device", id="device-extension"),
    pytest.param("Com1.tar.gz", "E-PKG-11", "device", id="device-two-extensions"),
    pytest.param("lpt9 .x", "E-PKG-11", "device", id="device-blank"),
    pytest.param("COM¹", "E-PKG-11", "device", id="device-superscript"),
    pytest.param("aux/a", "E-PKG-11", "device", id="device-folder"),
    pytest.param("conin$", "E-PKG-11", "device", id="device-console"),
    pytest.param("a.", "E-PKG-11", "blank-or-dot", id="dot-at-end"),
    pytest.param("a /b", "E-PKG-11", "blank-or-dot", id="blank-at-end"),
    pytest.param(" a", "E-PKG-11", "blank-or-dot", id="blank-at-begin"),
    pytest.param("...", "E-PKG-11", "blank-or-dot", id="three-dots"),
    pytest.param("a.txt:evil", "E-PKG-11", "stream", id="alternate-stream"),
    pytest.param("ab::$DATA", "E-PKG-11", "stream", id="data-stream"),
    pytest.param("a*b", "E-PKG-11", "character", id="star"),
    pytest.param("长" * 86, "E-PKG-12", None, id="part-of-258-bytes"),
    pytest.param("/".join(["p" * 200] * 5), "E-PKG-12", None, id="path-of-1004-bytes"),
    pytest.param("/".join("d" * 33), "E-PKG-12", None, id="33-folders-deep"),
]


@pytest.mark.parametrize("form", ["zip", "tar.xz"])
@pytest.mark.parametrize(("name", "code", "detail"), NAMES)
def test_names(tmp_path: Path, form: str, name: str, code: str, detail: str | None) -> None:
    raw = name.encode()
    if form == "zip":
        data = zipped(Member(raw, b"evil"))
    elif len(raw) > 100:
        data = tarred(tarred_member(b"x", raw + b"\0", b"L", magic=b"ustar  \0"), tarred_member(b"x", b"evil"))
    else:
        data = tarred(tarred_member(raw, b"evil"))
    refused(tmp_path, data, form, code, detail)


def lied(**fields: int) -> Member:
    """One entry whose data is the other's, as the better zip bomb has it."""
    return Member(b"b", b"bbbb", central=dict(fields))


def wide(size: int, packed: int) -> bytes:
    return struct.pack("<2H2Q", 1, 16, size, packed)


BOMB = bytes(3 << 20)
HUGE = 0xFFFF_FFFF
FOLDER = 0o040755

ZIPS = [
    pytest.param(zipped(Member(b"l", b"/etc/passwd", mode=0o120777)), "E-PKG-13", "link", id="symlink"),
    pytest.param(zipped(Member(b"l", attributes=0x400)), "E-PKG-13", "special", id="windows-junction"),
    pytest.param(zipped(Member(b"d", mode=0o060644)), "E-PKG-13", "special", id="block-device"),
    pytest.param(zipped(Member(b"p", mode=0o010644)), "E-PKG-13", "special", id="pipe"),
    pytest.param(zipped(Member(b"s", mode=0o140644)), "E-PKG-13", "special", id="socket"),
    pytest.param(zipped(Member(b"a\0b", b"x")), "E-PKG-11", "control", id="nul-in-name"),
    pytest.param(zipped(Member(b"")), "E-PKG-11", "empty", id="no-name"),
    pytest.param(zipped(good("a"), good("a")), "E-PKG-14", None, id="twice"),
    pytest.param(zipped(good("Read.me"), good("read.ME")), "E-PKG-14", None, id="case"),
    pytest.param(zipped(good("é"), good("e\u0301")), "E-PKG-14", None, id="composed-and-not"),
    pytest.param(zipped(good("straße"), good("STRASSE")), "E-PKG-14", None, id="sharp-s"),
    pytest.param(zipped(good("lib/a"), good("LIB/b")), "E-PKG-14", None, id="case-of-folder"),
    pytest.param(zipped(good("a"), good("a/b")), "E-PKG-14", None, id="folder-below-file"),
    pytest.param(zipped(good("a/b"), good("a")), "E-PKG-14", None, id="file-over-folder"),
    pytest.param(zipped(Member(b"a/", mode=FOLDER), good("A")), "E-PKG-14", None, id="file-like-folder-entry"),
    pytest.param(zipped(*[Member(b"a/", method=0, mode=FOLDER)] * 2), "E-PKG-14", None, id="folder-twice"),
    pytest.param(zipped(Member("长".encode(), flags=0)), "E-PKG-15", None, id="utf-8-not-flagged"),
    pytest.param(zipped(Member("长".encode("gb18030"))), "E-PKG-15", None, id="gbk-flagged-as-utf-8"),
    pytest.param(zipped(Member(b"\xc0\xae\xc0\xae/evil")), "E-PKG-15", None, id="overlong-dots"),
    pytest.param(zipped(Member(b"\xed\xa0\x80")), "E-PKG-15", None, id="surrogate"),
    pytest.param(zipped(Member(b"a", b"x", flags=0x801)), "E-PKG-16", None, id="encrypted"),
    pytest.param(zipped(Member(b"a", b"x", flags=0x2800)), "E-PKG-16", None, id="masked-headers"),
    pytest.param(zipped(Member(b"a", extra=struct.pack("<2H", 0x9901, 0))), "E-PKG-16", None, id="aes"),
    pytest.param(zipped(Member(b"a", b"x", both={"method": 12})), "E-PKG-17", "method-12", id="bzip2"),
    pytest.param(zipped(Member(b"a", b"x", both={"method": 99})), "E-PKG-17", "method-99", id="unknown-method"),
    pytest.param(zipped(Member(b"a", b"x", flags=0x820)), "E-PKG-17", "flags-820", id="patch-data"),
    pytest.param(zipped(Member(b"a", BOMB)), "E-PKG-19", None, id="bomb"),
    pytest.param(zipped(Member(b"a", BOMB, both={"size": 10})), "E-PKG-20", "size", id="bomb-with-small-size"),
    pytest.param(
        zipped(Member(b"a", b"x", both={"size": HUGE}, extra=wide(1 << 40, 3)[:4] + bytes(16))),
        "E-PKG-20",
        "zip64",
        id="zip64-field-too-long",
    ),
    pytest.param(
        zipped(Member(b"a", b"x", both={"size": HUGE}, extra=struct.pack("<2HQ", 1, 8, 1 << 50))),
        "E-PKG-19",
        None,
        id="zip64-petabyte",
    ),
    pytest.param(zipped(Member(b"a", b"x", both={"size": HUGE})), "E-PKG-20", "zip64", id="zip64-field-missing"),
    pytest.param(zipped(Member(b"a", b"x", extra=wide(9, 9))), "E-PKG-20", "zip64", id="zip64-field-not-needed"),
    pytest.param(zipped(Member(b"a", b"xy"), lied(offset=0)), "E-PKG-20", "gap-or-overlap", id="two-entries-one-place"),
    pytest.param(
        zipped_only(
            Member(ENTRY.encode(), method=0, data=zipped_only(good("kernel", bytes(1000)))[:-60]),
            lied(offset=30 + len(ENTRY.encode())),
        ),
        "E-PKG-20",
        "gap-or-overlap",
        id="overlap-quoted",
    ),
    pytest.param(zipped(Member(b"a", b"x", local={"name": b"b"})), "E-PKG-20", "local-header", id="two-names"),
    pytest.param(zipped(Member(b"a", b"x", local={"method": 0})), "E-PKG-20", "local-header", id="two-methods"),
    pytest.param(zipped(Member(b"a", b"x", local={"flags": 0})), "E-PKG-20", "local-header", id="two-flags"),
    pytest.param(zipped(Member(b"a", b"x", local={"size": 7})), "E-PKG-20", "local-header", id="two-sizes"),
    pytest.param(zipped(Member(b"a", b"x", local={"crc": 7})), "E-PKG-20", "local-header", id="two-sums"),
    pytest.param(zipped(Member(b"a", b"x", flags=0x808)), "E-PKG-20", "descriptor", id="descriptor-missing"),
    pytest.param(
        zipped(Member(b"a", b"x", flags=0x808, behind=bytes(12))), "E-PKG-20", "descriptor", id="descriptor-lies"
    ),
    pytest.param(
        zipped(Member(b"a", extra=struct.pack("<2H", 0x7075, 5) + b"evil!")),
        "E-PKG-20",
        "unicode-path",
        id="second-name-in-extra-field",
    ),
    pytest.param(zipped(Member(b"a", extra=b"\1\0\xff")), "E-PKG-20", "extra-field", id="extra-field-cut"),
    pytest.param(b"MZ" * 100 + zipped(), "E-PKG-20", "directory-place", id="prepended"),
    pytest.param(zipped(before=b"MZ" * 100), "E-PKG-20", "gap-or-overlap", id="prepended-and-counted"),
    pytest.param(zipped(after=b"more"), "E-PKG-21", "no-directory-at-end", id="trailing"),
    pytest.param(zipped(after=zipped()), "E-PKG-20", "directory-place", id="two-zips"),
    pytest.param(zipped(Member(b"a", b"x", behind=b"hidden")), "E-PKG-20", "gap-or-overlap", id="gap"),
    pytest.param(zipped(end={"here": 1, "count": 2}), "E-PKG-20", "disks", id="many-disks"),
    pytest.param(zipped(end={"here": 9, "count": 9}), "E-PKG-21", "end-of-file", id="more-entries-said"),
    pytest.param(zipped(good("a"), end={"here": 1, "count": 1}), "E-PKG-20", "directory-size", id="fewer-said"),
    pytest.param(zipped(Member(b"a/", b"xyz", mode=FOLDER)), "E-PKG-20", "folder-with-data", id="folder-with-data"),
    pytest.param(zipped(Member(b"a", mode=FOLDER)), "E-PKG-20", "folder-or-file", id="folder-without-slash"),
    pytest.param(zipped(Member(b"a/", mode=0o100644)), "E-PKG-20", "folder-or-file", id="file-with-slash"),
    pytest.param(zipped(Member(b"a", b"xx", method=0, both={"size": 1})), "E-PKG-20", "stored-size", id="stored-size"),
    pytest.param(zipped(Member(b"a", b"x", both={"crc": 1})), "E-PKG-21", "crc", id="crc"),
    pytest.param(zipped(Member(b"a", b"x", both={"size": 2})), "E-PKG-20", "size", id="too-few-bytes"),
    pytest.param(zipped()[:-30], "E-PKG-21", "no-directory-at-end", id="truncated"),
    pytest.param(b"", "E-PKG-21", "end-of-file", id="nothing"),
    pytest.param(b"PK", "E-PKG-21", "end-of-file", id="two-bytes"),
    pytest.param(zipped_only(good("other")), "E-PKG-23", None, id="no-entry"),
    pytest.param(zipped_only(Member(ENTRY.encode() + b"/", mode=FOLDER)), "E-PKG-23", None, id="entry-is-folder"),
    pytest.param(tarred(), "E-PKG-21", "no-directory-at-end", id="a-tar"),
]


def huge_dictionary() -> bytes:
    """A stream that says it needs 1.5 GiB, checked by its own sums."""
    data = bytearray(tarred())
    at = 12  # the first block's header, after the stream's
    size = (data[at] + 1) * 4
    place = data.index(b"\x21\x01", at) + 2
    data[place] = 39
    data[at + size - 4 : at + size] = struct.pack("<I", zlib.crc32(data[at : at + size - 4]))
    return bytes(data)


def plain_tar(end: bytes = bytes(1024)) -> bytes:
    return tarred_member(ENTRY.encode(), GOOD, mode=0o755) + end


X = tarred_member
TARS = [
    pytest.param(tarred(X(b"l", kind=b"2", link=b"/etc/passwd")), "E-PKG-13", "link", id="symlink"),
    pytest.param(
        tarred(X(b"d", kind=b"2", link=b".."), X(b"d/evil", b"x")), "E-PKG-13", "link", id="write-through-symlink"
    ),
    pytest.param(tarred(X(b"h", kind=b"1", link=b"../canary")), "E-PKG-13", "link", id="hardlink"),
    pytest.param(tarred(X(b"f", b"x", link=b"../canary")), "E-PKG-13", "link", id="file-with-link-name"),
    pytest.param(tarred(X(b"c", kind=b"3")), "E-PKG-13", "device", id="character-device"),
    pytest.param(tarred(X(b"b", kind=b"4")), "E-PKG-13", "device", id="block-device"),
    pytest.param(tarred(X(b"p", kind=b"6")), "E-PKG-13", "pipe", id="pipe"),
    pytest.param(tarred(X(b"s", kind=b"S")), "E-PKG-13", "sparse", id="sparse"),
    pytest.param(tarred(X(b"m", kind=b"M")), "E-PKG-13", "gnu-special", id="volume-continued"),
    pytest.param(tarred(X(b"k", b"../evil\0", b"K")), "E-PKG-13", "link", id="gnu-long-link"),
    pytest.param(tarred(X(b"z", kind=b"Z")), "E-PKG-17", "tar-type-5a", id="unknown-type"),
    pytest.param(
        tarred(X(b"x", pax(path="../evil"), b"x"), X(b"a", b"x")), "E-PKG-10", "parent", id="pax-path-outside"
    ),
    pytest.param(tarred(X(b"x", pax(path=ENTRY), b"x"), X(b"a", b"x")), "E-PKG-14", None, id="pax-path-of-another"),
    pytest.param(tarred(X(b"x", pax(path="a\0b"), b"x"), X(b"a")), "E-PKG-11", "control", id="pax-path-with-nul"),
    pytest.param(tarred(X(b"x", pax(size="1"), b"x"), X(b"a", b"xxx")), "E-PKG-20", "pax-size", id="pax-size"),
    pytest.param(tarred(X(b"x", pax(linkpath="../c"), b"x"), X(b"a")), "E-PKG-13", "link", id="pax-linkpath"),
    pytest.param(
        tarred(X(b"x", pax(GNU__sparse__name="/evil"), b"x"), X(b"a")), "E-PKG-13", "sparse", id="pax-sparse-name"
    ),
    pytest.param(
        tarred(X(b"x", pax(hdrcharset="BINARY"), b"x"), X(b"a")), "E-PKG-20", "pax-hdrcharset", id="pax-charset"
    ),
    pytest.param(tarred(X(b"g", pax(path="evil"), b"g"), X(b"a")), "E-PKG-20", "pax-global", id="pax-global-not-first"),
    pytest.param(
        lzma.compress(X(b"g", pax(path="evil"), b"g") + plain_tar()), "E-PKG-20", "pax-global", id="pax-global-path"
    ),
    pytest.param(tarred(X(b"x", b"99 path=a\n", b"x"), X(b"a")), "E-PKG-20", "pax", id="pax-length-lies"),
    pytest.param(tarred(X(b"x", pax(path="b"), b"x") * 2, X(b"a")), "E-PKG-20", "two-names", id="two-pax-headers"),
    pytest.param(tarred(X(b"x", pax(path="b"), b"x")), "E-PKG-20", "name-of-nothing", id="pax-for-nothing"),
    pytest.param(tarred(X(b"x", bytes(1 << 20), b"x")), "E-PKG-12", None, id="pax-of-a-megabyte"),
    pytest.param(tarred(X(b"a\0evil", b"x")), "E-PKG-11", "control", id="bytes-behind-name"),
    pytest.param(tarred(X(b"", b"x")), "E-PKG-11", "empty", id="no-name"),
    pytest.param(tarred(X(b"evil", b"x", prefix=b"..")), "E-PKG-10", "parent", id="prefix-outside"),
    pytest.param(tarred(X("长".encode("gb18030"), b"x")), "E-PKG-15", None, id="gbk"),
    pytest.param(tarred(X(b"a", b"x"), X(b"A", b"x")), "E-PKG-14", None, id="case"),
    pytest.param(tarred(X(b"a", b"x"), X(b"a/b", b"x")), "E-PKG-14", None, id="folder-below-file"),
    pytest.param(tarred(X(b"a/", kind=b"5"), X(b"a", b"x")), "E-PKG-14", None, id="file-over-folder"),
    pytest.param(tarred(X(b"a", BOMB)), "E-PKG-19", None, id="bomb"),
    pytest.param(tarred(X(b"a", size=b"\x80" + b"\0" * 10 + b"\x08")), "E-PKG-20", "tar-number", id="binary-size"),
    pytest.param(tarred(X(b"a", size=b"-0000000001\0")), "E-PKG-20", "tar-number", id="negative-size"),
    pytest.param(tarred(X(b"a", size=b"77777777777\0")), "E-PKG-21", "end-of-file", id="size-beyond-end"),
    pytest.param(tarred(X(b"a", b"x", sum=b"000000\0 ")), "E-PKG-21", "header-sum", id="header-sum"),
    pytest.param(tarred(X(b"a", b"x", magic=bytes(8))), "E-PKG-17", "tar-format", id="old-format"),
    pytest.param(tarred(X(b"a/", b"x", b"5")), "E-PKG-20", "folder-with-data", id="folder-with-data"),
    pytest.param(tarred(X(b"a", b"x")[:-1] + b"!"), "E-PKG-20", "padding", id="bytes-in-padding"),
    pytest.param(tarred(end=bytes(1024) + X(b"a", b"x")), "E-PKG-20", "bytes-behind-data", id="second-tar"),
    pytest.param(tarred(end=bytes(2 << 20)), "E-PKG-20", "bytes-behind-data", id="endless-zeros"),
    pytest.param(tarred(end=b""), "E-PKG-21", "end-of-file", id="no-end"),
    pytest.param(tarred(end=bytes(512)), "E-PKG-21", "end-of-file", id="half-an-end"),
    pytest.param(tarred() + b"more", "E-PKG-20", "bytes-behind-data", id="trailing"),
    pytest.param(tarred() + tarred(), "E-PKG-20", "bytes-behind-data", id="second-stream"),
    pytest.param(b"MZ" + tarred(), "E-PKG-21", "xz", id="prepended"),
    pytest.param(tarred()[:-20], "E-PKG-21", "end-of-file", id="truncated"),
    pytest.param(tarred()[:-30] + bytes(1) + tarred()[-29:], "E-PKG-21", "xz", id="flipped-byte"),
    pytest.param(huge_dictionary(), "E-PKG-22", None, id="huge-dictionary"),
    pytest.param(lzma.compress(plain_tar(), lzma.FORMAT_ALONE), "E-PKG-21", "xz", id="lzma-alone"),
    pytest.param(lzma.compress(X(b"other", b"x") + bytes(1024)), "E-PKG-23", None, id="no-entry"),
    pytest.param(b"", "E-PKG-21", "end-of-file", id="nothing"),
    pytest.param(zipped(), "E-PKG-21", "xz", id="a-zip"),
]


def refused(tmp_path: Path, data: bytes, form: str, code: str, detail: str | None) -> None:
    cage = Cage(tmp_path)
    with pytest.raises(XiekaError) as error:
        cage.unpack(data, form)
    assert (error.value.code, error.value.params.get("detail")) == (code, detail)
    body = error.value.body()
    assert all(char.isprintable() for char in body["what"] + body["kept"] + body["do"])
    cage.check()


@pytest.mark.parametrize(("data", "code", "detail"), ZIPS)
def test_zips(tmp_path: Path, data: bytes, code: str, detail: str | None) -> None:
    refused(tmp_path, data, "zip", code, detail)


@pytest.mark.parametrize(("data", "code", "detail"), TARS)
def test_tars(tmp_path: Path, data: bytes, code: str, detail: str | None) -> None:
    refused(tmp_path, data, "tar.xz", code, detail)


@pytest.mark.parametrize("form", ["zip", "tar.xz"])
def test_more_files_than_allowed(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_module, "FILES_LIMIT", 5)
    many = [f"文件{number}" for number in range(5)]
    data = zipped(*map(good, many)) if form == "zip" else tarred(*(X(one.encode()) for one in many))
    refused(tmp_path, data, form, "E-PKG-18", None)


def test_every_name_of_a_zip_is_judged_before_the_first_file_is_written(tmp_path: Path) -> None:
    cage = Cage(tmp_path)
    with pytest.raises(XiekaError):
        cage.unpack(zipped(*(good(f"f{n}") for n in range(50)), Member(b"../evil")), "zip")
    assert list(cage.into.iterdir()) == []


def test_setuid_is_dropped_and_nothing_may_write_but_the_owner(tmp_path: Path) -> None:
    for form, data in {
        "zip": zipped(Member(b"s", b"x", mode=0o106777), Member(b"w", b"x", mode=0o100666)),
        "tar.xz": tarred(X(b"s", b"x", mode=0o6777), X(b"w", b"x", mode=0o666)),
    }.items():
        cage = Cage(tmp_path / form)
        assert [(one.path, one.executable) for one in cage.unpack(data, form)][1:] == [("s", True), ("w", False)]
        assert ((cage.into / "s").stat().st_mode & 0o7777, (cage.into / "w").stat().st_mode & 0o7777) == (0o755, 0o644)
        cage.check()


def test_a_link_put_in_the_way_while_unpacking_is_not_followed(tmp_path: Path) -> None:
    cage = Cage(tmp_path)
    (cage.into / "程序").symlink_to(cage.root)
    with pytest.raises(XiekaError, match="E-INS-19"):
        cage.unpack(zipped(), "zip")
    (cage.into / "程序").unlink()
    (cage.into / "程序").mkdir()
    (cage.into / "程序" / "启动 器").symlink_to(cage.root / "evil")
    with pytest.raises(XiekaError, match="E-INS-19"):
        cage.unpack(zipped(), "zip")
    (cage.into / "程序" / "启动 器").unlink()
    cage.check()

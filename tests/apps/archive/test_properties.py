"""Whatever a package is made of: benign names come back as they were, hostile bytes never get out."""

from __future__ import annotations

import io
import lzma
import random
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apps.archive.cage import Cage
from tests.apps.archive.raw import ENTRY, GOOD, Member, good, pax, tarred_member, zipped
from xieka.core.errors import XiekaError

PART = st.text("abcXYZ019_-+()[] .'~,;&%中文件名报表，。ñßéİ\U0001f600", min_size=1, max_size=40).filter(
    lambda name: name.strip(" .") == name and name != "程序"
)
FOLDERS = st.sampled_from(["", "资料/", "lib dir/", "资料/子 目录/"])
NAMES = st.lists(st.tuples(FOLDERS, PART), max_size=12, unique_by=lambda pair: pair[1].casefold().upper().casefold())


@pytest.mark.parametrize("form", ["zip", "tar.xz"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=NAMES, contents=st.lists(st.binary(max_size=2000), min_size=12, max_size=12))
def test_benign_names_come_back(form: str, names: list[tuple[str, str]], contents: list[bytes]) -> None:
    taken = {"资料", "lib dir", "子 目录"}
    files = {folder + name: data for (folder, name), data in zip(names, contents, strict=False) if name not in taken}
    files[ENTRY] = GOOD
    out = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(out, "w", 8) as package:
            for name, data in files.items():
                package.writestr(name, data)
    else:
        with tarfile.open(fileobj=out, mode="w:xz", preset=0) as package:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                package.addfile(info, io.BytesIO(data))
    with tempfile.TemporaryDirectory() as root:
        cage = Cage(Path(root))
        written = cage.unpack(out.getvalue(), form)
        assert {one.path: (cage.into / one.path).read_bytes() for one in written} == files
        cage.check()


ZIP = zipped(
    Member("资料/".encode(), method=0, mode=0o040755),
    good("资料/说明.txt", b"text" * 300, 0o644),
    Member(b"stored", bytes(range(256)), method=0),
)
TAR = b"".join(
    [
        tarred_member(ENTRY.encode(), GOOD, mode=0o755),
        tarred_member("资料/".encode(), kind=b"5", mode=0o755),
        tarred_member(b"x", pax(path="资料/很长的.txt", mtime="1700000000.5"), b"x"),
        tarred_member(b"short", b"text" * 300),
        tarred_member(b"././@LongLink", b"long/name\0", b"L", magic=b"ustar  \0"),
        tarred_member(b"long", b"x", magic=b"ustar  \0"),
        bytes(10240),
    ]
)
EVIL = [
    b"../",
    b"/",
    b"..\\",
    b"\0",
    b"C:",
    b"\xff",
    b"1",
    b"2",
    b"x",
    b"path=/e\n",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"777",
]


def mutated(data: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, cut, doubled or replaced by something telling."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        place, length = dice.randrange(len(out) + 1), dice.choice([1, 1, 1, 2, 4, 30, 512])
        piece = dice.choice([*EVIL, bytes([dice.randrange(256)]), dice.randbytes(length), bytes(out[place:][:length])])
        how = dice.randrange(8)
        if how < 5:
            out[place : place + len(piece)] = piece
        elif how < 6:
            out[place:place] = piece
        elif how < 7:
            del out[place : place + length]
        else:
            del out[max(place, 1) :]
        if not out:
            break
    return bytes(out)


def summed(tar: bytes) -> bytes:
    """With right check sums wherever a header looks like one, so that the change is looked at."""
    out = bytearray(tar)
    for place in range(0, len(out) - 511, 512):
        if out[place + 257 : place + 262] == b"ustar":
            out[place + 148 : place + 156] = b" " * 8
            out[place + 148 : place + 156] = b"%06o\0 " % sum(out[place : place + 512])
    return bytes(out)


def attack(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 — repeatable, not secret
    kind = seed % 4
    if kind == 0:
        form, data = "zip", mutated(ZIP, dice)
    elif kind == 1:
        form, data = "tar.xz", mutated(lzma.compress(TAR, preset=0), dice)
    else:
        form, data = "tar.xz", lzma.compress(summed(mutated(TAR, dice)) if kind == 2 else mutated(TAR, dice), preset=0)
    with tempfile.TemporaryDirectory() as root:
        cage = Cage(Path(root))
        try:
            for one in cage.unpack(data, form, 100_000):
                assert (cage.into / one.path).stat().st_size == one.size
        except XiekaError as error:
            error.body()
        cage.check()


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 1 << 40))
def test_changed_bytes_never_get_out(seed: int) -> None:
    attack(seed)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_changed_bytes_never_get_out_100000_times() -> None:
    for seed in range(100_000):
        attack(seed)

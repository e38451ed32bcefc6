"""Packages as publishers really make them."""

from __future__ import annotations

import hashlib
import io
import itertools
import lzma
import os
import struct
import subprocess
import tarfile
import threading
import time
import zipfile
from pathlib import Path

import pytest

from tests.apps.archive.cage import Cage
from tests.apps.archive.raw import ENTRY, GOOD, Member, good, pax, tarred, tarred_member, zipped
from xieka.apps import durable
from xieka.apps.archive import unpack as unpack_module
from xieka.apps.archive.unpack import unpack
from xieka.contract.apps import Archive
from xieka.core.errors import XiekaError

FILES = {
    ENTRY: GOOD,
    "资料/使用 说明.txt": "你好".encode() * 50_000,
    "资料/空.txt": b"",
    "lib/" + "很长的名字" * 12 + ".so": os.urandom(400_000),
    ".hidden": b"x",
    "a.tar.gz/b..c/d~1": b"y",
}


class Pipe(io.RawIOBase):
    """Where one cannot go back, as with a standard output."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(data)  # type: ignore[arg-type]


def on_disk(folder: Path) -> Path:
    for name, data in FILES.items():
        path = folder / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o755 if name == ENTRY else 0o644)
    return folder / "src"


def python_zip(folder: Path, method: int = 8, *, pipe: bool = False, wide: bool = False) -> bytes:
    out: Pipe | io.BytesIO = Pipe() if pipe else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:  # type: ignore[arg-type]
        for name, data in FILES.items():
            with package.open(name, "w", force_zip64=wide) as member:
                member.write(data)
    return out.data if isinstance(out, Pipe) else out.getvalue()


def python_tar(folder: Path, form: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz", format=form) as package:
        for name in sorted(path.name for path in on_disk(folder).iterdir()):
            package.add(folder / "src" / name, name)
    return out.getvalue()


def command(folder: Path, *words: str) -> bytes:
    source = on_disk(folder)
    out = folder / "out"
    places = sorted(path.name for path in source.iterdir())
    subprocess.run([*(str(out) if word == "OUT" else word for word in words), *places], cwd=source, check=True)
    return (folder / "out.zip" if words[0] == "zip" else out).read_bytes()


MADE = {
    "zip-deflate": lambda folder: python_zip(folder),
    "zip-stored": lambda folder: python_zip(folder, 0),
    "zip-streamed": lambda folder: python_zip(folder, pipe=True),
    "zip-wide": lambda folder: python_zip(folder, wide=True),
    "zip-wide-streamed": lambda folder: python_zip(folder, pipe=True, wide=True),
    "tar-pax": lambda folder: python_tar(folder, tarfile.PAX_FORMAT),
    "tar-gnu": lambda folder: python_tar(folder, tarfile.GNU_FORMAT),
    "tar-by-gnu-tar": lambda folder: command(folder, "tar", "-cJf", "OUT"),
    "tar-by-gnu-tar-posix": lambda folder: command(folder, "tar", "--format=posix", "-cJf", "OUT"),
}


@pytest.mark.parametrize("kind", MADE)
def test_round_trip(tmp_path: Path, kind: str) -> None:
    cage = Cage(tmp_path)
    written = cage.unpack(MADE[kind](tmp_path), kind[:3] if kind[:3] == "zip" else "tar.xz")
    assert {one.path for one in written} == set(FILES)
    for one in written:
        data = FILES[one.path]
        assert (one.size, one.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert one.executable == (one.path == ENTRY)
        path = cage.into / one.path
        assert path.read_bytes() == data
        # Windows has no such bits; Python makes them up.
        assert os.name != "posix" or path.stat().st_mode & 0o777 == (0o755 if one.executable else 0o644)
    found = {path.relative_to(cage.into).as_posix() for path in cage.into.rglob("*") if path.is_file()}
    assert found == set(FILES)
    cage.check()


def test_zip_by_info_zip_with_plain_names(tmp_path: Path) -> None:
    (tmp_path / "src" / "b").mkdir(parents=True)
    (tmp_path / "src" / "b" / "run").write_bytes(GOOD)
    shell = "zip -q -r ../a.zip . && zip -q -r - . | cat > ../b.zip"
    subprocess.run(["sh", "-c", shell], cwd=tmp_path / "src", check=True)
    for name in ("a.zip", "b.zip"):
        cage = Cage(tmp_path / f"for {name}")
        assert [one.path for one in cage.unpack((tmp_path / name).read_bytes(), "zip", entry="b/run")] == ["b/run"]


def test_git_says_in_a_global_header_which_commit_it_was(tmp_path: Path) -> None:
    head = tarred_member(b"pax_global_header", pax(comment="0" * 40), b"g")
    data = lzma.compress(head + tarred_member(ENTRY.encode(), GOOD) + bytes(10240))
    assert [one.path for one in Cage(tmp_path).unpack(data, "tar.xz")] == [ENTRY]


def test_what_is_started_can_be_executed_even_when_packed_on_windows(tmp_path: Path) -> None:
    packed = zipped(Member(b"a.txt", b"x", mode=0, attributes=0x20), Member(b"d/", mode=0, attributes=0x10, method=0))
    packed = packed.replace(b"\xed\x81", b"\x00\x00")
    written = Cage(tmp_path).unpack(packed, "zip")
    assert [(one.path, one.executable) for one in written] == [(ENTRY, True), ("a.txt", False)]


def test_times_stay_within_bounds(tmp_path: Path) -> None:
    cage = Cage(tmp_path)
    future, past = tarred_member(b"future", b"x"), tarred_member(b"past", b"x")
    sums = [(b"15000000000", b"77777777777"), (b"15000000000", b"00000000000")]
    made = []
    for block, (old, new) in zip((future, past), sums, strict=True):
        head = block[:148].replace(old, new) + b" " * 8 + block[156:512]
        made.append(head[:148] + b"%06o\0 " % sum(head) + head[156:] + block[512:])
    cage.unpack(tarred(*made), "tar.xz")
    assert time.time() - (cage.into / "future").stat().st_mtime < 60
    assert (cage.into / "past").stat().st_mtime == 315_532_800
    assert (cage.into / ENTRY).stat().st_mtime == 0o15000000000


def packed_zeros(folder: Path, size: int) -> Path:
    path = folder / "大 包.zip"
    with zipfile.ZipFile(path, "w", 8) as package:
        package.writestr(ENTRY, GOOD)
        with package.open("零", "w", force_zip64=True) as member:
            for _ in range(size >> 20):
                member.write(bytes(1 << 20))
    return path


def test_sizes_said_twice_are_taken_when_they_agree(tmp_path: Path) -> None:
    """As Python's zipfile wrote them before 3.11.4, beside the zip64 field; if one differs the package is refused."""
    data = bytearray(python_zip(tmp_path, 0, wide=True))
    struct.pack_into("<2L", data, 18, len(GOOD), len(GOOD))
    written = Cage(tmp_path / "same").unpack(bytes(data), "zip")
    assert {one.path for one in written} == set(FILES)
    struct.pack_into("<2L", data, 18, len(GOOD) + 1, len(GOOD))
    with pytest.raises(XiekaError, match="E-PKG-20"):
        Cage(tmp_path / "other").unpack(bytes(data), "zip")


def test_progress_counts_bytes_and_comes_at_most_ten_times_a_second(tmp_path: Path) -> None:
    package, into, told = packed_zeros(tmp_path, 256 << 20), tmp_path / "into", []
    into.mkdir()
    recipe = Archive(format="zip", entry=ENTRY, unpacked=1 << 30)
    unpack(package, recipe, into, lambda done, full: told.append((time.monotonic(), done, full)))
    assert told[-1][1:] == ((256 << 20) + len(GOOD), 1 << 30)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    # The last one tells the end, whenever that is.
    steps = [later[0] - earlier[0] for earlier, later in itertools.pairwise(told[:-1])]
    assert all(step >= 0.1 for step in steps)


def test_a_cancel_is_heard_within_100_ms(tmp_path: Path) -> None:
    package, into, cancel = packed_zeros(tmp_path, 512 << 20), tmp_path / "into", threading.Event()
    into.mkdir()
    at: list[float] = []

    def stop() -> None:
        at.append(time.monotonic())
        cancel.set()

    threading.Timer(0.3, stop).start()
    with pytest.raises(XiekaError, match="E-INS-18"):
        unpack(package, Archive(format="zip", entry=ENTRY, unpacked=2 << 30), into, None, cancel)
    assert time.monotonic() - at[0] < 0.1


def test_a_cancel_is_heard_while_the_disk_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel, into = threading.Event(), tmp_path / "into"
    into.mkdir()
    (tmp_path / "p").write_bytes(zipped())
    asleep = threading.Event()

    class Slow:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def syncfs(self, _: int) -> int:
            asleep.wait(5)
            return 0

    monkeypatch.setattr(durable.ctypes, "CDLL", Slow)
    threading.Timer(0.1, cancel.set).start()
    begun = time.monotonic()
    with pytest.raises(XiekaError, match="E-INS-18"):
        unpack(tmp_path / "p", Archive(format="zip", entry=ENTRY, unpacked=99), into, None, cancel)
    assert time.monotonic() - begun < 0.3
    asleep.set()


def test_an_error_of_the_disk_in_the_last_step_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> bool:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(unpack_module.durable, "force_all", failing)
    with pytest.raises(XiekaError) as error:
        Cage(tmp_path).unpack(zipped(), "zip")
    assert (error.value.code, error.value.params["detail"]) == ("E-INS-19", "EIO")


def test_exactly_the_announced_bytes_fit_and_one_more_does_not(tmp_path: Path) -> None:
    size = len(GOOD) + 1000
    for form, data in {
        "zip": zipped(good("a", bytes(1000))),
        "tar.xz": tarred(tarred_member(b"a", bytes(1000))),
    }.items():
        Cage(tmp_path / form).unpack(data, form, size)
        with pytest.raises(XiekaError, match="E-PKG-19"):
            Cage(tmp_path / form / "2").unpack(data, form, size - 1)


def test_without_a_package_there_is_nothing_to_do(tmp_path: Path) -> None:
    with pytest.raises(XiekaError, match="E-PKG-21"):
        unpack(tmp_path / "none", Archive(format="zip", entry="a", unpacked=1), tmp_path)

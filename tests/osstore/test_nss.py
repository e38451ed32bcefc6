"""The list of libraries in an NSS database: what is added, what is left alone, what is refused."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.osstore.computer import tool
from tests.osstore.conftest import Home
from tests.tokens.fill import MODULE
from xieka.core.errors import XiekaError
from xieka.osstore import nss
from xieka.osstore.models import Item, mark

OTHER = b"library=/opt/other/lib.so\nname=Other Card\nNSS=slotParams=(1={slotFlags=[RSA] askpw=any timeout=30})\n\n"


@pytest.fixture
def item(home: Home) -> Item:
    return Item("firm", home.library, b"")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(XiekaError) as refusal:
        act()
    return refusal.value.code


LISTS = {
    "as NSS writes it": lambda old: old,
    "another library behind": lambda old: old + OTHER,
    "another library before": lambda old: OTHER + old,
    "comments and odd keys": lambda old: b"# kept\n" + old + b"# alone\n\n" + OTHER.replace(b"name=", b"Name = "),
    "a name like ours for another library": lambda old: (
        old + OTHER.replace(b"Other Card", mark("firm", "/opt/else").encode())
    ),
    "bytes that are no text": lambda old: old + OTHER.replace(b"Card", b"\xff\xfe"),
}


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in LISTS.items()])
def test_what_others_wrote_is_the_same_before_while_and_after(
    change: Callable[[bytes], bytes], home: Home, item: Item, tmp_path: Path
) -> None:
    path, backup = home.shared / "pkcs11.txt", tmp_path / "backups" / "old"
    old = change(path.read_bytes())
    path.write_bytes(old)
    nss.add(home.shared, item, backup)
    added = path.read_bytes()
    assert added == old + f"library={home.library}\nname={item.mark}\n\n".encode()
    assert [backup.read_bytes(), stat.S_IMODE(path.stat().st_mode)] == [old, 0o600]
    nss.add(home.shared, item, backup)
    assert [path.read_bytes(), backup.read_bytes()] == [added, old]
    nss.remove(home.shared)
    assert path.read_bytes() == old


@pytest.mark.parametrize("tail", [pytest.param(b"", id="no end of line"), pytest.param(b"\n", id="no empty line")])
def test_a_list_that_ends_early_gets_its_own_block(tail: bytes, home: Home, item: Item, tmp_path: Path) -> None:
    path = home.shared / "pkcs11.txt"
    old = (path.read_bytes() + OTHER).rstrip(b"\n") + tail
    path.write_bytes(old)
    nss.add(home.shared, item, tmp_path / "old")
    assert [block.ours for block in nss.read(home.shared)] == [False, False, True]
    nss.remove(home.shared)
    assert path.read_bytes().rstrip(b"\n") == old.rstrip(b"\n")


def test_a_library_that_somebody_registered_is_left_to_them(home: Home, tmp_path: Path) -> None:
    path = home.shared / "pkcs11.txt"
    # By another of its names: a link.
    link = tmp_path / "link.so"
    link.symlink_to(MODULE)
    assert (
        tool("modutil", "-dbdir", f"sql:{home.shared}", "-add", "mine", "-libfile", str(link), "-force").returncode == 0
    )
    old = path.read_bytes()
    nss.add(home.shared, Item("firm", Path(MODULE), b""), tmp_path / "old")
    assert path.read_bytes() == old
    nss.remove(home.shared)
    assert path.read_bytes() == old
    assert b"name=mine" in old


def test_what_nss_rewrites_afterwards_can_still_be_taken_away(home: Home, item: Item, tmp_path: Path) -> None:
    folder = f"sql:{home.shared}"
    nss.add(home.shared, item, tmp_path / "old")
    assert tool("modutil", "-dbdir", folder, "-disable", item.mark, "-force").returncode == 0
    assert tool("modutil", "-dbdir", folder, "-add", "mine", "-libfile", MODULE, "-force").returncode == 0
    nss.remove(home.shared)
    listed = tool("modutil", "-dbdir", folder, "-list").stdout
    assert item.mark not in listed
    assert "mine" in listed
    assert len(nss.read(home.shared)) == 2


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5])


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


BROKEN: dict[str, tuple[str, Callable[[Path], object]]] = {
    "no list": ("pkcs11.txt", Path.unlink),
    "an empty list": ("pkcs11.txt", lambda path: path.write_bytes(b"")),
    "a list that is something else": ("pkcs11.txt", lambda path: path.write_bytes(os.urandom(500))),
    "a huge list": ("pkcs11.txt", lambda path: path.write_bytes(path.read_bytes() + OTHER * 20_000)),
    "a list that is a folder": ("pkcs11.txt", _folder),
    "no certificates": ("cert9.db", Path.unlink),
    "half a certificate database": ("cert9.db", _cut),
    "no keys": ("key4.db", Path.unlink),
    "an empty key database": ("key4.db", lambda path: path.write_bytes(b"")),
}


@pytest.mark.parametrize(("name", "harm"), [pytest.param(*harm, id=name) for name, harm in BROKEN.items()])
def test_a_broken_database_is_refused_and_left_as_it_is(
    name: str, harm: Callable[[Path], object], home: Home, item: Item, tmp_path: Path
) -> None:
    harm(home.shared / name)

    def state() -> dict[str, bytes | None]:
        return {path.name: path.read_bytes() if path.is_file() else None for path in home.shared.iterdir()}

    before = state()
    assert refused(lambda: nss.add(home.shared, item, tmp_path / "old")) == "E-OSS-02"
    assert refused(lambda: nss.remove(home.shared)) == "E-OSS-02"
    assert state() == before


def test_what_another_program_writes_meanwhile_is_not_lost(
    home: Home, item: Item, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, turns = home.shared / "pkcs11.txt", iter([OTHER, b""])
    write = nss.write_whole

    def meanwhile(data: bytes, target: Path, mode: int) -> None:
        write(data, target, mode)
        # After it was read and kept, before it is replaced.
        if target.name == "old" and (more := next(turns)):
            path.write_bytes(path.read_bytes() + more)

    monkeypatch.setattr(nss, "write_whole", meanwhile)
    nss.add(home.shared, item, tmp_path / "old")
    assert OTHER in path.read_bytes()
    assert [block.ours for block in nss.read(home.shared)] == [False, False, True]

    # Without an end: given up, and nothing is written.
    nss.remove(home.shared)
    turns = iter([OTHER] * 9)
    assert refused(lambda: nss.add(home.shared, item, tmp_path / "old")) == "E-OSS-04"
    assert not any(block.ours for block in nss.read(home.shared))


def test_a_list_kept_elsewhere_stays_a_link(home: Home, item: Item, tmp_path: Path) -> None:
    path, kept = home.shared / "pkcs11.txt", tmp_path / "kept.txt"
    path.rename(kept)
    path.symlink_to(kept)
    nss.add(home.shared, item, tmp_path / "old")
    assert path.is_symlink()
    assert item.mark.encode() in kept.read_bytes()


def test_a_path_that_would_be_two_lines_is_refused(home: Home, tmp_path: Path) -> None:
    before = home.lists
    twisted = Item("firm", tmp_path / "a\nname=evil.so", b"")
    assert refused(lambda: nss.add(home.shared, twisted, tmp_path / "old")) == "E-OSS-05"
    assert home.lists == before

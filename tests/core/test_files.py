"""Writing a file whole: what is there already is replaced only when it is a file, and no half one is ever seen."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from xieka.core.files import write_whole

NEW = b"new content"


def inside(folder: Path) -> dict[str, tuple[int, bytes | str | None]]:
    """Name → kind and content of everything in a folder."""
    found = {}
    for entry in folder.iterdir():
        mode = entry.lstat().st_mode
        content = entry.readlink().name if stat.S_ISLNK(mode) else entry.read_bytes() if stat.S_ISREG(mode) else None
        found[entry.name] = (stat.S_IFMT(mode), content)
    return found


def link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def listen(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda path: path.mkdir(), id="folder"),
        pytest.param(lambda path: os.mkfifo(path), id="pipe"),
        pytest.param(listen, id="socket"),
        pytest.param(link("neighbour"), id="link-to-a-file"),
        pytest.param(link("nowhere"), id="link-to-nothing"),
        pytest.param(link("/dev/null"), id="link-to-a-device"),
        pytest.param(link("x"), id="link-to-itself"),
    ],
)
def test_what_is_no_file_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None]
) -> None:
    # The name of a socket must be short.
    monkeypatch.chdir(tmp_path)
    Path("neighbour").write_bytes(b"of someone else")
    make(Path("x"))
    before = inside(tmp_path)
    with pytest.raises(OSError, match="not a regular file"):
        write_whole(NEW, tmp_path / "x")
    assert inside(tmp_path) == before


@pytest.mark.parametrize("path", ["/", ".", "..", "", "missing/x", "neighbour/x", "n" * 300])
def test_places_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("neighbour").write_bytes(b"of someone else")
    before = inside(tmp_path)
    with pytest.raises(OSError):
        write_whole(NEW, Path(path))
    assert inside(tmp_path) == before


def test_a_file_is_replaced_and_a_new_one_made_in_a_linked_folder_too(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "link").symlink_to("folder")
    for _ in range(2):
        write_whole(NEW, tmp_path / "link" / "x")
        assert inside(folder) == {"x": (stat.S_IFREG, NEW)}


def test_content_and_name_are_on_the_disk_when_it_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forced: list[tuple[int, bool]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        forced.append((os.fstat(descriptor).st_ino, (tmp_path / "x").exists()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(NEW, tmp_path / "x")
    # The content before it gets its name, then the folder that holds the name.
    assert forced == [((tmp_path / "x").stat().st_ino, False), (tmp_path.stat().st_ino, True)]


def test_a_file_system_that_cannot_force_folders_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    write_whole(NEW, tmp_path / "x")
    assert inside(tmp_path) == {"x": (stat.S_IFREG, NEW)}

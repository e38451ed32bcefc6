"""A folder reached without following links, by descriptors and – as where there are none – by looking first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apps.archive.cage import Cage
from tests.apps.archive.raw import zipped
from tests.apps.portable.world import ID, V1, V2, World, leaves
from xieka.apps.portable.tree import DESCRIPTORS, Tree
from xieka.core.errors import XiekaError


@pytest.fixture(params=[pytest.param(True, id="descriptors"), pytest.param(False, id="looking")])
def by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param and not DESCRIPTORS:
        pytest.skip("this platform has no openat")
    monkeypatch.setitem(Tree.__init__.__kwdefaults__, "descriptors", request.param)
    return bool(request.param)


@pytest.fixture
def tree(by: bool, tmp_path: Path) -> Iterator[Tree]:
    root = tmp_path / "里 面"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "file").write_bytes(b"x")
    (tmp_path / "外面").mkdir()
    (tmp_path / "外面" / "file").write_bytes(b"of the user")
    (root / "link").symlink_to(tmp_path / "外面")
    (root / "a" / "file-link").symlink_to(tmp_path / "外面" / "file")
    os.mkfifo(root / "pipe")
    with Tree(root) as made:
        yield made


def test_a_link_is_seen_and_never_followed(tree: Tree, tmp_path: Path) -> None:
    assert tree.look(("link", "file")) is None
    for act in (
        lambda: tree.read(("link", "file")),
        lambda: tree.read(("a", "file-link")),
        lambda: tree.unlink(("link", "file")),
        lambda: tree.create(("link", "new"), 0o644),
        lambda: tree.create(("a", "file-link"), 0o644),
        lambda: tree.names(("link",)),
        lambda: tree.rmdir(("link",)),
        lambda: tree.move(("a", "file"), Tree(tree.root), ("link", "new")),
    ):
        with pytest.raises(OSError):
            act()
    assert leaves(tmp_path / "外面") == {"file"}
    tree.unlink(("link",))
    assert (tmp_path / "外面" / "file").read_bytes() == b"of the user"


def test_a_linked_folder_is_no_tree(tmp_path: Path, by: bool) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(NotADirectoryError):
        Tree(tmp_path / "link")


def test_a_pipe_in_the_place_of_a_file_does_not_hold_us(tree: Tree) -> None:
    with pytest.raises(OSError, match="not a file"):
        tree.read(("pipe",))


def test_nothing_is_overwritten(tree: Tree) -> None:
    with pytest.raises(FileExistsError):
        tree.create(("a", "file"), 0o644)
    os.close(tree.create(("new", "deep", "file"), 0o600))
    with Tree(tree.root) as other:
        with pytest.raises(FileExistsError):
            tree.move(("new", "deep", "file"), other, ("a", "file"))
        assert (tree.root / "a" / "file").read_bytes() == b"x"
        tree.move(("new", "deep"), other, ("other", "place"))
    assert tree.names(("other", "place")) == ["file"]
    assert tree.names(("new",)) == []


def test_a_folder_that_was_removed_can_be_made_again(tree: Tree) -> None:
    os.close(tree.create(("d", "e", "f"), 0o644))
    tree.unlink(("d", "e", "f"))
    tree.rmdir(("d", "e"))
    tree.rmdir(("d",))
    os.close(tree.create(("d", "e", "f"), 0o644))
    assert tree.names(("d", "e")) == ["f"]


def test_the_whole_way_of_a_program(by: bool, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.install()
    world.use()
    assert set(world.install(V2, "2.0").kept) == {"conf/settings.kept-1.ini", "说明.kept-1.txt", "报表.kept-1"}
    assert world.installer().verify(ID) == "ok"
    assert world.installer().uninstall(ID, keep_user_data=True).left
    assert not {*V1, *V2} - {"说明.txt"} & leaves(world.target)
    world.install()
    world.installer().uninstall(ID, keep_user_data=False)
    assert leaves(world.programs) == {"别人的/文件"}


def test_a_link_in_the_way_of_a_package(by: bool, tmp_path: Path) -> None:
    cage = Cage(tmp_path)
    (cage.into / "程序").symlink_to(cage.root)
    with pytest.raises(XiekaError, match="E-INS-19"):
        cage.unpack(zipped(), "zip")
    (cage.into / "程序").unlink()
    cage.check()

"""Removal: exactly what we wrote, and the user's files only when he says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apps.portable.world import ENTRY, ID, V1, V2, World, leaves, program, recipe
from xieka.apps.portable import sweep
from xieka.apps.portable.removal import Removal
from xieka.apps.portable.tree import Tree
from xieka.core.errors import XiekaError


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.install()
    return made


def test_an_unused_program_leaves_nothing(world: World) -> None:
    done = world.installer().uninstall(ID, keep_user_data=True)
    assert (done.result, done.left) == ("uninstalled", "")
    assert not world.target.exists()
    assert world.installer().installed() == ()
    assert list((world.books / "installed").iterdir()) == []
    for call in (world.installer().check, world.installer().verify):
        with pytest.raises(XiekaError, match="E-INS-16"):
            call(ID)
    with pytest.raises(XiekaError, match="E-INS-16"):
        world.installer().uninstall(ID, keep_user_data=True)


def test_what_the_user_changed_or_added_stays_in_its_place(world: World) -> None:
    world.use()
    (world.target / "lib/a.so").unlink()
    (world.target / "lib/a.so").symlink_to(world.programs / "别人的" / "文件")
    done = world.installer().uninstall(ID, keep_user_data=True)
    assert done.left == str(world.target)
    assert leaves(world.target) == {
        "conf/settings.ini",
        "资料/我的 报告.txt",
        "lib/插件.so",
        "lib/a.so",
        "说明.txt",
        "报表/十一月.csv",
        "链接",
    }
    assert not (world.target / "bin").exists()
    assert world.installer().installed() == ()
    # The same program finds them again; another one may not go there.
    with pytest.raises(XiekaError, match="E-INS-11"):
        world.installer().install(program(id_="other"), recipe(), world.root / "包 1.0.zip", world.target)
    kept = world.install(V2, "2.0").kept
    assert (world.target / "资料/我的 报告.txt").read_bytes() == b"precious"
    assert "conf/settings.kept-1.ini" in kept
    assert world.installer().verify(ID) == "ok"
    world.tidy()


def test_with_his_data_everything_in_the_folder_goes_and_nothing_beside_it(world: World) -> None:
    world.use()
    done = world.installer().uninstall(ID, keep_user_data=False)
    assert done.left == ""
    assert not world.target.exists()
    assert leaves(world.programs) == {"别人的/文件"}


def test_where_the_program_is_gone_somebody_elses_files_are_not_taken_for_its_data(world: World) -> None:
    world.use()
    (world.target / ENTRY).unlink()
    done = world.installer().uninstall(ID, keep_user_data=False)
    assert done.left == str(world.target)
    assert (world.target / "资料/我的 报告.txt").read_bytes() == b"precious"


def test_a_folder_swapped_for_a_link_is_not_followed(world: World) -> None:
    elsewhere = world.programs / "搬走 了"
    world.target.rename(elsewhere)
    world.target.symlink_to(elsewhere)
    world.installer().uninstall(ID, keep_user_data=False)
    assert leaves(elsewhere) == set(V1)
    assert world.target.is_symlink()


def test_a_folder_inside_swapped_for_a_link_is_not_followed(world: World) -> None:
    (world.target / "lib").rename(world.programs / "lib")
    (world.target / "lib").symlink_to(world.programs / "lib")
    world.installer().uninstall(ID, keep_user_data=True)
    assert leaves(world.programs / "lib") == {"a.so", "旧.txt"}
    assert leaves(world.target) == {"lib"}


def test_a_file_that_cannot_be_removed_is_told_and_the_next_call_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Tree.unlink

    def unlink(tree: Tree, parts: tuple[str, ...]) -> None:
        if parts == ("lib", "a.so"):
            raise PermissionError(13, "in use")
        real(tree, parts)

    with monkeypatch.context() as patch:
        patch.setattr(sweep.Tree, "unlink", unlink)
        with pytest.raises(XiekaError) as error:
            world.installer().uninstall(ID, keep_user_data=True)
        assert (error.value.code, error.value.params["n"]) == ("E-INS-22", 1)
        assert leaves(world.target) == {"lib/a.so"}
        assert [one.code for one in world.installer().recover().problems] == ["E-INS-22"]
    assert world.installer().check(ID) == "missing"
    assert world.installer().uninstall(ID, keep_user_data=True).result == "uninstalled"
    assert not world.target.exists()
    world.tidy()


def test_another_program_is_not_held_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlink(tree: Tree, parts: tuple[str, ...]) -> None:
        raise PermissionError(13, "in use")

    with monkeypatch.context() as patch:
        patch.setattr(sweep.Tree, "unlink", unlink)
        with pytest.raises(XiekaError, match="E-INS-22"):
            world.installer().uninstall(ID, keep_user_data=True)
        other = world.programs / "另一个"
        world.installer().install(program(id_="other"), recipe(), world.root / "包 1.0.zip", other)
        assert world.installer().check("other") == "ok"
    report = world.installer().recover()
    assert [(one.id, one.result) for one in report.done] == [(ID, "uninstalled")]
    assert [one.id for one in world.installer().installed()] == ["other"]


@pytest.mark.parametrize(
    ("first", "then", "stays"),
    [
        pytest.param(True, True, True, id="both keep"),
        pytest.param(False, True, True, id="now keep"),
        pytest.param(True, False, True, id="kept before"),
        pytest.param(False, False, False, id="both delete"),
    ],
)
@pytest.mark.parametrize("ended_by", ["call", "start"])
def test_interrupted_and_called_again_the_kinder_word_counts(
    world: World, monkeypatch: pytest.MonkeyPatch, first: bool, then: bool, stays: bool, ended_by: str
) -> None:
    def interrupted(*_: object) -> None:
        raise XiekaError("E-INS-22", n=1, path="/")

    world.use()
    with monkeypatch.context() as patch:
        patch.setattr(Removal, "finish", interrupted)
        for keep in (first, then) if ended_by == "start" else (first,):
            with pytest.raises(XiekaError, match="E-INS-22"):
                world.installer().uninstall(ID, keep_user_data=keep)
    if ended_by == "call":
        world.installer().uninstall(ID, keep_user_data=then)
    else:
        world.installer().recover()
    assert (world.target / "资料/我的 报告.txt").exists() is stays
    assert not (world.target / "bin").exists()
    world.tidy()

"""The way of a program that the platform installs: no folder is asked for, the system's own question stands instead."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.apps.test_installs import World, refused, world
from xieka.apps.native.models import NativeProgram
from xieka.contract.apps import Native

__all__ = ["world"]

NAME = "example/native"


def to_the_question(world: World) -> None:
    world.installs.start(NAME)
    assert world.wait("confirm").folder is None


def downloads(world: World) -> int:
    return sum(b".deb" in head.split(b" ")[1] for head in world.online.server.requests)


def test_asked_installed_and_in_the_list(world: World) -> None:
    to_the_question(world)
    world.system.asks = True
    world.installs.answer(NAME, yes=True)
    assert world.wait("authorizing").bytes == 0
    # The system's window has the word: what we could do now is nothing.
    world.installs.cancel(NAME)
    assert world.view().step == "authorizing"
    assert refused(lambda: world.installs.answer(NAME, yes=True)) == "E-INS-34"
    world.system.answer.set()
    world.wait("done")
    assert steps(world)[-4:] == [["confirm"], ["authorizing"], ["installing"], ["done"]]
    assert len(world.system.files) == 1
    assert world.system.files[0].startswith(b"!<arch>")
    assert world.installed() == [("native", "1.0")]
    assert "program:example/native" in world.entries()
    assert world.fetched() == []


def steps(world: World) -> list[list[str]]:
    """Each step once, in the order they were told."""
    seen: list[list[str]] = []
    for told in world.told:
        assert isinstance(told, dict)
        now = [item["step"] for item in told["items"]]
        if not seen or seen[-1] != now:
            seen.append(now)
    return seen


@pytest.mark.parametrize("code", ["E-INS-40", "E-INS-42", "E-INS-44"])
def test_refused_by_the_system_and_tried_again(code: str, world: World) -> None:
    to_the_question(world)
    world.system.refuses = code
    world.installs.answer(NAME, yes=True)
    view = world.wait("failed")
    assert view.error is not None
    assert (view.error.code, view.folder) == (code, None)
    assert world.installed() == []
    assert "program:example/native" not in world.entries()
    before = downloads(world)
    world.system.refuses = None
    world.installs.start(NAME)
    world.wait("confirm")
    world.installs.answer(NAME, yes=True)
    world.wait("done")
    assert downloads(world) == before
    assert world.installed() == [("native", "1.0")]


def test_no_asks_the_system_nothing(world: World) -> None:
    to_the_question(world)
    world.installs.answer(NAME, yes=False)
    assert world.installs.views() == []
    assert world.system.files == []
    assert world.fetched() == []


def test_withdrawn_while_the_question_stood(world: World) -> None:
    to_the_question(world)
    world.offers = ()
    assert refused(lambda: world.installs.answer(NAME, yes=True)) == "E-INS-30"
    assert world.view().step == "confirm"
    assert world.system.files == []


def test_removed_with_its_tile_or_left_where_it_was_before_us(world: World) -> None:
    for before, gone in ((None, True), ("0.5", False)):
        if before:
            world.system.has["xieka-lianxi"] = before
        to_the_question(world)
        world.installs.answer(NAME, yes=True)
        world.wait("done")
        (program,) = world.programs.installed()
        assert isinstance(program, NativeProgram)
        assert program.ours is gone
        done = world.programs.uninstall("native", keep_user_data=True)
        assert (done.result, done.left) == ("uninstalled" if gone else "unchanged", "")
        assert bool(world.system.has) is not gone
        assert world.installed() == []
        world.installs.dismiss(NAME)


def test_a_removal_that_the_system_refuses_changes_nothing(world: World) -> None:
    to_the_question(world)
    world.installs.answer(NAME, yes=True)
    world.wait("done")
    world.system.refuses = "E-INS-40"
    assert refused(lambda: world.programs.uninstall("native", keep_user_data=True)) == "E-INS-40"
    assert world.installed() == [("native", "1.0")]


def test_its_books_outlast_the_run(world: World) -> None:
    to_the_question(world)
    world.installs.answer(NAME, yes=True)
    world.wait("done")
    after = world.again()
    assert after.programs.recover().problems == ()
    assert after.installed() == [("native", "1.0")]
    after.downloads.close()


def test_a_program_does_not_change_its_kind_under_the_user(world: World) -> None:
    """The same id as an archive: two copies of a program would stand beside each other."""
    folder = world.to_the_folder()
    world.installs.run("example/report", str(folder))
    end = time.monotonic() + 10
    while world.view().step != "done":
        assert time.monotonic() < end
        time.sleep(0.01)
    (native,) = (one for one in world.offers if one.program.id == "native")
    program = native.program.model_copy(update={"id": "report"})
    world.offers = (replace(native, program=program),)
    assert refused(lambda: world.installs.start("example/report")) == "E-INS-47"


def test_a_refused_update_leaves_what_is_there_as_it_was(world: World) -> None:
    """Another entry, another face: the books say what stands, not what was wanted."""
    to_the_question(world)
    world.installs.answer(NAME, yes=True)
    world.wait("done")
    (before,) = world.programs.installed()
    (offer,) = (one for one in world.offers if one.program.full_name == NAME)
    package = offer.program.packages[0]
    assert isinstance(package.install, Native)

    def offered(**changes: str) -> None:
        install = package.install.model_copy(update=changes)
        packages = (package.model_copy(update={"install": install}),)
        program = offer.program.model_copy(update={"version": "2.0.0", "tone": "rose", "packages": packages})
        world.offers = (replace(offer, program=program),)

    offered(entry="/opt/elsewhere")
    world.system.refuses = "E-INS-40"
    to_the_question(world)
    world.installs.answer(NAME, yes=True)
    world.wait("failed")
    assert world.programs.installed() == (before,)
    # A renamed package would stand beside the old one.
    offered(package="another")
    assert refused(lambda: world.installs.start(NAME)) == "E-INS-47"


def test_one_operation_at_a_time_and_nobody_waits(world: World) -> None:
    to_the_question(world)
    world.system.asks = True
    world.installs.answer(NAME, yes=True)
    assert world.system.asked.wait(10)
    assert refused(lambda: world.programs.native.uninstall("native", purge=False)) == "E-INS-10"
    assert world.programs.native.recover() == ()
    world.system.answer.set()
    world.wait("done")


def test_a_broken_book_is_told_once_and_set_aside(world: World) -> None:
    to_the_question(world)
    world.installs.answer(NAME, yes=True)
    world.wait("done")
    book = world.home / "数据 data/apps/native/native.json"
    book.write_text("{")
    assert world.programs.installed() == ()
    assert [error.code for error in world.programs.recover().problems] == ["E-INS-25"]
    assert world.programs.recover().problems == ()
    assert (book.with_name("native.broken-1")).read_text() == "{"

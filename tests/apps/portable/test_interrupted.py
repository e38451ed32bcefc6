"""A kill, a full disk or a failing disk at every single effect: the old state or the new one, the user's files whole.

A failing disk may also leave an operation for the next start; it is told then. The fast tier takes every fifth effect
(some 150 over all operations), `--long` each.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.apps.portable.effects import KILLED, TOLD, Fault, run
from tests.apps.portable.world import ID, V1, V2, World

pytestmark = pytest.mark.timeout(600)


def fresh(world: World) -> None:
    """Into a folder two levels of which are missing."""
    world.target = world.programs / "新 建" / "里面" / "证书 巡检"
    world.install()


def prepare_fresh(world: World) -> None:
    del world


def prepare_empty(world: World) -> None:
    world.target.mkdir()


def prepare_used(world: World) -> None:
    world.install()
    world.use()


def install(world: World) -> None:
    world.install(V1)


def update(world: World) -> None:
    world.install(V2, "2.0")


def uninstall(world: World) -> None:
    world.installer().uninstall(ID, keep_user_data=True)


def uninstall_all(world: World) -> None:
    world.installer().uninstall(ID, keep_user_data=False)


CASES = [
    pytest.param(prepare_fresh, fresh, id="install"),
    pytest.param(prepare_empty, install, id="install-into-empty"),
    pytest.param(prepare_used, update, id="update"),
    pytest.param(prepare_used, uninstall, id="uninstall"),
    pytest.param(prepare_used, uninstall_all, id="uninstall-with-data"),
]
STEPS = [pytest.param(5, id="every-fifth"), pytest.param(1, id="each", marks=pytest.mark.long)]
Act = Callable[[World], None]


def ready(tmp_path: Path, prepare: Act) -> World:
    world = World(tmp_path)
    prepare(world)
    world.save()
    return world


def outcomes(world: World, act: Act) -> tuple[list[str], list[object]]:
    """The effects of an undisturbed run, and the two states that are allowed."""
    world.restore()
    before = world.state()
    code, effects = run(lambda: act(world))
    assert code == 0
    world.tidy()
    return effects, [before, world.state()]


def recovered(world: World) -> None:
    """The next start, twice."""
    world.installer().recover()
    again = world.installer().recover()
    assert (again.done, again.problems) == ((), ())


@pytest.mark.parametrize(("prepare", "act"), CASES)
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_every_effect(tmp_path: Path, prepare: Act, act: Act, step: int) -> None:
    world = ready(tmp_path, prepare)
    effects, allowed = outcomes(world, act)
    assert len(effects) >= 20
    reached = set()
    for at in range(1, len(effects) + 1, step):
        world.restore()
        assert run(lambda: act(world), at)[0] == KILLED, (at, effects[at - 1])
        recovered(world)
        world.tidy()
        state = world.state()
        assert state in allowed, (at, effects[at - 1])
        reached.add(allowed.index(state))
    assert reached == {0, 1}, "some kills lead back, some forward"


@pytest.mark.parametrize(("prepare", "act"), CASES)
@pytest.mark.parametrize("fault", ["once", "full"])
@pytest.mark.parametrize("step", STEPS)
def test_the_disk_fails_at_every_effect(tmp_path: Path, prepare: Act, act: Act, fault: Fault, step: int) -> None:
    world = ready(tmp_path, prepare)
    effects, allowed = outcomes(world, act)
    for at in range(min(step, 2), len(effects) + 1, step):
        world.restore()
        code, _ = run(lambda: act(world), at, fault)
        assert code in (0, TOLD), (at, effects[at - 1])
        if code == 0:
            assert world.state() == allowed[1], (at, effects[at - 1])
        recovered(world)
        world.tidy()
        assert world.state() in allowed, (at, effects[at - 1])


@pytest.mark.parametrize(("prepare", "act"), CASES)
@pytest.mark.parametrize("step", STEPS)
def test_killed_again_while_recovering(tmp_path: Path, prepare: Act, act: Act, step: int) -> None:
    world = ready(tmp_path, prepare)
    effects, allowed = outcomes(world, act)
    for at in range(3, len(effects) + 1, 4 * step):
        world.restore()
        run(lambda: act(world), at)
        again = 1
        while run(world.installer().recover, again)[0] == KILLED:
            again += 1
            if again % 3 == 0:
                recovered(world)
                assert world.state() in allowed, (at, again)
                world.restore()
                run(lambda: act(world), at)
        recovered(world)
        world.tidy()
        assert world.state() in allowed, (at, again)


@pytest.mark.parametrize(("prepare", "act"), CASES[:3])
@pytest.mark.parametrize("step", STEPS)
def test_killed_while_taking_back_a_switch_that_failed(tmp_path: Path, prepare: Act, act: Act, step: int) -> None:
    world = ready(tmp_path, prepare)
    effects, allowed = outcomes(world, act)
    renames = [at for at, name in enumerate(effects, 1) if name == "os.rename"]
    for at in renames:
        then, code = at, KILLED
        while code == KILLED:
            then += step
            world.restore()
            code, _ = run(lambda: act(world), at, "once", then)
            recovered(world)
            world.tidy()
            assert world.state() in allowed, (at, then)


def test_what_the_user_had_is_all_there_after_the_update(tmp_path: Path) -> None:
    world = ready(tmp_path, prepare_used)
    _, (before, after) = outcomes(world, update)
    contents = [content for _, content in after[0].values()]  # type: ignore[index]
    for where in ("资料/我的 报告.txt", "lib/插件.so", "说明.txt", "报表/十一月.csv", "conf/settings.ini", "链接"):
        assert before[0][f"证书 巡检/{where}"][1] in contents, where  # type: ignore[index]

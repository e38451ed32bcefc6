"""我的应用 and what is installed say the same, however an installation or a removal ended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.apps.native.programs import native
from tests.apps.native.scripted import Scripted
from tests.apps.portable.world import ENTRY, ID, V1, V2, Clock, World, program
from tests.apps.test_library import installed, link
from xieka.apps import launch
from xieka.apps.entries import LIMIT
from xieka.apps.installed import Face
from xieka.apps.library import Library
from xieka.apps.native.books import Books
from xieka.apps.native.models import NativeProgram
from xieka.apps.portable.removal import Removal
from xieka.apps.service import Apps, Gone
from xieka.contract.apps import Native
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.http import Http

TILE = f"program:demo/{ID}"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def start(world: World) -> Iterator[Callable[[], Apps]]:
    """The next run of the program, its start over."""
    runs: list[Apps] = []

    def run() -> Apps:
        bus = EventBus()
        library = Library(world.root / "apps.json", bus)
        apps = Apps(
            world.books, (), library, tuple, lambda _: "", Http(), None, lambda: False, bus, Clock(), {},
            icon=world.root / "icon.png", system=Scripted(),
        )  # fmt: skip
        runs.append(apps)
        apps.start(wait=True)
        return apps

    yield run
    for apps in runs:
        apps.close()


def tiles(apps: Apps) -> dict[str, tuple[str, str]]:
    return {one.id: (one.title, one.state) for one in apps.view().entries if one.kind == "program"}


def test_killed_between_the_switch_and_the_tile(world: World, start: Callable[[], Apps]) -> None:
    world.install()
    assert tiles(start()) == {TILE: ("证书巡检报告", "ok")}
    again = start()
    assert tiles(again) == {TILE: ("证书巡检报告", "ok")}


def test_a_ledger_without_a_face_does_not_spoil_the_tile_that_is_there(world: World, start: Callable[[], Apps]) -> None:
    world.install()
    start()
    path = world.books / "installed" / f"{ID}.json"
    ledger = json.loads(path.read_bytes())
    del ledger["program"]["shown"]
    path.write_text(json.dumps(ledger))
    (entry,) = (one for one in start().view().entries if one.id == TILE)
    assert (entry.icon, entry.tone) == ("building_government", "blue")
    (world.root / "apps.json").unlink()
    (entry,) = (one for one in start().view().entries if one.id == TILE)
    assert (entry.title, entry.icon) == ("证书巡检报告", "briefcase")


def test_no_room_at_the_start_and_room_later(world: World, start: Callable[[], Apps]) -> None:
    library = Library(world.root / "apps.json", EventBus())
    for number in range(LIMIT - 1):
        library.add_link(link(f"a{number}"), "hall")
    world.install()
    apps = start()
    assert tiles(apps) == {}
    apps.remove("link:a0")
    apps.look()
    assert tiles(apps) == {TILE: ("证书巡检报告", "ok")}


def test_a_removal_that_the_start_finished_takes_its_tile(
    world: World, start: Callable[[], Apps], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise XiekaError("E-INS-22", n=1, path="/")

    world.install()
    apps = start()
    with monkeypatch.context() as patch:
        patch.setattr(Removal, "finish", interrupted)
        with pytest.raises(XiekaError, match="E-INS-22"):
            apps.uninstall(TILE, keep_data=True)
    assert list(tiles(apps)) == [TILE]
    assert tiles(start()) == {}


@pytest.mark.parametrize(("used", "left"), [(False, False), (True, True)])
def test_where_the_users_files_stayed_is_told(world: World, start: Callable[[], Apps], used: bool, left: bool) -> None:
    world.install()
    if used:
        world.use()
    assert start().uninstall(TILE, keep_data=True) == Gone(str(world.target) if left else "")


def test_a_tile_of_another_publishers_program_removes_nothing_of_this_one(
    world: World, start: Callable[[], Apps]
) -> None:
    world.install()
    Library(world.root / "apps.json", EventBus()).add_program(installed(id=ID, publisher="else"))
    apps = start()
    assert {name: state for name, (_, state) in tiles(apps).items()} == {TILE: "ok", f"program:else/{ID}": "missing"}
    with pytest.raises(XiekaError, match="E-RUN-01"):
        apps.open(f"program:else/{ID}")
    apps.uninstall(f"program:else/{ID}", keep_data=False)
    assert list(tiles(apps)) == [TILE]
    assert (world.target / ENTRY).read_bytes() == V1[ENTRY]


def test_what_is_not_as_it_was_signed_is_not_started(
    world: World, start: Callable[[], Apps], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same length, so that only its content tells."""
    started: list[str] = []
    monkeypatch.setattr(launch, "start", lambda folder, entry, *_: started.append(entry))
    world.install()
    apps = start()
    apps.open(TILE)
    (world.target / ENTRY).write_bytes(V2[ENTRY])
    with pytest.raises(XiekaError, match="E-RUN-04"):
        apps.open(TILE)
    assert started == [ENTRY]


def test_a_page_of_our_own_is_no_icon_on_the_desktop(start: Callable[[], Apps]) -> None:
    with pytest.raises(XiekaError, match="E-RUN-05") as error:
        start().add_shortcut("builtin:upgrade")
    error.value.body()


def test_an_update_brings_its_face(world: World, start: Callable[[], Apps]) -> None:
    world.install()
    start()
    new = program("2.0").model_copy(update={"short": "巡检"})
    world.installer().install(new, new.packages[0], world.root / "包 2.0.zip", world.target)
    assert tiles(start()) == {TILE: ("巡检", "ok")}


def test_what_the_system_has_ended_meanwhile_is_seen_at_a_look(world: World, start: Callable[[], Apps]) -> None:
    """Whatever else there is to tell of."""
    apps, package = start(), native()
    assert isinstance(package.install, Native)
    begun = NativeProgram(
        id="lianxi", publisher="demo", name="练习程序", version="1.0", install=package.install,
        shown=Face(title="练习"), phase="installing", before=None,
    )  # fmt: skip
    Books(world.books / "native").put(begun)
    apps._recovered = (XiekaError("E-INS-20", path="x"),)
    apps.look()
    assert "program:demo/lianxi" not in tiles(apps)
    system = apps._programs.native._system
    assert isinstance(system, Scripted)
    system.has[package.install.package] = "1.0"
    apps.look()
    assert "program:demo/lianxi" in tiles(apps)

"""The way of an installation, from 一键安装 to the tile, over a real signed repository on a real server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.apps.native.computer import package
from tests.apps.native.scripted import Scripted
from tests.content.service_double import Online, real_now, serving
from tests.core.net import reply
from tests.service.content.factory import make_repository
from tests.service.content.releases import PROGRAM, release, tar_xz, write_programs
from xieka.apps.download.fetch import Way
from xieka.apps.download.service import Downloads
from xieka.apps.install_models import InstallView
from xieka.apps.installs import Installs
from xieka.apps.library import Library
from xieka.apps.native.installer import NativeInstaller
from xieka.apps.platforms import this_platform
from xieka.apps.portable.installer import Installer
from xieka.apps.programs import Programs
from xieka.content.models import Offer
from xieka.content.trust import Trust
from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus

NAME = "example/report"
CATALOG = 'recommended = []\nprograms = ["example/report", "example/upgrade", "example/native"]\n'
HEAD = PROGRAM.partition("[[packages]]")[0].format(version="1.0")
BUILTIN = HEAD + '[[packages]]\nplatform = "any"\ninstall = {kind = "builtin", page = "upgrade"}\n'
NATIVE = HEAD + (
    f'[[packages]]\nplatform = "{this_platform()}"\nfile = "lianxi.deb"\n'
    'install = {kind = "native", format = "deb", package = "xieka-lianxi", entry = "/opt/xieka-lianxi/程序"}\n'
)


class Clock(SystemClock):
    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


@dataclass
class World:
    """One client; `again` is the next run of the program on the same folders."""

    home: Path
    online: Online
    clock: Clock = field(default_factory=Clock)
    bus: EventBus = field(default_factory=EventBus)
    told: list[object] = field(default_factory=list)
    system: Scripted = field(default_factory=Scripted)

    def __post_init__(self) -> None:
        data = self.home / "数据 data"
        self.trust = Trust(self.online.repository.root, data / "content")
        self.offers: tuple[Offer, ...] = ()
        self.library = Library(data / "apps.json", self.bus)
        self.installer = Installer(data / "apps", (data,), self.clock)
        self.programs = Programs(self.installer, NativeInstaller(data / "apps" / "native", self.system))
        self.downloads = Downloads(
            data / "apps" / "downloads", Way(self.online.http, lambda: True, (0.05, 0.05)), self.bus, self.clock
        )
        self.installs = Installs(
            lambda: self.offers, self.downloads, self.programs, self.library, self.bus, self.clock,
            base_url=self.online.url, root=self.home / "协卡应用",
        )  # fmt: skip
        self.bus.on("installs", self.told.append)
        self.refresh()
        self.downloads.start()
        self.bus.publish("content", None)

    def refresh(self) -> None:
        self.offers = self.trust.refresh(self.online.url, self.online.http, real_now()).content.programs

    def publish(self, version: str, content: bytes) -> None:
        folder = self.online.repository.data.parent
        release(folder, write_programs(folder / "programs", version, content), real_now())
        self.online.repository.publish(real_now())
        self.refresh()

    def again(self) -> World:
        self.downloads.close()
        return World(self.home, self.online, system=self.system)

    def view(self) -> InstallView:
        (view,) = self.installs.views()
        return view

    def wait(self, step: str) -> InstallView:
        end = time.monotonic() + 10
        # Told as well: whoever changed it tells it a moment later.
        while not (views := self.installs.views()) or views[0].step != step or self.last_told() != step:
            assert time.monotonic() < end, views
            time.sleep(0.01)
        return views[0]

    def last_told(self) -> object:
        match self.told[-1:]:
            case [{"items": [{"step": step}, *_]}]:
                return step
        return None

    def entries(self) -> list[str]:
        return [entry.id for entry in self.library.entries()]

    def installed(self) -> list[tuple[str, str]]:
        return [(one.id, one.version) for one in self.programs.installed()]

    def fetched(self) -> list[str]:
        return [path.name for path in (self.home / "数据 data/apps/downloads").iterdir() if path.name != "lock"]

    def to_the_folder(self) -> Path:
        self.installs.start(NAME)
        self.wait("confirm")
        self.installs.answer(NAME, yes=True)
        folder = self.wait("folder").folder
        assert folder is not None
        return Path(folder)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    changes: dict[str, str | bytes | None] = {
        "upgrade/program.toml": BUILTIN,
        "native/program.toml": NATIVE,
        "native/lianxi.deb": package(tmp_path).read_bytes(),
    }
    release(tmp_path, write_programs(tmp_path / "programs", **changes), real_now())
    repository = make_repository(tmp_path, now=real_now(), **{"catalog.toml": CATALOG})
    with serving(repository) as online:
        world = World(tmp_path / "用户 一", online)
        yield world
        world.downloads.close()


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(XiekaError) as error:
        action()
    error.value.body()
    return error.value.code


def test_the_manuals_way(world: World) -> None:
    """REQ-080…086: fetch, 是, folder, 安装, 完成, and the tile is there."""
    world.installs.start(NAME)
    view = world.wait("confirm")
    assert (view.title, view.publisher, view.version, view.update) == ("证书巡检报告", "示例软件", "1.0.0", False)
    assert view.bytes == view.length > 0
    assert world.installed() == [], "nothing before the question"
    world.installs.answer(NAME, yes=True)
    proposed = world.wait("folder").folder
    assert proposed == str(world.home / "协卡应用" / "证书巡检报告")
    check = world.installs.check_folder(NAME, proposed)
    assert (check.folder, check.error) == (proposed, None)
    assert check.free > check.needed > 0
    assert not Path(proposed).exists(), "looking writes nothing"
    world.installs.run(NAME, proposed)
    assert world.wait("done").folder == proposed
    assert (Path(proposed) / "bin/报告").read_bytes() == b"#!/bin/sh\n"
    assert world.installed() == [("report", "1.0.0")]
    assert world.entries() == ["builtin:upgrade", f"program:{NAME}"]
    assert world.fetched() == [], "the package is not kept"
    world.installs.dismiss(NAME)
    assert world.installs.views() == []
    assert world.told[-1] == {"items": []}


def test_the_builtin_needs_no_download_and_no_folder(world: World) -> None:
    """REQ-079…086, D-29: removed and back through 证书业务."""
    world.library.remove("builtin:upgrade")
    world.online.paths()
    world.installs.start("example/upgrade")
    view = world.wait("confirm")
    assert (view.length, view.folder) == (0, None)
    world.installs.answer("example/upgrade", yes=True)
    assert world.wait("done").error is None
    assert world.entries() == ["builtin:upgrade"]
    assert world.online.paths() == []


def test_no_changes_nothing_and_keeps_nothing(world: World) -> None:
    world.installs.start(NAME)
    world.wait("confirm")
    world.installs.answer(NAME, yes=False)
    assert world.installs.views() == []
    assert (world.installed(), world.entries()) == ([], ["builtin:upgrade"])
    assert world.downloads.views() == []


@pytest.mark.parametrize("step", ["confirm", "folder"])
def test_cancelled_at(world: World, step: str) -> None:
    world.installs.start(NAME)
    world.wait("confirm")
    if step == "folder":
        world.installs.answer(NAME, yes=True)
    world.installs.cancel(NAME)
    assert (world.installs.views(), world.downloads.views(), world.installed()) == ([], [], [])
    assert refused(lambda: world.installs.cancel(NAME)) == "E-INS-34"


def test_a_folder_that_will_not_do_is_told_and_another_taken(world: World) -> None:
    folder = world.to_the_folder()
    foreign = world.home / "别人的"
    foreign.mkdir()
    (foreign / "文件").write_text("x")
    for path, code in ((foreign, "E-INS-11"), (Path("/usr/x"), "E-INS-13"), (Path("relativ"), "E-INS-13")):
        check = world.installs.check_folder(NAME, str(path))
        assert check.error is not None
        assert check.error.code == code
    world.installs.run(NAME, str(foreign))
    failed = world.wait("failed")
    assert failed.error is not None
    assert failed.error.code == "E-INS-11"
    assert sorted(path.name for path in foreign.iterdir()) == ["文件"]
    assert failed.folder == str(foreign)
    world.online.paths()
    world.installs.run(NAME, str(folder))
    world.wait("done")
    assert world.online.paths() == [], "the package is still there"


def test_a_failed_download_goes_on(world: World) -> None:
    path = world.online.repository.target("apps/example/report-1.0.0-any.tar.xz")
    key = f"/content/{path.relative_to(world.online.repository.content).as_posix()}"
    world.online.answers[key] = reply(b"", status="404 Not Found")
    world.installs.start(NAME)
    failed = world.wait("failed")
    assert failed.folder is None
    assert failed.error is not None
    assert failed.error.code == "E-NET-11"
    assert refused(lambda: world.installs.run(NAME, "/x")) == "E-INS-34"
    del world.online.answers[key]
    world.installs.resume(NAME)
    assert world.wait("confirm").error is None


def test_an_update_goes_where_the_program_is_and_leaves_the_users_files(world: World) -> None:
    elsewhere = world.home / "我的 程序"
    world.to_the_folder()
    world.installs.run(NAME, str(elsewhere))
    world.wait("done")
    (elsewhere / "数据.txt").write_text("mine")
    world.publish("1.1.0", b"#!/bin/sh\n# new\n")
    assert world.to_the_folder() == elsewhere
    assert world.view().update
    world.installs.run(NAME, str(elsewhere))
    world.wait("done")
    assert world.installed() == [("report", "1.1.0")]
    assert (elsewhere / "bin/报告").read_bytes().endswith(b"# new\n")
    assert (elsewhere / "数据.txt").read_text() == "mine"
    assert world.entries() == ["builtin:upgrade", f"program:{NAME}"]


def test_what_was_paused_goes_on_in_the_next_run(world: World) -> None:
    world.publish("1.0.1", b"x" * 10)
    world.installs.start(NAME)
    world.wait("confirm")
    world = world.again()
    # Fetched whole in the run before: the question is asked again, nothing is fetched again.
    world.online.paths()
    world.installs.start(NAME)
    world.wait("confirm")
    assert not [path for path in world.online.paths() if path.endswith(".tar.xz")]
    world.downloads.close()


def test_refused_before_anything_is_fetched(world: World) -> None:
    assert refused(lambda: world.installs.start("example/no-such")) == "E-INS-30"
    world.system.able = False
    assert refused(lambda: world.installs.start("example/native")) == "E-INS-31"
    world.clock.ahead = timedelta(days=400)
    assert refused(lambda: world.installs.start(NAME)) == "E-INS-32"
    world.clock.ahead = timedelta(0)
    world.to_the_folder()
    for action in (
        lambda: world.installs.answer(NAME, yes=True),
        lambda: world.installs.answer("example/upgrade", yes=True),
        lambda: world.installs.run("example/upgrade", "/x"),
    ):
        assert refused(action) == "E-INS-34"
    assert len(world.installs.views()) == 1


def test_a_package_that_is_not_what_was_signed_is_not_installed(world: World) -> None:
    served = world.online.repository.target("apps/example/report-1.0.0-any.tar.xz")
    served.write_bytes(
        tar_xz({"bin/报告": b"#!/bin/sh\nrm -rf /\n"}).ljust(served.stat().st_size, b"\0")[: served.stat().st_size]
    )
    world.installs.start(NAME)
    failed = world.wait("failed")
    assert failed.error is not None
    assert failed.error.code == "E-PKG-01"
    assert world.installed() == []
    assert world.fetched() == []
    assert refused(lambda: world.installs.answer(NAME, yes=True)) == "E-INS-34"


def test_a_broken_program_that_is_put_right_is_looked_at_again(world: World) -> None:
    """Its tile is the same, its state is not."""
    looked: list[str] = []
    for _ in range(2):
        folder = world.to_the_folder()
        assert not world.view().update
        world.bus.on("apps", lambda _: looked.append(world.programs.check("report")))
        world.installs.run(NAME, str(folder))
        world.wait("done")
        end = time.monotonic() + 10
        while looked[-1:] != ["ok"]:
            assert time.monotonic() < end
            time.sleep(0.01)
        looked.clear()
        world.installs.dismiss(NAME)
        (folder / "bin/报告").unlink()

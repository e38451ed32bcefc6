"""What an installation and an update do when nothing goes wrong, and what they refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.apps.archive.raw import tarred
from tests.apps.portable.world import ENTRY, ID, V1, V2, Clock, World, leaves, packed, program, recipe
from xieka.apps import places
from xieka.apps.archive.models import Unpacked
from xieka.apps.portable import integrity
from xieka.apps.portable.installer import Installer
from xieka.apps.portable.tree import Tree
from xieka.contract.apps import Package
from xieka.core.errors import XiekaError
from xieka.core.lock import FileLock


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def refused(world: World, code: str, detail: str | None = None) -> XiekaError:
    """An installation is refused and changes nothing."""
    before = world.state()
    with pytest.raises(XiekaError) as error:
        world.install()
    assert (error.value.code, error.value.params.get("detail")) == (code, detail)
    error.value.body()
    assert world.state() == before
    return error.value


def test_installed_as_packed_and_listed(world: World) -> None:
    told: list[int] = []
    package = world.root / "包 1.0.zip"
    done = world.installer().install(program(), recipe(), package, world.target, lambda now, _: told.append(now))
    assert {name: (world.target / name).read_bytes() for name in leaves(world.target)} == V1
    assert told[-1] == sum(map(len, V1.values()))
    assert world.installer().installed() == (done,)
    assert (done.id, done.version, done.entry, done.arguments) == (ID, "1.0", ENTRY, ("--open",))
    assert (done.folder, done.installed_at, done.size) == (str(world.target), Clock().now(), told[-1])
    assert world.installer().check(ID) == world.installer().verify(ID) == "ok"
    for path in [world.books / "journal.json", *(world.books / "installed").iterdir()]:
        assert path.stat().st_mode & 0o777 == 0o600
    ledger = json.loads((world.books / "installed" / f"{ID}.json").read_bytes())
    assert {one["path"] for one in ledger["files"]} == set(V1)
    world.tidy()


def test_an_update_brings_the_new_files_and_keeps_the_users(world: World) -> None:
    world.install()
    world.use()
    done = world.install(V2, "2.0")
    users = {
        "conf/settings.kept-1.ini": b"[the user's]\n",
        "资料/我的 报告.txt": b"precious",
        "lib/插件.so": b"the user's in our folder",
        "说明.kept-1.txt": b"the user's own notes",
        "报表.kept-1/十一月.csv": b"1;2;3",
    }
    assert leaves(world.target) == {*V2, *users, "链接"}
    for name, data in {**V2, **users}.items():
        assert (world.target / name).read_bytes() == data
    assert set(done.kept) == {"conf/settings.kept-1.ini", "说明.kept-1.txt", "报表.kept-1"}
    assert (world.programs / "别人的" / "文件").read_bytes() == b"of somebody else"
    assert world.installer().verify(ID) == "ok"
    # Another update: what is displaced by now stays where it is, what is displaced again gets a name of its own.
    (world.target / "conf/settings.ini").write_bytes(b"[changed again]\n")
    again = world.install(V2, "2.0")
    assert again.kept == ("conf/settings.kept-2.ini",)
    assert (world.target / "conf/settings.kept-1.ini").read_bytes() == b"[the user's]\n"
    world.tidy()


def test_a_broken_program_is_repaired_by_installing_it_again(world: World) -> None:
    world.install()
    (world.target / "lib/a.so").write_bytes(b"one" * 999 + b"two")
    assert (world.installer().check(ID), world.installer().verify(ID)) == ("ok", "changed")
    (world.target / "lib/a.so").unlink()
    assert world.installer().check(ID) == "changed"
    (world.target / "conf/settings.ini").unlink()
    world.install()
    (world.target / "conf/settings.ini").unlink()
    assert world.installer().verify(ID) == "ok", "what is not run is the program's own business"
    (world.target / ENTRY).unlink()
    assert world.installer().check(ID) == "missing"
    world.install()
    assert world.installer().verify(ID) == "ok"
    for path in sorted(world.target.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    world.target.rmdir()
    assert world.installer().check(ID) == "missing"
    world.install()
    assert world.installer().verify(ID) == "ok"


def test_a_tar_is_installed_too(world: World) -> None:
    (world.root / "p").write_bytes(tarred())
    install = {"kind": "archive", "format": "tar.xz", "entry": "程序/启动 器", "unpacked": 999}
    package = Package.model_validate({"platform": "any", "target": "apps/demo/x", "install": install})
    world.installer().install(program(), package, world.root / "p", world.target)
    assert leaves(world.target) == {"程序/启动 器"}


def test_a_folder_with_other_things_in_it_is_refused(world: World) -> None:
    world.target.mkdir()
    (world.target / "文件").write_bytes(b"x")
    refused(world, "E-INS-11")


def test_a_link_as_folder_is_refused(world: World) -> None:
    world.target.symlink_to(world.programs / "别人的")
    refused(world, "E-INS-13", "link")
    world.target.unlink()
    world.target.symlink_to(world.programs / "nowhere")
    refused(world, "E-INS-13", "link")


def test_a_file_as_folder_or_above_it_is_refused(world: World) -> None:
    world.target.write_bytes(b"x")
    refused(world, "E-INS-12")
    world.target = world.target / "below"
    refused(world, "E-INS-12")


def test_a_link_above_the_folder_is_resolved_once_and_for_all(world: World) -> None:
    (world.programs / "真的").mkdir()
    (world.programs / "别名").symlink_to(world.programs / "真的")
    world.target = world.programs / "别名" / "程序"
    assert world.install().folder == str(world.programs / "真的" / "程序")
    assert world.install(V2, "2.0").version == "2.0"


PLACES = [
    pytest.param("/etc/xieka-app", "system", id="etc"),
    pytest.param("/usr/local/xieka-app", "system", id="usr"),
    pytest.param("/proc/1/app", "system", id="proc"),
    pytest.param("/bin/app", "system", id="link-to-usr"),
    pytest.param("OWN", "own", id="our-folder"),
    pytest.param("OWN/里面/程序", "own", id="in-our-folder"),
    pytest.param("BOOKS/程序", "own", id="in-our-books"),
    pytest.param("ROOT", "own", id="around-our-folder"),
    pytest.param("OTHER", "program", id="another-programs"),
    pytest.param("OTHER/里面", "program", id="in-another-program"),
    pytest.param("PROGRAMS", "program", id="around-another-program"),
    pytest.param("relative/程序", "name", id="relative"),
    pytest.param("ROOT/../程序", "name", id="parent"),
    pytest.param("/", "name", id="root"),
    pytest.param("ROOT/a\u202eb", "name", id="bidi"),
    pytest.param("ROOT/a\nb", "name", id="line-feed"),
    pytest.param("ROOT/a\0b", "name", id="nul"),
]


@pytest.mark.parametrize(("place", "detail"), PLACES)
def test_places_where_nothing_is_installed(tmp_path: Path, place: str, detail: str) -> None:
    world = World(tmp_path)
    own = world.root / "协卡"
    own.mkdir()
    other = program(id_="other")
    world.installer().install(other, recipe(), world.root / "包 1.0.zip", world.programs / "另一个")
    known = {"OWN": own, "BOOKS": world.books, "OTHER": world.programs / "另一个", "PROGRAMS": world.programs}
    for word, path in {**known, "ROOT": world.root}.items():
        place = place.replace(word, str(path))
    before = world.state()
    installer = Installer(world.books, [own], Clock())
    with pytest.raises(XiekaError) as error:
        installer.install(program(), recipe(), world.root / "包 1.0.zip", Path(place))
    assert (error.value.code, error.value.params["detail"]) == ("E-INS-13", detail)
    assert world.state() == before
    world.tidy()


def test_a_name_without_room_for_the_staging_folders_is_refused(world: World) -> None:
    world.target = world.programs / ("长" * 76)
    refused(world, "E-INS-14")
    world.target = world.programs / ("长" * 75)
    world.install()


def test_a_path_that_nothing_could_be_started_by_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (world.root / "包 1.0.zip").write_bytes(packed({**V1, "x" * 50: b""}))
    monkeypatch.setattr(places, "_LONGEST", places._length(world.target) + 50)
    refused(world, "E-INS-14")
    world.tidy()
    monkeypatch.setattr(places, "_LONGEST", places._length(world.target) + 51)
    world.install()


def test_too_little_space_is_told_with_numbers_before_anything_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free = (1 << 20) + (64 << 20)

    monkeypatch.setattr(places.shutil, "disk_usage", lambda _: Usage)
    world.install()
    Usage.free -= 1
    error = refused(world, "E-DSK-01")
    assert (error.params["x"], error.params["y"]) == (69, 68)


def test_a_folder_that_cannot_be_looked_at_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(path: Path) -> None:
        raise PermissionError(13, "denied", str(path))

    monkeypatch.setattr(places.shutil, "disk_usage", denied)
    error = refused(world, "E-INS-12")
    assert error.params["path"] == str(world.programs)


def test_a_program_stays_where_it_was_installed(world: World) -> None:
    world.install()
    world.target = world.programs / "别处"
    refused(world, "E-INS-17")


def test_a_refused_package_changes_nothing_and_leaves_nothing(world: World) -> None:
    world.install()
    world.use()
    (world.root / "包 1.0.zip").write_bytes(packed({**V2, "../evil": b"x"}))
    refused(world, "E-PKG-10", "parent")
    world.tidy()
    (world.root / "包 1.0.zip").write_bytes(packed({"other": b"x"}))
    refused(world, "E-PKG-23")
    world.tidy()


def test_cancelled(world: World) -> None:
    cancel = threading.Event()
    cancel.set()
    before = world.state()
    with pytest.raises(XiekaError, match="E-INS-18"):
        world.installer().install(
            program(), recipe(), world.root / "包 1.0.zip", world.programs / "a" / "b", None, cancel
        )
    assert world.state() == before
    world.tidy()


def test_one_operation_at_a_time(world: World) -> None:
    world.install()
    lock = FileLock(world.books / "lock")
    assert lock.acquire()
    refused(world, "E-INS-10")
    with pytest.raises(XiekaError, match="E-INS-10"):
        world.installer().uninstall(ID, keep_user_data=True)
    report = world.installer().recover()
    assert (report.done, report.problems) == ((), ())
    lock.release()
    world.install()


USES = [
    pytest.param([sys.executable, "-c", "import time; time.sleep(60)"], "CWD", id="working-folder"),
    pytest.param([sys.executable, "TARGET/lib/run.py"], None, id="argument"),
    pytest.param(["TARGET/lib/run", "60"], None, id="program"),
]


@pytest.mark.parametrize(("command", "cwd"), USES)
def test_a_running_program_is_neither_updated_nor_removed(world: World, command: list[str], cwd: str | None) -> None:
    world.install()
    (world.target / "lib" / "run.py").write_text("import time; time.sleep(60)")
    (world.target / "lib" / "run").write_bytes(Path("/bin/sleep").read_bytes())
    (world.target / "lib" / "run").chmod(0o755)
    words = [word.replace("TARGET", str(world.target)) for word in command]
    with subprocess.Popen(words, cwd=world.target if cwd else None) as process:
        try:
            error = refused(world, "E-INS-15")
            assert str(error.params["processes"])
            before = world.state()
            with pytest.raises(XiekaError, match="E-INS-15"):
                world.installer().uninstall(ID, keep_user_data=False)
            assert world.state() == before
        finally:
            process.kill()
    world.install()


def test_a_package_that_is_none_to_unpack_is_a_mistake_of_the_caller(world: World) -> None:
    builtin = Package.model_validate(
        {"platform": "any", "target": None, "install": {"kind": "builtin", "page": "upgrade"}}
    )
    with pytest.raises(ValueError, match="not an archive"):
        world.installer().install(program(), builtin, world.root / "包 1.0.zip", world.target)


def test_a_large_file_is_read_again_only_when_it_changed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.install()
    monkeypatch.setattr(integrity, "_LARGE", len(V1["lib/a.so"]))
    read: list[str] = []
    real = integrity.ours

    def ours(tree: Tree, one: Unpacked) -> bool:
        read.append(one.path)
        return real(tree, one)

    monkeypatch.setattr(integrity, "ours", ours)
    installer = world.installer()
    assert installer.verify(ID) == "ok"
    assert sorted(read) == [ENTRY, "lib/a.so"]
    assert installer.verify(ID) == "ok"
    again = [] if sys.platform != "win32" else ["lib/a.so"]
    assert sorted(read) == [ENTRY, ENTRY, "lib/a.so", *again], "what is small is read every time"
    library = world.target / "lib/a.so"
    before = library.stat()
    library.write_bytes(b"TWO" * 1000)
    os.utime(library, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (installer.check(ID), installer.verify(ID)) == ("ok", "changed"), "its old time is no proof"


def test_another_publishers_program_of_the_same_id(world: World) -> None:
    world.install()
    other = program("9.0").model_copy(update={"publisher": "else"})
    for folder in (world.target, world.programs / "另一个"):
        with pytest.raises(XiekaError, match="E-INS-33"):
            world.installer().install(other, recipe(), world.root / "包 1.0.zip", folder)
    world.use()
    world.installer().uninstall(ID, keep_user_data=True)
    with pytest.raises(XiekaError, match="E-INS-11"):
        world.installer().install(other, recipe(), world.root / "包 1.0.zip", world.target)
    world.installer().install(other, recipe(), world.root / "包 1.0.zip", world.programs / "另一个")
    assert [one.full_name for one in world.installer().installed()] == [f"else/{ID}"]


def test_whoever_waits_for_another_operation_can_be_cancelled(world: World) -> None:
    installer, cancel = world.installer(), threading.Event()
    told: list[str] = []

    def install() -> None:
        try:
            installer.install(program(), recipe(), world.root / "包 1.0.zip", world.target, None, cancel)
        except XiekaError as error:
            told.append(error.code)

    with installer._alone():
        thread = threading.Thread(target=install, daemon=True)
        thread.start()
        thread.join(0.2)
        assert told == []
        cancel.set()
        thread.join(2)
        assert told == ["E-INS-18"]
    world.install()

"""Broken books are told and set aside, never guessed; leftovers are removed only when they are known to be ours."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from tests.apps.portable.world import ID, V2, World, program, recipe
from xieka.apps.installed import Operation
from xieka.apps.portable.journal import Journal
from xieka.core.errors import XiekaError

BROKEN = [
    pytest.param(b"", id="empty"),
    pytest.param(b"{", id="cut"),
    pytest.param(b"\xff\xfe", id="no-text"),
    pytest.param(b"[]", id="other-shape"),
    pytest.param(b'{"version": 2}', id="other-version"),
    pytest.param(b'{"version": 1, "more": 1}', id="unknown-name"),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.install()
    return made


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_ledger(world: World, data: bytes) -> None:
    other = world.programs / "另一个"
    world.installer().install(program(id_="other"), recipe(), world.root / "包 1.0.zip", other)
    path = world.books / "installed" / f"{ID}.json"
    path.write_bytes(data)
    before = world.state()[0]
    report = world.installer().recover()
    assert [one.code for one in report.problems] == ["E-INS-20"]
    aside = Path(str(report.problems[0].params["path"]))
    assert (aside.parent, aside.read_bytes()) == (path.parent, data)
    assert [one.id for one in world.installer().installed()] == ["other"]
    assert world.installer().recover().problems == (), "told once"
    with pytest.raises(XiekaError, match="E-INS-11"):
        world.install()
    assert world.state()[0] == before


BAD = {
    "outside": {"path": "../evil"},
    "absolute": {"path": "/evil"},
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_a_ledger_that_names_files_outside_removes_none_of_them(world: World, change: dict[str, str]) -> None:
    path = world.books / "installed" / f"{ID}.json"
    ledger = json.loads(path.read_bytes())
    (world.programs / "evil").write_bytes(b"")
    empty = next(one for one in ledger["files"] if one["size"] == 0)
    empty.update(change)
    path.write_text(json.dumps(ledger))
    with pytest.raises(XiekaError, match="E-INS-20"):
        world.installer().uninstall(ID, keep_user_data=True)
    assert (world.programs / "evil").exists()


@pytest.mark.parametrize("data", BROKEN)
def test_a_broken_journal(world: World, data: bytes) -> None:
    (world.books / "journal.json").write_bytes(data)
    before = world.state()
    report = world.installer().recover()
    assert [one.code for one in report.problems] == ["E-INS-23"]
    assert Path(str(report.problems[0].params["path"])).read_bytes() == data
    assert world.installer().recover().problems == ()
    assert world.state() == before
    world.install(V2, "2.0")


def test_a_broken_journal_stops_an_operation_once(world: World) -> None:
    (world.books / "journal.json").write_bytes(b"{")
    with pytest.raises(XiekaError, match="E-INS-23"):
        world.install(V2, "2.0")
    world.install(V2, "2.0")


def test_only_staging_folders_that_the_journal_names_are_removed(world: World) -> None:
    token = "0123456789abcdef"
    operation = Operation(
        id="other", name="另一个", kind="install", phase="prepare", folder=str(world.programs / "新的"), token=token
    )
    Journal(world.books / "journal.json").put(operation)
    ours, similar = operation.staging, operation.staging.with_name(".新的.xieka-new-fedcba9876543210")
    for folder in (ours, similar):
        (folder / "里面").mkdir(parents=True)
        (folder / "里面" / "文件").write_bytes(b"x")
    (ours / "link").symlink_to(similar)
    half = world.books / ".00112233445566ff.tmp"
    for path in (half, world.books / "mine.tmp"):
        path.write_bytes(b"x")
    report = world.installer().recover()
    assert [(one.id, one.result) for one in report.done] == [("other", "unchanged")]
    assert (ours.exists(), (similar / "里面" / "文件").exists()) == (False, True)
    assert (half.exists(), (world.books / "mine.tmp").exists()) == (False, True)


def test_an_operation_that_cannot_be_ended_is_told_and_holds_up_no_other(world: World) -> None:
    """Somebody made a folder of the name in the instant between the two renames."""
    journal = Journal(world.books / "journal.json")
    stuck = Operation(
        id=ID, name="证书巡检报告", kind="install", phase="switch", folder=str(world.target), token="0" * 16
    )
    stuck.staging.mkdir()
    world.target.rename(stuck.aside)
    world.target.mkdir()
    (world.target / "文件").write_bytes(b"of somebody else")
    journal.put(stuck)
    other = Operation(
        id="other", name="另一个", kind="install", phase="prepare", folder=str(world.programs / "新的"), token="1" * 16
    )
    other.staging.mkdir()
    journal.put(other)
    report = world.installer().recover()
    assert [one.id for one in report.done] == ["other"]
    assert [(one.code, one.params["detail"]) for one in report.problems] == [("E-INS-21", "occupied")]
    assert (world.target / "文件").read_bytes() == b"of somebody else"
    assert (stuck.aside / "bin").exists()
    # He clears the way; the next start puts the old program back.
    (world.target / "文件").unlink()
    world.target.rmdir()
    assert [one.result for one in world.installer().recover().done] == ["unchanged"]
    assert world.installer().verify(ID) == "ok"
    world.tidy()


def test_a_disk_that_is_unplugged_is_waited_for(world: World) -> None:
    world.use()
    operation = Operation(
        id=ID, name="证书巡检报告", kind="install", phase="switch", folder=str(world.target), token="0" * 16
    )
    operation.staging.mkdir()
    world.target.rename(operation.aside)
    Journal(world.books / "journal.json").put(operation)
    unplugged = world.programs.rename(world.root / "抽屉")
    for _ in range(2):
        assert [one.code for one in world.installer().recover().problems] == ["E-INS-21"]
    unplugged.rename(world.programs)
    assert [one.result for one in world.installer().recover().done] == ["installed"]
    assert (world.target / "资料" / "我的 报告.txt").read_bytes() == b"precious"


def test_a_program_on_a_disk_that_never_comes_back_can_be_removed_and_installed_elsewhere(world: World) -> None:
    operation = Operation(
        id=ID, name="证书巡检报告", kind="install", phase="switch", folder=str(world.target), token="0" * 16
    )
    Journal(world.books / "journal.json").put(operation)
    world.programs.rename(world.root / "抽屉")
    assert world.installer().uninstall(ID, keep_user_data=True).result == "uninstalled"
    world.programs.mkdir()
    world.install()
    assert world.installer().verify(ID) == "ok"


def failing(patch: pytest.MonkeyPatch, name: str, number: int) -> None:
    """Reading a file of this name fails as the disk or the system would."""
    real = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == name:
            raise OSError(number, os.strerror(number), str(path))
        return real(path)

    patch.setattr(Path, "read_bytes", read)


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.EMFILE], ids=["EIO", "EACCES", "EMFILE"])
@pytest.mark.parametrize("name", [f"installed/{ID}.json", "journal.json"])
def test_a_book_that_cannot_be_read_now_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    before, files = world.state(), sorted(world.books.rglob("*"))
    with monkeypatch.context() as patch:
        failing(patch, Path(name).name, number)
        (problem,) = world.installer().recover().problems
        assert (problem.code, problem.params["detail"]) == ("E-INS-24", errno.errorcode[number])
        assert str(Path(name)) in problem.body()["kept"]
        actions = (
            lambda: world.install(V2, "2.0"),
            lambda: world.installer().uninstall(ID, keep_user_data=False),
            lambda: world.installer().install(
                program(id_="other"), recipe(), world.root / "包 1.0.zip", world.programs / "o"
            ),
        )
        for action in actions:
            with pytest.raises(XiekaError, match="E-INS-24"):
                action()
    assert (world.state(), sorted(world.books.rglob("*"))) == (before, files)
    assert world.installer().recover().problems == ()
    assert [one.id for one in world.installer().installed()] == [ID]


def test_a_ledger_is_read_once_for_many_looks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = Path.read_bytes

    def counted(path: Path) -> bytes:
        read.append(path.name)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    installer = world.installer()
    for _ in range(5):
        assert [one.version for one in installer.installed()] == ["1.0"]
        assert installer.check(ID) == "ok"
    assert read.count(f"{ID}.json") == 1
    world.install(V2, "2.0")
    assert [one.version for one in installer.installed()] == ["2.0"], "another process has changed it"
    world.installer().uninstall(ID, keep_user_data=True)
    assert installer.installed() == ()


def test_a_ledger_of_the_version_before_is_read(world: World) -> None:
    path = world.books / "installed" / f"{ID}.json"
    ledger = json.loads(path.read_bytes())
    assert ledger["program"].pop("shown") == {"title": "证书巡检报告", "icon": "building_government", "tone": "blue"}
    path.write_text(json.dumps(ledger))
    (one,) = world.installer().installed()
    assert (one.shown, one.face.title) == (None, "证书巡检报告")

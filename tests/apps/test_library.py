from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from xieka.apps.entries import LIMIT, ProgramEntry
from xieka.apps.installed import Installed
from xieka.apps.library import Library
from xieka.contract.apps import Program
from xieka.contract.content import Link
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus

UPGRADE = "builtin:upgrade"


def link(name: str = "zwdt", url: str = "https://zwdt.sh.gov.cn/") -> Link:
    return Link.model_validate(
        {
            "id": name,
            "name": "上海一网通办",
            "url": url,
            "description": "政务服务总入口。",
            "category": "general",
            "icon": "building_government",
            "tone": "blue",
            "origin": {},
        }
    )


def program(**fields: object) -> Program:
    return Program.model_validate(
        {
            "id": "report",
            "publisher": "example",
            "publisher_name": "示例",
            "name": "证书巡检报告",
            "version": "1.0",
            "summary": "示例",
            "description": "示例",
            "icon": "data_bar_vertical",
            "tone": "teal",
            "packages": [{"platform": "any", "target": None, "install": {"kind": "builtin", "page": "x"}}],
            "origin": {},
            **fields,
        }
    )


def installed(**fields: object) -> Installed:
    return Installed.model_validate(
        {
            "id": "report",
            "publisher": "example",
            "name": "证书巡检报告",
            "version": "1.0",
            "folder": str(Path("/x").absolute()),
            "entry": "x",
            "installed_at": "2026-11-25T09:00:00Z",
            "size": 1,
            "shown": {"title": "证书巡检报告", "icon": "data_bar_vertical", "tone": "teal"},
            **fields,
        }
    )


def library(folder: Path, bus: EventBus | None = None) -> Library:
    return Library(folder / "apps.json", bus or EventBus())


def ids(apps: Library) -> list[str]:
    return [entry.id for entry in apps.entries()]


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(XiekaError) as error:
        action()
    return error.value.code


def test_a_fresh_installation_shows_the_upgrade(tmp_path: Path) -> None:
    """REQ-073; taken out, it stays out, and comes back through 证书业务 (REQ-079…086)."""
    apps = library(tmp_path)
    assert ids(apps) == [UPGRADE]
    apps.remove(UPGRADE)
    assert ids(library(tmp_path)) == []
    apps.add_builtin("upgrade")
    assert ids(library(tmp_path)) == [UPGRADE]


def test_added_once_and_still_there_after_a_restart(tmp_path: Path) -> None:
    bus, told = EventBus(), []
    bus.on("apps", told.append)
    apps = library(tmp_path, bus)
    apps.add_link(link(), "hall")
    apps.add_link(link(url="https://other.example.com/"), "catalog")
    apps.add_program(installed())
    apps.add_program(installed(version="2.0", shown={"title": "巡检", "icon": "data_bar_vertical", "tone": "teal"}))
    again = library(tmp_path)
    assert ids(again) == [UPGRADE, "link:zwdt", "program:example/report"]
    assert again.entries() == apps.entries()
    entry = again.get("program:example/report")
    assert isinstance(entry, ProgramEntry)
    assert entry.title == "巡检", "an update brings its new face"
    assert again.address("zwdt") == "https://zwdt.sh.gov.cn/", "as it was when it was added"
    assert again.address("no-such") is None
    assert again.link_ids() == {"zwdt"}
    assert told == [{"count": 2}, {"count": 3}, {"count": 3}]
    assert (tmp_path / "apps.json").stat().st_mode & 0o077 == 0


def test_the_users_order_with_the_pinned_first(tmp_path: Path) -> None:
    apps = library(tmp_path)
    for name in "abcd":
        apps.add_link(link(name), "hall")
    apps.remove(UPGRADE)
    apps.move("link:d", "link:b")
    assert ids(apps) == ["link:a", "link:d", "link:b", "link:c"]
    apps.move("link:a", None)
    apps.move("link:a", "link:a")
    assert ids(apps) == ["link:d", "link:b", "link:c", "link:a"]
    apps.pin("link:c", True)
    assert ids(apps) == ["link:c", "link:d", "link:b", "link:a"]
    apps.add_link(link("c", "https://new.example.com/"), "hall")
    assert ids(library(tmp_path)) == ids(apps)
    apps.pin("link:c", False)
    assert ids(apps) == ["link:d", "link:b", "link:c", "link:a"]
    for action in (
        lambda: apps.move("link:x", None),
        lambda: apps.move("link:a", "link:x"),
        lambda: apps.pin("link:x", True),
        lambda: apps.remove("link:x"),
    ):
        assert refused(action) == "E-SAV-04"
    assert ids(apps) == ["link:d", "link:b", "link:c", "link:a"]


def test_removed_and_put_back_in_its_place(tmp_path: Path) -> None:
    apps = library(tmp_path)
    for name in "abc":
        apps.add_link(link(name), "hall")
    word = apps.remove("link:b")
    assert ids(library(tmp_path)) == [UPGRADE, "link:a", "link:c"]
    apps.restore(word)
    assert ids(library(tmp_path)) == [UPGRADE, "link:a", "link:b", "link:c"]
    assert refused(lambda: apps.restore(word)) == "E-SAV-04", "once"
    old = apps.remove("link:a")
    word = apps.remove("link:c")
    assert refused(lambda: apps.restore(old)) == "E-SAV-04", "the last one only"
    apps.add_link(link("c"), "hall")
    apps.restore(word)
    assert ids(apps) == [UPGRADE, "link:b", "link:c"], "added again meanwhile"


def entry(**fields: object) -> dict[str, object]:
    return {
        "id": "a", "name": "a", "url": "https://a.cn/", "icon": "globe", "tone": "blue", "source": "hall",
        "added_at": "2026-11-25T00:00:00Z", **fields,
    }  # fmt: skip


def test_the_file_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "apps.json").write_text(json.dumps({"version": 1, "links": [entry()]}))
    apps = library(tmp_path)
    assert ids(apps) == [UPGRADE, "link:a"]
    assert apps.problem is None
    apps.pin("link:a", True)
    assert ids(library(tmp_path)) == ["link:a", UPGRADE]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b'{"version":1,"links":[', id="half"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(json.dumps({"version": 3, "entries": []}).encode(), id="from a later version"),
        pytest.param(json.dumps({"links": [entry(url="javascript:alert(1)")]}).encode(), id="script"),
        pytest.param(json.dumps({"links": [entry(url="http://a.cn/")]}).encode(), id="http"),
        pytest.param(json.dumps({"links": [entry(name="a\u202eb")]}).encode(), id="reversed name"),
        pytest.param(
            json.dumps({"version": 2, "entries": [{"kind": "program", "name": "../x/y"}]}).encode(), id="program"
        ),
    ],
)
def test_a_broken_file_is_kept_aside_and_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "apps.json").write_bytes(content)
    apps = library(tmp_path)
    assert ids(apps) == [UPGRADE]
    assert apps.problem is not None
    body = apps.problem.body()
    assert body["code"] == "E-SAV-02"
    assert (tmp_path / "apps.broken-1.json").read_bytes() == content
    assert "apps.broken-1.json" in body["kept"]
    apps.add_link(link(), "hall")
    assert library(tmp_path).problem is None
    (tmp_path / "apps.json").write_bytes(content)
    library(tmp_path)
    assert len(list(tmp_path.glob("apps.broken-*.json"))) == 2, "an earlier one is not overwritten"


def test_a_failed_write_changes_nothing(tmp_path: Path) -> None:
    apps = library(tmp_path)
    apps.add_link(link(), "hall")
    (tmp_path / "apps.json").unlink()
    (tmp_path / "apps.json").mkdir()
    for change in (
        lambda: apps.add_link(link("b"), "hall"),
        lambda: apps.remove("link:zwdt"),
        lambda: apps.pin("link:zwdt", True),
        lambda: apps.move("link:zwdt", UPGRADE),
    ):
        assert refused(change) == "E-SAV-01"
        assert ids(apps) == [UPGRADE, "link:zwdt"]


def test_there_is_a_limit(tmp_path: Path) -> None:
    (tmp_path / "apps.json").write_text(json.dumps({"links": [entry(id=f"a{i}") for i in range(LIMIT - 1)]}))
    apps = library(tmp_path)
    assert refused(lambda: apps.add_link(link(), "hall")) == "E-SAV-03"
    assert refused(lambda: apps.add_program(installed())) == "E-SAV-03"
    apps.add_link(link("a1"), "hall")
    word = apps.remove("link:a1")
    apps.add_link(link(), "hall")
    assert refused(lambda: apps.restore(word)) == "E-SAV-03"


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.EMFILE], ids=["EIO", "EACCES", "EMFILE"])
def test_a_list_that_cannot_be_read_now_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    library(tmp_path).add_link(link(), "hall")
    before = (tmp_path / "apps.json").read_bytes()

    def broken(path: Path) -> bytes:
        raise OSError(number, "no", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", broken)
        apps = library(tmp_path)
        assert apps.problem is not None
        assert apps.problem.body()["code"] == "E-SAV-05"
        for change in (
            lambda: apps.add_link(link("b"), "hall"),
            lambda: apps.remove(UPGRADE),
            lambda: apps.pin(UPGRADE, True),
            lambda: apps.add_program(installed()),
        ):
            assert refused(change) == "E-SAV-05"
    assert [path.name for path in tmp_path.iterdir()] == ["apps.json"]
    assert (tmp_path / "apps.json").read_bytes() == before
    assert ids(apps) == [UPGRADE, "link:zwdt"], "tried again"
    assert apps.problem is None

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xieka.apps.models import LIMIT
from xieka.apps.service import SavedLinks
from xieka.contract.content import Link
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


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


def saved(folder: Path, bus: EventBus | None = None) -> SavedLinks:
    return SavedLinks(folder / "apps.json", bus or EventBus(), Clock())


def test_added_once_and_still_there_after_a_restart(tmp_path: Path) -> None:
    bus, told = EventBus(), []
    bus.on("apps", told.append)
    apps = saved(tmp_path, bus)
    apps.add(link(), "hall")
    apps.add(link(url="https://other.example.com/"), "catalog")
    apps.add(link("b"), "catalog")
    again = saved(tmp_path)
    assert [one.id for one in again.links()] == ["zwdt", "b"]
    assert again.links() == apps.links()
    assert again.address("zwdt") == "https://zwdt.sh.gov.cn/", "as it was when it was added"
    assert again.address("no-such") is None
    assert again.ids() == {"zwdt", "b"}
    assert told == [{"count": 1}, {"count": 2}]
    view = again.view()
    assert view.problem is None
    assert view.items[0].domain == "zwdt.sh.gov.cn"
    assert "://" not in view.model_dump_json()
    assert (tmp_path / "apps.json").stat().st_mode & 0o077 == 0


def test_removed(tmp_path: Path) -> None:
    apps = saved(tmp_path)
    apps.add(link(), "hall")
    apps.remove("no-such")
    apps.remove("zwdt")
    assert apps.links() == ()
    assert saved(tmp_path).links() == ()


def entry(**fields: object) -> dict[str, object]:
    return {
        "id": "a", "name": "a", "url": "https://a.cn/", "icon": "globe", "tone": "blue", "source": "hall",
        "added_at": "2026-11-25T00:00:00Z", **fields,
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b'{"version":1,"links":[', id="half"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(json.dumps({"version": 2, "links": []}).encode(), id="from a later version"),
        pytest.param(json.dumps({"links": [entry(url="javascript:alert(1)")]}).encode(), id="script"),
        pytest.param(json.dumps({"links": [entry(url="http://a.cn/")]}).encode(), id="http"),
        pytest.param(json.dumps({"links": [entry(name="a\u202eb")]}).encode(), id="reversed name"),
    ],
)
def test_a_broken_file_is_kept_aside_and_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "apps.json").write_bytes(content)
    apps = saved(tmp_path)
    assert apps.links() == ()
    problem = apps.view().problem
    assert problem is not None
    assert problem.code == "E-SAV-02"
    assert (tmp_path / "apps.broken-1.json").read_bytes() == content
    assert "apps.broken-1.json" in problem.kept
    apps.add(link(), "hall")
    assert saved(tmp_path).view().problem is None
    (tmp_path / "apps.json").write_bytes(content)
    saved(tmp_path)
    assert len(list(tmp_path.glob("apps.broken-*.json"))) == 2, "an earlier one is not overwritten"


def test_a_failed_write_changes_nothing(tmp_path: Path) -> None:
    apps = saved(tmp_path)
    apps.add(link(), "hall")
    (tmp_path / "apps.json").unlink()
    (tmp_path / "apps.json").mkdir()
    for change in (lambda: apps.add(link("b"), "hall"), lambda: apps.remove("zwdt")):
        with pytest.raises(XiekaError) as error:
            change()
        assert error.value.code == "E-SAV-01"
        assert [one.id for one in apps.links()] == ["zwdt"]


def test_there_is_a_limit(tmp_path: Path) -> None:
    (tmp_path / "apps.json").write_text(json.dumps({"links": [entry(id=f"a{i}") for i in range(LIMIT)]}))
    apps = saved(tmp_path)
    with pytest.raises(XiekaError, match="E-SAV-03"):
        apps.add(link(), "hall")
    apps.add(link("a1"), "hall")

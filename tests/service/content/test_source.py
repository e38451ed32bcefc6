"""The editor's folder: what it says, and every mistake by file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.service.content.factory import FILES, NOW, png, write_source
from tests.service.content.mistakes_in_files import IN_FILES
from tests.service.content.mistakes_in_tables import IN_TABLES
from xieka_service.content.checking import check
from xieka_service.content.edition import Content
from xieka_service.content.source.mistakes import SourceErrors

HALL = FILES["hall.toml"]
NEWS = FILES["announcements/2026-11-20-first.md"]
NEWS_FILE = "announcements/2026-11-20-first.md"


def mistakes(folder: Path, **changes: str | bytes | None) -> list[str]:
    with pytest.raises(SourceErrors) as caught:
        check(write_source(folder, **changes), NOW)
    return [str(one) for one in caught.value]


def checked(folder: Path, **changes: str | bytes | None) -> Content:
    return check(write_source(folder, **changes), NOW)


@pytest.mark.parametrize(("changes", "beginning"), [*IN_TABLES, *IN_FILES])
def test_a_mistake_is_told_by_file_and_line(
    changes: dict[str, str | bytes | None], beginning: str, tmp_path: Path
) -> None:
    found = mistakes(tmp_path, **changes)
    assert any(one.startswith(beginning) for one in found), found
    # What follows from a mistake is not told as another one, but for what hangs on the group or the id that was wrong.
    assert len(found) <= 2, found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        **{
            "hall.toml": HALL.replace("https:", "http:").replace('"blue"', '"pink"'),
            "contact.toml": FILES["contact.toml"].replace("online", "away"),
            "client.toml": None,
            NEWS_FILE: NEWS + "\n# 标题\n",
            "faq/01-first.md": "没有头\n",
            "pictures/two.png": b"?",
        },
    )
    assert [one.split(": ")[0] for one in found] == [
        "announcements/2026-11-20-first.md:10",
        "client.toml",
        "contact.toml:12",
        "faq",
        "faq/01-first.md:1",
        "hall.toml:9",
        "hall.toml:12",
        "pictures.toml:8",
    ]


def test_the_error_says_what_to_do_with_the_list(tmp_path: Path) -> None:
    with pytest.raises(SourceErrors) as caught:
        check(write_source(tmp_path, **{"client.toml": None}), NOW)
    body = caught.value.body()
    assert body["code"] == "E-PUB-01"
    assert body["what"] == "内容有 1 处需要修改"
    assert body["do"].splitlines()[1:] == ["  client.toml: 缺少这个文件"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceErrors) as caught:
        check(tmp_path / "没有", NOW)
    assert [str(one) for one in caught.value] == ["没有: 找不到这个文件夹"]


@pytest.mark.parametrize(
    "encode", [lambda text: b"\xef\xbb\xbf" + text, lambda text: text.replace(b"\n", b"\r\n")], ids=["bom", "crlf"]
)
def test_what_windows_editors_write_is_the_same(encode: Any, tmp_path: Path) -> None:
    plain = checked(tmp_path / "plain")
    files: dict[str, str | bytes | None] = {name: encode(text.encode()) for name, text in FILES.items()}
    windows = checked(tmp_path / "windows", **files)
    assert windows.targets() == plain.targets()


def test_backups_and_hidden_files_are_nobodys_mistake(tmp_path: Path) -> None:
    backups: dict[str, str | bytes | None] = dict.fromkeys(
        (".hall.toml.swp", "hall.toml~", ".DS_Store", "announcements/.note.md"), b"\0"
    )
    checked(tmp_path, **backups)


def test_what_the_folder_says_is_what_is_published(tmp_path: Path) -> None:
    second = NEWS.replace("第一条", "第二条").replace('first"\n', 'first"\ntime = 09:30:00\n')
    content = checked(tmp_path, **{"announcements/2026-11-21-second.md": second})
    targets = content.targets()
    feed = json.loads(targets["announcements.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in feed["items"]] == ["2026-11-21-second", "2026-11-20-first"]
    assert feed["items"][0]["date_published"] == "2026-11-21T09:30:00+08:00"
    assert feed["items"][1]["content_text"] == "正文第一段。\n\n• 一\n• 二"
    places = json.loads(targets["outlets.geojson"])
    assert places["type"] == "FeatureCollection"
    assert places["features"][0]["geometry"]["coordinates"] == [121.48, 31.25]
    assert [one["day"] for one in places["features"][0]["properties"]["opens"]] == [1, 2, 3, 4, 5]
    assert json.loads(targets["faq.json"])["questions"][0] == {
        "id": "first",
        "question": "第一个问题？",
        "answer": "先看**这里**。\n\n1. 一\n2. 二",
        "keywords": ["E-PIN-02"],
    }
    assert json.loads(targets["hall.json"])["links"][0]["origin"] == {
        "source": "公开资料",
        "checked": None,
        "example": False,
    }
    assert targets["pictures/one.png"] == png()


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    assert checked(tmp_path / "a").targets() == checked(tmp_path / "b").targets()

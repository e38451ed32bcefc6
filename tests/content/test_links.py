from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.content.service_double import make_bundle, real_now
from tests.service.content.factory import make_repository
from xieka.content.browser import open_in_browser
from xieka.content.kind import Kind
from xieka.content.links import Links, map_address
from xieka.content.service import ContentService
from xieka.contract.content import Outlet
from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.http import Http

SAVED = {"mine": "https://mine.example.com/x", "bad": "javascript:alert(1)", "plain": "http://mine.example.com/"}


@pytest.fixture
def content(tmp_path: Path) -> ContentService:
    """Offline, with the shipped content: links open all the same (D-16)."""
    bundle = make_bundle(make_repository(tmp_path / "service", now=real_now()), tmp_path / "bundled")
    return ContentService(None, None, tmp_path / "content", Http(), EventBus(), SystemClock(), bundle=bundle)


def links(content: ContentService, opened: list[str], *, works: bool = True) -> Links:
    return Links(content, SAVED.get, lambda url: bool(opened.append(url)) or works, "https://service.example")


@pytest.mark.parametrize(
    ("kind", "id_", "url"),
    [
        ("announcement", "2026-11-20-first", "https://example.com/first"),
        ("hall", "zwdt", "https://zwdt.sh.gov.cn/"),
        ("picture", "two", "https://example.com/2"),
        ("agent", "one", "https://example.com/chat"),
        ("saved", "mine", "https://mine.example.com/x"),
    ],
)
def test_each_kind_leads_where_the_content_says(content: ContentService, kind: Kind, id_: str, url: str) -> None:
    opened: list[str] = []
    if kind == "announcement":
        id_ = content.state().content.announcements.items[0].id
    assert links(content, opened).open(kind, id_) == urlsplit(url).hostname
    assert opened == [url]


def test_the_map_by_position_and_by_address(content: ContentService) -> None:
    opened: list[str] = []
    assert links(content, opened).open("map", "example") == "uri.amap.com"
    query = parse_qs(urlsplit(opened[0]).query)
    assert query["position"] == ["121.480000,31.250000"]
    assert query["name"] == ["示例网点"]
    outlet = content.state().content.outlets.features[0].model_copy(update={"geometry": None})
    address = map_address(cast("Outlet", outlet))
    assert parse_qs(urlsplit(address).query) == {"keyword": ["示例路 1 号"]}
    assert address.isascii()


@pytest.mark.parametrize("kind", ["announcement", "hall", "catalog", "picture", "agent", "map", "saved"])
@pytest.mark.parametrize("id_", ["", "no-such", "https://evil.example.com/", "../x"])
def test_an_unknown_id_opens_nothing(content: ContentService, kind: Kind, id_: str) -> None:
    opened: list[str] = []
    with pytest.raises(XiekaError, match="E-LNK-01"):
        links(content, opened).open(kind, id_)
    assert opened == []


@pytest.mark.parametrize("id_", ["bad", "plain"])
def test_the_gate_checks_again(content: ContentService, id_: str) -> None:
    opened: list[str] = []
    with pytest.raises(XiekaError, match="E-LNK-02"):
        links(content, opened).open("saved", id_)
    assert opened == []


def test_no_browser(content: ContentService) -> None:
    with pytest.raises(XiekaError) as error:
        links(content, [], works=False).open("saved", "mine")
    assert error.value.code == "E-LNK-03"
    assert "mine.example.com" in error.value.body()["kept"]


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is of Linux")
def test_the_browser_gets_one_argument_and_our_first_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s|%s|%s" "$#" "$1" "$QT_X" > "{seen}"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    url = "https://example.com/?a=1&b=$(touch x);`id`"
    assert open_in_browser(url, {"PATH": os.environ["PATH"], "QT_X": "first"})
    assert seen.read_text(encoding="utf-8") == f"1|{url}|first"
    program.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    assert not open_in_browser(url, dict(os.environ))
    program.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not open_in_browser(url, dict(os.environ))


def test_nothing_else_opens_a_browser() -> None:
    """The single way out: addresses go through content/browser.py alone; the others open files they have seen."""
    backend = Path(__file__).parents[2] / "backend" / "xieka"

    def naming(pattern: str) -> set[str]:
        found = subprocess.run(
            ["grep", "-rlE", pattern, "--include=*.py", str(backend)], capture_output=True, text=True
        ).stdout.splitlines()
        return {Path(name).relative_to(backend).as_posix() for name in found}

    assert naming(r"import webbrowser|webbrowser\.open|os\.startfile") == {"core/programs.py"}
    openers = {"core/programs.py", "content/browser.py", "desktop/files.py", "apps/launch.py"}
    assert naming("open_with_system") == openers


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("https://service.example/register#code", True),
        ("https://service.example:443/register", False),
        ("https://service.example.evil.example/register", False),
        ("https://user@service.example/register", False),
        ("http://service.example/register", False),
        ("file:///register", False),
    ],
)
def test_pages_of_the_service_itself_and_of_nobody_else(content: ContentService, address: str, opens: bool) -> None:
    opened: list[str] = []
    if opens:
        assert links(content, opened).open_own(address) == "service.example"
        assert opened == [address]
        return
    with pytest.raises(XiekaError) as refused:
        links(content, opened).open_own(address)
    assert refused.value.code == "E-LNK-02"
    assert opened == []

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.content.service_double import Online, make_bundle, real_now, serving, sign_targets
from tests.service.content.factory import FILES, make_repository, png
from xieka.content.bundled import Bundle
from xieka.content.keeper import Keeper
from xieka.content.service import ContentService
from xieka.content.view import is_open
from xieka.contract.content import OpeningHours
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return real_now() + self.ahead

    def monotonic(self) -> float:
        return self.ahead.total_seconds()


class Room:
    """A content service that can be started again and again over the same folder."""

    def __init__(self, online: Online, folder: Path, bundle: Path) -> None:
        self.online, self.folder, self.bundle = online, folder, bundle
        self.clock, self.bus = Clock(), EventBus()
        self.told: list[object] = []
        self.bus.on("content", self.told.append)

    def start(self, *, service: bool = True) -> ContentService:
        base = self.online.server.url("") if service else None
        root = self.online.repository.root
        return ContentService(base, root, self.folder, self.online.http, self.bus, self.clock, bundle=self.bundle)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    repository = make_repository(tmp_path / "service", now=real_now())
    other = make_repository(tmp_path / "other", now=real_now())
    other.announce("随程序附带", real_now())
    bundle = make_bundle(other, tmp_path / "bundled")
    pictures = json.loads((bundle / "pictures.json").read_bytes())["pictures"]
    for picture, name in zip(pictures, ("own-1", "own-2"), strict=True):
        (bundle / picture["image"]).rename(bundle / "pictures" / f"{name}.png")
        picture["image"] = f"pictures/{name}.png"
    (bundle / "pictures.json").write_text(json.dumps({"pictures": pictures}), encoding="utf-8")
    with serving(repository) as online:
        yield Room(online, tmp_path / "content", bundle)


def test_from_bundled_over_service_to_cache(room: Room) -> None:
    service = room.start()
    state = service.state()
    assert (state.source, state.updated_at, state.expired) == ("bundled", datetime(2026, 11, 1, tzinfo=UTC), False)
    assert state.content.announcements.items[0].title == "随程序附带"
    assert room.online.paths() == [], "nobody was asked"
    state = service.refresh()
    assert (state.source, state.expired) == ("service", False)
    assert state.content.announcements.items[0].title == "第一条公告"
    assert [set(one) for one in room.told] == [{"source", "updated_at"}]  # type: ignore[call-overload]
    room.online.paths()
    again = room.start(service=False).state()
    assert (again.source, again.expired, again.updated_at) == ("cache", False, state.updated_at)
    assert again.content == state.content
    assert room.online.paths() == []


def test_old_content_is_shown_and_called_old(room: Room) -> None:
    service = room.start()
    service.refresh()
    room.clock.ahead = timedelta(days=2)
    assert service.state().expired
    again = room.start().state()
    assert (again.source, again.expired) == ("cache", True)
    assert room.start().view().expired


def test_a_failed_refresh_changes_nothing(room: Room) -> None:
    service = room.start()
    before = service.refresh()
    room.online.server.close()
    with pytest.raises(XiekaError, match="E-NET-03"):
        service.refresh()
    assert service.state() == before
    assert len(room.told) == 1


def test_without_a_service(room: Room) -> None:
    with pytest.raises(XiekaError, match="E-CNT-11"):
        room.start(service=False).refresh()


def test_the_view_names_no_address(room: Room) -> None:
    service = room.start()
    for _ in range(2):
        view = service.view(saved={"zwdt"})
        assert "://" not in view.model_dump_json()
        service.refresh()
    view = service.view(saved={"zwdt"})
    item = view.announcements[0]
    assert (item.title, item.domain, item.unread) == ("第一条公告", "example.com", True)
    assert view.recommended == ["link:zwdt"]
    link = view.hall.links[0]
    assert (link.domain, link.saved, link.short, link.kind) == ("zwdt.sh.gov.cn", True, "上海一网通办", "hall")
    assert service.view().hall.links[0].saved is False
    assert view.outlets.districts == ["虹口区", "浦东新区"]
    assert (view.outlets.items[0].id, view.outlets.items[0].example) == ("example", True)
    assert view.contact.agents[0].domain == "example.com"
    assert view.faq[0].keywords == ["E-PIN-02"]
    assert view.validity_years == [1, 2, 3]


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        pytest.param([], ["own-1", "own-2"], id="none"),
        pytest.param(["one"], ["one", "own-1"], id="one"),
        pytest.param(["own-1"], ["own-1", "own-2"], id="one of the program's own"),
        pytest.param(["one", "two"], ["one", "two"], id="two"),
        pytest.param(["one", "two", "not-there"], ["one", "two"], id="a third, which is not even looked for"),
    ],
)
def test_always_two_pictures(room: Room, given: list[str], ids: list[str]) -> None:
    """D-34."""
    pictures = [{"image": f"pictures/{name}.png", "alt": "图", "url": "https://a.cn/"} for name in given]
    files = {"pictures.json": json.dumps({"pictures": pictures}).encode(), "pictures/own-1.png": png()}
    sign_targets(room.online.repository, files)
    service = room.start()
    service.refresh()
    view = service.view()
    assert [picture.id for picture in view.pictures] == ids
    assert [picture.bundled for picture in view.pictures] == [name not in given for name in ids]
    for name in ids:
        with Image.open(io.BytesIO(service.image(name))) as image:
            assert (image.format, image.size) == ("PNG", (430, 156))
    for name in ("own-3", "pictures/one.png", "../hall"):
        with pytest.raises(XiekaError, match="E-LNK-01"):
            service.image(name)


def test_pictures_stay_though_another_program_replaces_the_folder(room: Room) -> None:
    service = room.start()
    service.refresh()
    before = service.image("one")
    room.online.repository.announce("neu", real_now())
    room.start().refresh()
    assert service.image("one") == before


def test_unread_marks(room: Room) -> None:
    now = real_now()
    text = FILES["announcements/2026-11-20-first.md"]
    for name, days in (("new", 3), ("old", 40)):
        day = (now - timedelta(days=days)).date()
        room.online.repository.publish(now, **{f"announcements/{day}-{name}.md": text})
    service = room.start()
    service.refresh()

    def unread() -> list[bool]:
        items = room.start().view().announcements
        return [item.unread for item in sorted(items, key=lambda one: one.date, reverse=True)]

    ages = sorted((now - item.date).days for item in service.view().announcements)
    assert unread() == [age <= 30 for age in ages]
    assert unread().count(False) >= 1
    newest = max(service.view().announcements, key=lambda one: one.date)
    service.mark_read([newest.id, "no-such"])
    assert unread()[0] is False
    assert "no-such" not in (room.folder / "read.json").read_text(encoding="utf-8")
    room.clock.ahead = timedelta(days=300)
    assert unread().count(True) == unread().count(True) > 0, "what was not read stays unread however old it gets"
    (room.folder / "read.json").write_bytes(b"\xff broken")
    assert room.start().view().announcements, "begun anew"


MONDAY = datetime(2026, 11, 23, tzinfo=UTC)  # midnight UTC: 08:00 in Shanghai


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        pytest.param([], MONDAY, None, id="unknown"),
        pytest.param([(1, "09:00", "16:30")], MONDAY, False, id="8:00"),
        pytest.param([(1, "09:00", "16:30")], MONDAY + timedelta(hours=1), True, id="9:00"),
        pytest.param([(1, "09:00", "16:30")], MONDAY + timedelta(hours=8, minutes=29), True, id="16:29"),
        pytest.param([(1, "09:00", "16:30")], MONDAY + timedelta(hours=8, minutes=30), False, id="16:30"),
        pytest.param([(1, "09:00", "16:30")], MONDAY + timedelta(hours=25), False, id="Tuesday"),
        pytest.param([(1, "09:00", "12:00"), (1, "13:00", "17:00")], MONDAY + timedelta(hours=4.5), False, id="noon"),
        pytest.param([(1, "09:00", "12:00"), (1, "13:00", "17:00")], MONDAY + timedelta(hours=5), True, id="13:00"),
        pytest.param([(7, "09:00", "17:00")], MONDAY - timedelta(hours=20), True, id="Sunday 12:00 in Shanghai"),
        pytest.param([(1, "20:00", "02:00")], MONDAY + timedelta(hours=17), True, id="Tuesday 1:00"),
        pytest.param([(7, "20:00", "02:00")], MONDAY - timedelta(hours=7), True, id="Monday 1:00, since Sunday"),
        pytest.param([(1, "20:00", "02:00")], MONDAY - timedelta(hours=7), False, id="Monday 1:00"),
        pytest.param([(1, "00:00", "00:00")], MONDAY, True, id="all day"),
    ],
)
def test_open_now(hours: list[tuple[int, str, str]], moment: datetime, expected: bool | None) -> None:
    given = [OpeningHours(day=day, opens=opens, closes=closes) for day, opens, closes in hours]
    assert is_open(given, moment) is expected


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_keeper_refreshes_when_the_service_comes_into_reach() -> None:
    bus, clock = EventBus(), Clock()
    asked, fail = threading.Semaphore(0), [True]

    def refresh() -> None:
        asked.release()
        if fail.pop() if fail else False:
            raise XiekaError("E-NET-03")

    keeper = Keeper(refresh, bus, clock)
    keeper.start()
    bus.publish("network", {"online": False})
    assert not asked.acquire(timeout=0.1)
    bus.publish("network", {"online": True})
    assert asked.acquire(timeout=2)
    bus.publish("network", {"online": True})
    assert not asked.acquire(timeout=0.1), "not before a minute has passed"
    clock.ahead = timedelta(seconds=61)
    bus.publish("network", {"online": True})
    assert asked.acquire(timeout=2)
    clock.ahead = timedelta(seconds=600)
    bus.publish("network", {"online": True})
    assert not asked.acquire(timeout=0.1), "not before half an hour has passed"
    clock.ahead = timedelta(seconds=1900)
    bus.publish("network", {"online": True})
    assert asked.acquire(timeout=2)
    keeper.close()
    until(lambda: not any(thread.name == "content" for thread in threading.enumerate()))


def test_what_is_shipped_is_whole() -> None:
    """The first start without a network shows this: everything valid, two pictures, a date."""
    bundle = Bundle()
    content = bundle.content()
    assert len(content.pictures.pictures) == 2
    for picture in content.pictures.pictures:
        assert bundle.image(picture.image).startswith(b"\x89PNG")
    assert bundle.made_at() <= real_now()
    names = {link.id for link in (*content.hall.links, *content.catalog.links)}
    assert set(content.catalog.recommended) <= names

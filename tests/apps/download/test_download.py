from __future__ import annotations

import itertools
import stat
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.apps.download.world import House, house, package, wanted
from tests.core.net import running
from tests.core.packages import TAG, PackageServer, Step
from xieka.apps.download.board import Board, Item
from xieka.apps.download.models import DownloadView, NoteFile, Wanted
from xieka.apps.download.pace import Pace
from xieka.apps.download.part import Note
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus

DATA = package(1_500_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "用户 一" / "downloads"


def code_of(error: pytest.ExceptionInfo[XiekaError]) -> str:
    error.value.body()
    return error.value.code


def test_a_package_comes_is_verified_and_has_its_name(folder: Path) -> None:
    server = PackageServer(DATA)
    with running(server), house(folder) as h:
        assert h.downloads.add(wanted(server, DATA)).state == "waiting"
        view = h.wait("done")
        file = h.downloads.file("tool", wanted(server, DATA).sha256)
    assert (view.bytes, view.length, view.problem) == (len(DATA), len(DATA), None)
    assert file is not None
    assert file.read_bytes() == DATA
    assert h.files() == {wanted(server, DATA).sha256: len(DATA)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert h.states() == ["waiting", "downloading", "verifying", "done"]
    assert server.sent == len(DATA)


def test_progress_is_told_five_times_a_second_at_most(folder: Path) -> None:
    server = PackageServer(DATA, Step(pace=0.06))
    with running(server), house(folder) as h:
        h.downloads.add(wanted(server, DATA))
        h.wait("done")
    seen = [(at, data) for at, data in h.told if data["state"] == "downloading"]
    moved = [at for at, data in seen if data["speed"]]
    assert len(moved) >= 5
    assert all(later - earlier > 0.18 for earlier, later in itertools.pairwise(moved))
    fast = [data["speed"] for _, data in seen if data["speed"]]
    assert 400_000 < fast[-1] < 1_300_000
    assert all(0 <= data["remaining"] < 10 for _, data in seen if data["speed"])
    assert [data["bytes"] for _, data in seen] == sorted(data["bytes"] for _, data in seen)


def test_pause_keeps_what_came_and_resume_uses_it(folder: Path) -> None:
    server = PackageServer(DATA, Step(hang=600_000))
    with running(server), house(folder) as h:
        h.downloads.add(wanted(server, DATA))
        h.until(lambda: any(h.files().get(name) == 600_000 for name in h.files()))
        begun = time.monotonic()
        h.downloads.pause("tool")
        assert time.monotonic() - begun < 0.2
        assert h.view().state == "paused"  # type: ignore[union-attr]
        h.until(lambda: h.view().bytes == 600_000)  # type: ignore[union-attr]
        modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
        assert modes == {0o600}, "the part, the note and the lock"
        h.downloads.pause("tool")
        h.downloads.resume("tool")
        assert h.wait("done").bytes == len(DATA)
    assert server.sent == len(DATA)
    assert (server.asked[1].range, server.asked[1].if_range) == ("bytes=600000-", TAG)
    assert h.states() == ["waiting", "downloading", "paused", "waiting", "downloading", "verifying", "done"]


def test_cancel_leaves_nothing(folder: Path) -> None:
    server = PackageServer(DATA, Step(hang=600_000), Step(), Step(hang=1))
    with running(server), house(folder) as h:
        h.downloads.add(wanted(server, DATA))
        h.until(lambda: 600_000 in h.files().values())
        h.downloads.cancel("tool")
        assert h.downloads.views() == []
        h.until(lambda: h.files() == {})
        h.downloads.add(wanted(server, DATA))
        h.wait("done")
        h.downloads.cancel("tool")
        assert h.files() == {}, "a finished one too"
        h.downloads.add(wanted(server, DATA))
        h.until(lambda: 1 in h.files().values())
        h.downloads.pause("tool")
        h.downloads.cancel("tool")
        h.until(lambda: h.files() == {})
        h.downloads.cancel("tool")
    assert server.asked[1].range is None
    assert h.states()[-1] == "cancelled"


def test_one_at_a_time_and_three_waiting(folder: Path) -> None:
    datas = {f"tool-{number}": package(1000 + number, number) for number in range(5)}
    server = PackageServer(b"", Step(hang=0))
    with running(server), house(folder) as h:
        orders = {id_: wanted(server, data, id_) for id_, data in datas.items()}
        server.data = datas["tool-0"]
        for number in range(4):
            h.downloads.add(orders[f"tool-{number}"])
        h.wait("downloading", id_="tool-0")
        assert [view.state for view in h.downloads.views()] == ["downloading", *["waiting"] * 3]
        with pytest.raises(XiekaError) as full:
            h.downloads.add(orders["tool-4"])
        assert code_of(full) == "E-DWN-03"
        assert h.downloads.add(orders["tool-1"]).state == "waiting", "the same once more is no fifth"
        h.downloads.pause("tool-0")
        h.downloads.add(orders["tool-4"])
        with pytest.raises(XiekaError) as full:
            h.downloads.resume("tool-0")
        assert code_of(full) == "E-DWN-03"
        h.downloads.cancel("tool-1")
        h.downloads.resume("tool-0")
        assert [view.id for view in h.downloads.views()] == ["tool-2", "tool-3", "tool-4", "tool-0"]


def test_it_goes_on_after_a_restart_but_not_what_was_paused(folder: Path) -> None:
    server = PackageServer(DATA, Step(hang=600_000))
    other = package(2000, 2)
    with running(server):
        with house(folder) as h:
            h.downloads.add(wanted(server, DATA))
            h.until(lambda: 600_000 in h.files().values())
            h.downloads.add(wanted(server, other, "other"))
            h.downloads.pause("other")
            begun = time.monotonic()
        assert time.monotonic() - begun < 1.0
        with house(folder) as again:
            assert again.wait("done").bytes == len(DATA)
            assert again.wait("paused", id_="other").bytes == 0
    assert server.sent == len(DATA)
    assert server.asked[-1].range == "bytes=600000-"


def test_what_is_done_is_not_fetched_again_but_read_again(folder: Path) -> None:
    server = PackageServer(DATA)
    order = wanted(server, DATA)
    with running(server):
        with house(folder) as h:
            h.downloads.add(order)
            h.wait("done")
            assert h.downloads.add(order).state == "done"
        with house(folder) as again:
            assert again.downloads.views() == []
            again.downloads.add(order)
            again.wait("done")
            assert again.states() == ["waiting", "downloading", "verifying", "done"]
        assert len(server.asked) == 1
        spoilt = bytearray(DATA)
        spoilt[700_000] ^= 1
        (folder / order.sha256).write_bytes(spoilt)
        with house(folder) as third:
            third.downloads.add(order)
            third.wait("done")
            assert (folder / order.sha256).read_bytes() == DATA
        assert len(server.asked) == 2
        assert third.files() == {order.sha256: len(DATA)}


def test_a_new_version_takes_the_place_of_the_old_one(folder: Path) -> None:
    new = package(1_200_000, 2)
    server = PackageServer(DATA, Step(hang=600_000))
    with running(server), house(folder) as h:
        h.downloads.add(wanted(server, DATA))
        h.until(lambda: 600_000 in h.files().values())
        server.data, server.tag = new, '"v2"'
        h.downloads.add(wanted(server, new))
        h.wait("done")
        h.until(lambda: h.files() == {wanted(server, new).sha256: len(new)})
    assert server.asked[1].range is None


def test_a_download_that_ends_in_a_moment_is_closed_in_a_second(folder: Path) -> None:
    server = PackageServer(DATA, Step(pace=0.01))
    with running(server):
        h = House(folder)
        h.downloads.add(wanted(server, DATA))
        h.until(lambda: bool(h.files()))
        begun = time.monotonic()
        h.close()
        assert time.monotonic() - begun < 1.0
        assert not any(thread.name == "downloads" for thread in threading.enumerate())
        with pytest.raises(XiekaError) as closed:
            h.downloads.add(wanted(server, package(10)))
        assert code_of(closed) == "E-NET-13"


def test_two_programs_do_not_work_in_one_folder(folder: Path) -> None:
    server = PackageServer(DATA, Step(hang=600_000))
    other = package(500, 2)
    with running(server), house(folder) as one:
        one.downloads.add(wanted(server, DATA))
        one.until(lambda: 600_000 in one.files().values())
        with house(folder) as two:
            assert two.downloads.views() == [], "what the other one is at is left to it"
            with pytest.raises(XiekaError) as busy:
                two.downloads.add(wanted(server, other, "other"))
            assert code_of(busy) == "E-DWN-01"
            one.downloads.pause("tool")
            one.until(lambda: one.view().bytes == 600_000)  # type: ignore[union-attr]
            server.data = other
            two.downloads.add(wanted(server, other, "other"))
            two.wait("done", id_="other")
        server.data = DATA
        one.downloads.resume("tool")
        one.wait("done")
    assert server.asked[-1].range == "bytes=600000-"


class Later:
    """The computer's clock, so many days on."""

    def __init__(self, days: float) -> None:
        self.days = days

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)

    def monotonic(self) -> float:
        return time.monotonic()


@pytest.mark.parametrize(
    ("days", "left"),
    [
        pytest.param(6.9, 5, id="within a week"),
        pytest.param(7.1, 2, id="a week"),
        pytest.param(-400, 5, id="clock back"),
    ],
)
def test_what_nobody_asked_for_in_a_week_goes_and_nothing_of_others(folder: Path, days: float, left: int) -> None:
    server = PackageServer(DATA, Step(hang=600_000))
    with running(server), house(folder) as h:
        h.downloads.add(wanted(server, DATA))
        h.until(lambda: 600_000 in h.files().values())
        h.downloads.pause("tool")
    (folder / ("a" * 64)).write_bytes(b"finished")
    (folder / f".{'b' * 16}.tmp").write_bytes(b"from a kill")
    (folder / "用户的.part").write_bytes(b"not ours")
    (folder / ("c" * 64)).mkdir()
    with house(folder, clock=Later(days)) as later:
        assert len(later.downloads.views()) == (left == 5)
    assert len(later.files()) == left
    assert (folder / "用户的.part").exists()
    assert (folder / ("c" * 64)).exists()


@pytest.mark.parametrize("note", [b"", b"{}", b'{"version":2}', b"[" * 10_000, bytes(range(128, 228))])
def test_a_broken_note_is_not_trusted(folder: Path, note: bytes) -> None:
    server = PackageServer(DATA)
    order = wanted(server, DATA)
    folder.mkdir(parents=True)
    (folder / f"{order.sha256}.json").write_bytes(note)
    (folder / f"{order.sha256}.part").write_bytes(DATA[:1000])
    with running(server), house(folder) as h:
        assert h.downloads.views() == []
        h.downloads.add(order)
        h.wait("done")
    assert server.sent == len(DATA) - 1000, "the part is hashed, so it needs no note"


def test_a_listener_may_call_back(folder: Path) -> None:
    server = PackageServer(DATA)
    with running(server), house(folder) as h:
        seen: list[list[DownloadView]] = []
        h.downloads._board._bus.on("downloads", lambda _: seen.append(h.downloads.views()))
        h.downloads.add(wanted(server, DATA))
        h.wait("done")
    assert seen


def test_whichever_thread_tells_the_order_stays(tmp_path: Path) -> None:
    heard: list[str] = []
    bus = EventBus()

    def listen(data: Any) -> None:
        if data["state"] == "waiting":
            time.sleep(0.1)
        heard.append(data["state"])

    bus.on("downloads", listen)
    board = Board(bus)
    order = Wanted(id="tool", url="https://example.com/", length=1, sha256="0" * 64)
    item = Item(order, Note(tmp_path, NoteFile(wanted=order)), "waiting")
    with board.changed:
        board.say(item)
    other = threading.Thread(target=board.tell)
    other.start()
    time.sleep(0.03)
    with board.changed:
        board.set(item, "downloading")
    board.tell()
    other.join()
    assert heard == ["waiting", "downloading"]


def test_speed_is_smoothed_and_remaining_follows() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert (pace.look(10), pace.speed, pace.remaining(10)) == (False, None, None)
    for second in range(1, 20):
        now[0] = second
        assert pace.look(1000 * second)
    assert (pace.speed, pace.remaining(10_500)) == (1000, 11)
    now[0] += 3
    pace.look(19_000)
    assert 300 < (pace.speed or 0) < 420, "one silence of three seconds"
    for _ in range(40):
        now[0] += 1
        pace.look(19_000)
    assert (pace.speed, pace.remaining(5)) == (None, None)

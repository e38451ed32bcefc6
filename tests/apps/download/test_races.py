"""Pause, resume, cancel and add from several threads at once, in sequences drawn by seed."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest

from tests.apps.download.world import House, house, package, wanted
from tests.core.net import running
from tests.core.packages import PackageServer, Step
from xieka.apps.download.models import Wanted
from xieka.core.errors import XiekaError

DATA = package(300_000)
NEXT = {
    None: {"waiting", "paused"},
    "waiting": {"downloading", "paused", "cancelled", "waiting"},
    "downloading": {"verifying", "paused", "failed", "cancelled", "done", "waiting"},
    "verifying": {"done", "paused", "downloading", "failed", "cancelled", "waiting"},
    "paused": {"waiting", "cancelled"},
    "failed": {"waiting", "cancelled"},
    "done": {"waiting", "cancelled"},
    "cancelled": {"waiting"},
}


class Paced(PackageServer):
    """Every answer takes a moment, some are cut."""

    def __init__(self, seed: int) -> None:
        super().__init__(DATA)
        self._random = random.Random(seed)  # noqa: S311

    def _answer(self, connection: object, head: str) -> bool:
        cut = self._random.randrange(len(DATA)) if self._random.random() < 0.3 else None
        self.steps = [Step(pace=0.002, cut=cut)]
        return super()._answer(connection, head)  # type: ignore[arg-type]


def play(h: House, order: Wanted, seed: int) -> None:
    """What one impatient user does."""
    luck = random.Random(seed)  # noqa: S311
    for _ in range(luck.randrange(3, 9)):
        time.sleep(luck.choice((0, 0, 0.001, 0.004, 0.015, 0.03)))
        match luck.choice(("pause", "pause", "resume", "resume", "resume", "cancel", "add")):
            case "pause":
                h.downloads.pause(order.id)
            case "resume":
                h.downloads.resume(order.id)
            case "cancel":
                h.downloads.cancel(order.id)
            case "add":
                h.downloads.add(order)


@pytest.mark.parametrize("seeds", [range(start, start + 10) for start in range(0, 100, 10)], ids=lambda s: str(s.start))
def test_a_hundred_sequences(tmp_path: Path, seeds: range) -> None:
    server = Paced(seeds.start)
    with running(server), house(tmp_path) as h:
        for seed in seeds:
            order = wanted(server, DATA)
            h.downloads.add(order)
            users = [threading.Thread(target=play, args=(h, order, seed * 10 + number)) for number in range(2)]
            for user in users:
                user.start()
            for user in users:
                user.join()
            if seed % 2:
                h.downloads.cancel(order.id)
                h.until(lambda: h.files() == {})
                assert h.downloads.views() == []
                continue
            h.downloads.resume(order.id)
            h.downloads.add(order)
            assert h.wait("done", "failed").problem is None
            assert (tmp_path / order.sha256).read_bytes() == DATA
            assert h.files() == {order.sha256: len(DATA)}
            h.downloads.cancel(order.id)
        h.until(lambda: h.files() == {})
        told = [data["state"] for _, data in h.told]
    before: str | None = None
    for state in told:
        assert state == before or state in NEXT[before], (before, state)
        before = state


def test_programs_that_share_a_package_do_not_hurt_each_other(tmp_path: Path) -> None:
    server = PackageServer(DATA, Step(hang=100_000))
    with running(server), house(tmp_path) as h:
        one, two = wanted(server, DATA, "one"), wanted(server, DATA, "two")
        h.downloads.add(one)
        h.until(lambda: 100_000 in h.files().values())
        h.downloads.add(two)
        h.downloads.cancel("two")
        assert 100_000 in h.files().values()
        h.downloads.add(two)
        h.downloads.cancel("one")
        h.wait("done", id_="two")
        assert (tmp_path / two.sha256).read_bytes() == DATA
    assert server.sent == len(DATA)


def meet(houses: tuple[House, House], order: Wanted) -> None:
    """Both want to download at the same moment: one does, the other is told."""
    refused: list[str] = []
    start = threading.Barrier(2)

    def add(h: House) -> None:
        start.wait()
        try:
            h.downloads.add(order)
        except XiekaError as error:
            refused.append(error.code)

    users = [threading.Thread(target=add, args=(h,)) for h in houses]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert refused == ["E-DWN-01"]
    winner = houses[0] if houses[0].view() else houses[1]
    winner.wait("done")
    winner.downloads.cancel(order.id)
    winner.until(lambda: winner.files() == {} and not winner.downloads._folder._taken)


def test_two_programs_that_want_the_same_folder(tmp_path: Path) -> None:
    server = Paced(1)
    with running(server), house(tmp_path) as one, house(tmp_path) as two:
        for _ in range(20):
            meet((one, two), wanted(server, DATA))

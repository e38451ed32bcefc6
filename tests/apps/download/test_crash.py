"""kill -9 of a downloading process at any point: the next one goes on from there, and nothing wrong gets a name."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.apps.download.world import house, package, wanted
from tests.core.net import running
from tests.core.packages import PackageServer, Step
from xieka.apps.download.models import NoteFile, Wanted
from xieka.core.errors import XiekaError

SIZE = 3_000_000
DATA = package(SIZE)


@contextlib.contextmanager
def child(folder: Path, order: Wanted) -> Iterator[subprocess.Popen[bytes]]:
    """A process that downloads; killed at the end, it has no time for anything."""
    command = [sys.executable, "-m", "tests.apps.download.child", str(folder), order.model_dump_json()]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.mark.parametrize("at", [0, 1, 65_536, 1_000_000, 2_500_000, SIZE - 1])
def test_killed_on_the_way(tmp_path: Path, at: int) -> None:
    server = PackageServer(DATA, Step(hang=at))
    order = wanted(server, DATA)
    part = tmp_path / f"{order.sha256}.part"
    with running(server):
        with child(tmp_path, order):
            until(lambda: len(server.asked) == 1 and part.exists() and part.stat().st_size == at)
        assert part.stat().st_size == at
        assert not (tmp_path / order.sha256).exists()
        with house(tmp_path) as h:
            h.wait("done")
            assert h.files() == {order.sha256: SIZE}
    assert (tmp_path / order.sha256).read_bytes() == DATA
    assert server.sent == SIZE, "every byte came once"
    assert server.asked[1].range == (f"bytes={at}-" if at else None)


def test_another_process_is_left_alone_until_it_is_dead(tmp_path: Path) -> None:
    server = PackageServer(DATA, Step(hang=1_000_000))
    order = wanted(server, DATA)
    part = tmp_path / f"{order.sha256}.part"
    with running(server):
        with child(tmp_path, order):
            until(lambda: part.exists() and part.stat().st_size == 1_000_000)
            with house(tmp_path) as h:
                assert h.downloads.views() == []
                with pytest.raises(XiekaError) as refused:
                    h.downloads.add(order)
                assert refused.value.code == "E-DWN-01"
        with house(tmp_path) as h:
            h.wait("done")
    assert server.sent == SIZE


@pytest.mark.parametrize("delay", [0.0, 0.001, 0.003, 0.01, 0.03, 0.1])
def test_killed_around_the_end(tmp_path: Path, delay: float) -> None:
    """Verifying, syncing, renaming: old or new, and what is there is used."""
    server = PackageServer(DATA)
    order = wanted(server, DATA)
    with running(server):
        with child(tmp_path, order):
            until(lambda: server.sent == SIZE)
            time.sleep(delay)
        named = tmp_path / order.sha256
        assert not named.exists() or named.read_bytes() == DATA
        with house(tmp_path) as h:
            h.downloads.add(order)
            h.wait("done")
            assert h.files() == {order.sha256: SIZE}
    assert named.read_bytes() == DATA


ENDS = {
    "complete, not yet named": ({".part": DATA}, 0),
    "named, note still there": ({"": DATA}, 0),
    "noted, nothing came": ({}, SIZE),
    "truncated by a dying disk": ({"": DATA[:-1]}, SIZE),
    "zeros where a power cut left them": ({".part": DATA[:1_000_000] + bytes(500_000)}, SIZE - 1_500_000 + SIZE),
}


@pytest.mark.parametrize(("files", "sent"), [pytest.param(*end, id=name) for name, end in ENDS.items()])
def test_what_a_kill_may_leave(tmp_path: Path, files: dict[str, bytes], sent: int) -> None:
    server = PackageServer(DATA)
    order = wanted(server, DATA)
    (tmp_path / f"{order.sha256}.json").write_text(NoteFile(wanted=order, validator='"v1"').model_dump_json())
    for suffix, data in files.items():
        (tmp_path / f"{order.sha256}{suffix}").write_bytes(data)
    with running(server), house(tmp_path) as h:
        h.wait("done")
        assert (tmp_path / order.sha256).read_bytes() == DATA
        assert h.files() == {order.sha256: SIZE}
    assert server.sent == sent

"""What goes wrong on the way: each has one end, with what was kept, what was sent again and what the user is told."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.apps.download.world import House, house, package, wanted
from tests.core.net import free_port, reply, running
from tests.core.packages import PackageServer, Step
from tests.namespace import namespace
from xieka.apps.download.models import Wanted
from xieka.core.errors import XiekaError

SIZE = 1_000_000
DATA = package(SIZE)
SPOILT = DATA[:500] + bytes([DATA[500] ^ 1]) + DATA[501:]
OTHER = package(SIZE, 2)
PORTAL = reply(b"<html>login</html>", kind="text/html")
GONE = reply(b"", "404 Not Found", "text/html")
BROKEN = reply(b"", "503 Service Unavailable", "text/html")
CUT = Step(cut=400_000)


@dataclass(frozen=True)
class Fault:
    steps: tuple[Step, ...]
    code: str | None = None
    """How it ends; None: well."""
    sent: int | None = SIZE
    """Bytes the server sent; None: that does not matter."""
    left: int = 0
    """Bytes that are kept when it does not end well."""
    data: bytes = DATA
    """What the server has."""
    tag: str | None = '"v1"'


FAULTS = {
    "cut once": Fault((CUT,)),
    "cut at the first byte": Fault((Step(cut=0),)),
    "cut before the last byte": Fault((Step(cut=SIZE - 1),)),
    "cut every 200 kB": Fault(tuple(Step(cut=200_000) for _ in range(8))),
    "cut, no validators": Fault((CUT,), tag=None),
    "cut, weak tag": Fault((CUT,), tag='W/"v1"'),
    "cut, length never said": Fault((Step(cut=400_000, said=False), Step(said=False))),
    "silence": Fault((Step(hang=400_000),)),
    "silence from the start": Fault((Step(hang=0),)),
    "refused three times": Fault((CUT, *[Step(answer=BROKEN)] * 2)),
    "login page on the way": Fault((CUT, Step(answer=PORTAL))),
    "too many requests": Fault((Step(answer=reply(b"", "429 Too Many Requests", Retry_After="1")),)),
    "no ranges": Fault((CUT, Step(whole=True)), sent=SIZE + 400_000),
    "416": Fault((CUT, Step(answer=reply(b"", "416 Range Not Satisfiable"))), sent=SIZE + 400_000),
    "part of another beginning": Fault(
        (CUT, Step(answer=reply(b"xy", "206 Partial Content", Content_Range=f"bytes 5-6/{SIZE}"))), sent=SIZE + 400_000
    ),
    "404": Fault((Step(answer=GONE),), "E-NET-11", sent=0),
    "404 on the way": Fault((CUT, Step(answer=GONE)), "E-NET-11", sent=400_000, left=400_000),
    "always 503": Fault((Step(answer=BROKEN),) * 9, "E-DWN-05", sent=0),
    "503 for ever on the way": Fault((CUT, *[Step(answer=BROKEN)] * 9), "E-DWN-05", sent=400_000, left=400_000),
    "login page for ever": Fault((CUT, *[Step(answer=PORTAL)] * 9), "E-DWN-05", sent=400_000, left=400_000),
    "altered": Fault((), "E-PKG-01", data=SPOILT),
    "altered, in two pieces twice": Fault((CUT, Step(), CUT, Step()), "E-PKG-01", data=SPOILT, sent=2 * SIZE),
    "something else": Fault((), "E-PKG-01", data=OTHER),
    "longer": Fault((), "E-PKG-01", data=DATA + b"x", sent=None),
    "longer, not said": Fault((Step(said=False),), "E-PKG-01", data=DATA + b"x" * 2_000_000, sent=None),
    "shorter": Fault((), "E-PKG-01", data=DATA[:-1], sent=None),
    "shorter, not said": Fault((Step(said=False),), "E-PKG-01", data=DATA[:-1], sent=None),
    "shorter, not said, no ranges": Fault(
        (Step(said=False, whole=True),) * 9, "E-PKG-01", data=DATA[:-1], sent=2 * (SIZE - 1)
    ),
    "nothing": Fault((Step(said=False),), "E-PKG-01", data=b"", sent=0),
}


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in FAULTS.items()])
def test_fault(tmp_path: Path, fault: Fault) -> None:
    server = PackageServer(fault.data, *fault.steps, tag=fault.tag)
    order = wanted(server, DATA)
    # Only silence may be taken for silence: a busy machine is slow, too.
    stall = 0.4 if any(step.hang is not None for step in fault.steps) else 10.0
    with running(server), house(tmp_path, stall=stall) as h:
        h.downloads.add(order)
        view = h.wait("done", "failed")
        if fault.code is None:
            assert (view.state, view.problem) == ("done", None)
            assert (tmp_path / order.sha256).read_bytes() == DATA
            assert h.files() == {order.sha256: SIZE}
        else:
            assert view.problem is not None
            assert view.problem.code == fault.code
            assert view.bytes == fault.left
            assert h.files().get(f"{order.sha256}.part", 0) == fault.left
            assert order.sha256 not in h.files()
            assert bool(h.files()) == bool(fault.left), "what is of no use is gone"
            assert h.downloads.file("tool", order.sha256) is None
        if fault.sent is not None:
            assert server.sent == fault.sent
        if fault.left:
            server.steps.clear()
            h.downloads.resume("tool")
            h.wait("done")
            assert server.sent == SIZE, "every byte came once"


CHANGES = {
    "another length": (package(SIZE + 5, 2), '"v2"'),
    "the same length": (OTHER, '"v2"'),
    "the same length and tag": (OTHER, '"v1"'),
    "the same length, no tag": (OTHER, None),
}


@pytest.mark.parametrize(("data", "tag"), [pytest.param(*change, id=name) for name, change in CHANGES.items()])
def test_a_package_that_changes_on_the_server_meanwhile_never_mixes(
    tmp_path: Path, data: bytes, tag: str | None
) -> None:
    server = PackageServer(DATA, Step(hang=400_000), tag=tag and '"v1"')
    order = wanted(server, DATA)
    with running(server), house(tmp_path) as h:
        h.downloads.add(order)
        h.until(lambda: 400_000 in h.files().values())
        h.downloads.pause("tool")
        server.data, server.tag = data, tag
        h.downloads.resume("tool")
        view = h.wait("done", "failed")
        assert view.problem is not None
        assert view.problem.code == "E-PKG-01"
        assert h.files() == {}
        server.data = DATA
        h.downloads.resume("tool")
        h.wait("done")
        assert (tmp_path / order.sha256).read_bytes() == DATA


@pytest.mark.parametrize("at", [0, 200_000, 399_999])
@pytest.mark.parametrize("honest", [True, False])
def test_a_part_with_a_flipped_bit_is_found_out_and_fetched_once_more(tmp_path: Path, at: int, honest: bool) -> None:
    server = PackageServer(DATA, Step(hang=400_000))
    order = wanted(server, DATA)
    with running(server):
        with house(tmp_path) as h:
            h.downloads.add(order)
            h.until(lambda: 400_000 in h.files().values())
        part = tmp_path / f"{order.sha256}.part"
        spoilt = bytearray(part.read_bytes())
        spoilt[at] ^= 0x10
        part.write_bytes(spoilt)
        server.data = DATA if honest else SPOILT
        with house(tmp_path) as again:
            view = again.wait("done", "failed")
            assert view.state == ("done" if honest else "failed")
            assert again.files() == ({order.sha256: SIZE} if honest else {})
    assert [one.range for one in server.asked] == [None, "bytes=400000-", None], "one clean fetch, no more"


@pytest.mark.parametrize("size", [SIZE + 1, SIZE])
def test_a_part_that_is_too_long_or_complete(tmp_path: Path, size: int) -> None:
    server = PackageServer(DATA)
    order = wanted(server, DATA)
    (tmp_path / f"{order.sha256}.part").write_bytes((DATA + b"x")[:size])
    with running(server), house(tmp_path) as h:
        h.downloads.add(order)
        h.wait("done")
    assert server.sent == (0 if size == SIZE else SIZE)


def test_it_waits_for_the_network_and_goes_on_by_itself(tmp_path: Path) -> None:
    online = threading.Event()
    server = PackageServer(DATA, CUT, *[Step(answer=BROKEN)] * 5)
    with running(server), house(tmp_path, online.is_set) as h:
        h.downloads.add(wanted(server, DATA))
        h.until(lambda: h.view() is not None and h.view().problem is not None)  # type: ignore[union-attr]
        view = h.view()
        assert view is not None
        assert view.problem is not None
        assert (view.state, view.problem.code, view.speed) == ("downloading", "E-DWN-04", None)
        time.sleep(0.2)
        assert len(server.asked) == 1, "nothing is tried while the program knows that there is no network"
        del server.steps[:]
        online.set()
        assert h.wait("done").problem is None
    assert server.sent == SIZE


def test_the_pauses_grow_and_begin_anew_with_every_byte(tmp_path: Path) -> None:
    pauses = (0.05, 0.1, 0.2)
    fails = [Step(answer=BROKEN)]
    server = PackageServer(DATA, *fails * 3, CUT, *fails * 2)
    moments: list[float] = []
    seen = server._answer

    def note(*args: object) -> bool:
        moments.append(time.monotonic())
        return seen(*args)  # type: ignore[arg-type]

    server._answer = note  # type: ignore[method-assign]
    with running(server), house(tmp_path, pauses=pauses) as h:
        h.downloads.add(wanted(server, DATA))
        h.wait("done")
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    expected = [0.05, 0.1, 0.2, 0.05, 0.1, 0.2]
    assert all(want <= gap < want + 0.09 for want, gap in zip(expected, gaps, strict=True)), gaps


def test_nobody_listens_and_later_somebody_does(tmp_path: Path) -> None:
    port = free_port()
    order = wanted(PackageServer(DATA), DATA).model_copy(update={"url": f"http://127.0.0.1:{port}/p.zip"})
    with house(tmp_path) as h:
        h.downloads.add(order)
        view = h.wait("failed")
        assert view.problem is not None
        assert view.problem.code == "E-DWN-05"


def test_an_address_that_is_not_https(tmp_path: Path) -> None:
    with house(tmp_path) as h:
        h.downloads.add(Wanted(id="tool", url="http://example.com/", length=1, sha256="0" * 64))
        view = h.wait("failed")
        assert view.problem is not None
        assert view.problem.code == "E-NET-15"


def _unwritable(tmp_path: Path) -> Path:
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file" / "downloads"


def _read_only(tmp_path: Path) -> Path:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "locked").mkdir(mode=0o500)
    return tmp_path / "locked" / "downloads"


@pytest.mark.parametrize("make", [_unwritable, _read_only])
def test_a_folder_that_cannot_be_written(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    folder = make(tmp_path)
    h = House(folder)
    try:
        with pytest.raises(XiekaError) as refused:
            h.downloads.add(Wanted(id="tool", url="https://example.com/", length=1, sha256="0" * 64))
    finally:
        h.close()
    assert refused.value.code == "E-DWN-02"
    assert str(folder) in refused.value.body()["kept"]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_in_the_place_of_the_part_is_neither_followed_nor_removed(tmp_path: Path, there: bool) -> None:
    server = PackageServer(DATA)
    order = wanted(server, DATA)
    precious = tmp_path / "precious"
    if there:
        precious.write_bytes(b"precious")
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / f"{order.sha256}.part").symlink_to(precious)
    with running(server), house(folder) as h:
        h.downloads.add(order)
        view = h.wait("failed")
    assert view.problem is not None
    assert view.problem.code == "E-DWN-02"
    assert (folder / f"{order.sha256}.part").is_symlink()
    assert (precious.read_bytes() == b"precious") if there else not precious.exists()


def test_a_disk_that_fills_up_on_the_way(tmp_path: Path) -> None:
    """On a small disk of its own, in a child that may mount one: tests/apps/full_disk.py."""
    inside = [*namespace("mount"), "sh", "-c"]
    mount = 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"'
    data = package(2_000_000)
    server = PackageServer(data, Step(pace=0.02))
    order = wanted(server, data).model_dump_json()
    child = [sys.executable, "-m", "tests.apps.download.full_disk", str(tmp_path), order]
    with running(server):
        run = subprocess.run(
            [*inside, mount, tmp_path, *child], capture_output=True, text=True, timeout=30, check=False
        )
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(lines) == 3, run.stderr
    too_much, full, done = lines
    assert too_much["problem"]["code"] == "E-DSK-01", "seen beforehand"
    assert "需要 900 MB" in too_much["problem"]["kept"]
    assert (full["state"], full["problem"]["code"]) == ("failed", "E-DSK-01")
    assert done["state"] == "done"
    assert full["part"] > 0
    assert server.asked[1].range == f"bytes={full['part']}-"

"""Killed, or out of room, at every single file that is written: clients are served a whole edition all the time."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.service.content.factory import NOW, Repository, make_repository, write_source
from tests.service.content.reader import Reader
from xieka.core import files
from xieka.core.errors import XiekaError
from xieka_service.content import keys, repository
from xieka_service.content.checking import check
from xieka_service.content.policy import Policy
from xieka_service.content.publish import publish, renew_root


class KilledError(BaseException):
    """The process ends here."""


class Killer:
    """Ends the process before or after the `at`-th file it writes; counts them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self.before, self.written = 0, False, 0
        self.error: Callable[[], BaseException] = KilledError
        for module in (keys, repository):
            monkeypatch.setattr(module, "write_whole", self._write)

    def arm(self, at: int, *, before: bool = False, error: Callable[[], BaseException] = KilledError) -> None:
        """0: never."""
        self.at, self.before, self.error, self.written = at, before, error, 0

    def _write(self, data: bytes, path: Path, mode: int = 0o666) -> None:
        self.written += 1
        if self.written == self.at and self.before:
            raise self.error()
        files.write_whole(data, path, mode)
        if self.written == self.at:
            raise self.error()


@pytest.fixture
def killer(monkeypatch: pytest.MonkeyPatch) -> Killer:
    return Killer(monkeypatch)


def copy(made: Repository, folder: Path) -> Repository:
    """The same repository in another place."""
    shutil.copytree(made.data, folder / "data")
    shutil.copytree(made.source, folder / "source")
    return Repository(folder / "data", folder / "source", made.policy, made.root)


def lost_key(role: str) -> Callable[[Repository], Any]:
    """Rotation after the old key was lost."""

    def run(made: Repository) -> None:
        (made.data / "keys/content" / f"{role}.pem").unlink(missing_ok=True)
        made.rotate(role)

    return run


SERVED_THROUGHOUT = [
    pytest.param(lambda made: made.announce("新的公告"), id="publish"),
    pytest.param(lambda made: made.resign(NOW.replace(day=30)), id="resign"),
    pytest.param(lambda made: renew_root(made.data, NOW), id="renew-root"),
    *[pytest.param(lambda made, role=role: made.rotate(role), id=f"rotate-{role}") for role in keys.ROLES],
]


@pytest.mark.parametrize("change", SERVED_THROUGHOUT)
def test_at_every_file_old_and_new_clients_find_a_whole_edition(
    change: Callable[[Repository], Any], killer: Killer, tmp_path: Path
) -> None:
    start = make_repository(tmp_path / "start")
    measure = copy(start, tmp_path / "measure")
    killer.arm(0)
    change(measure)
    steps = killer.written
    assert steps >= 1
    for step in range(1, steps + 1):
        killer.arm(0)
        made = copy(start, tmp_path / str(step))
        old = Reader(made.content, tmp_path / f"{step}-old", made.root)
        first = old.read()
        killer.arm(step)
        with pytest.raises(KilledError):
            change(made)
        now = NOW.replace(hour=10)
        fresh = Reader(made.content, tmp_path / f"{step}-fresh", made.root)
        second = check(made.source, NOW).targets()
        assert old.read(now) in (first, second)
        assert fresh.read(now) in (first, second)
        # Whoever comes next finishes the work, and both kinds of clients follow.
        killer.arm(0)
        change(made)
        made.publish()
        assert old.read(now) == second
        assert fresh.read(now) == second


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp"])
def test_after_a_lost_key_an_interrupted_rotation_heals(role: str, killer: Killer, tmp_path: Path) -> None:
    """Here there is a moment at which clients keep what they have; the next publish ends it."""
    # The key, the root, and what is signed anew.
    steps = {"targets": 5, "snapshot": 4, "timestamp": 3}[role]
    for step in range(1, steps + 1):
        killer.arm(0)
        made = make_repository(tmp_path / str(step))
        old = Reader(made.content, tmp_path / f"{step}-old", made.root)
        old.read()
        killer.arm(step)
        with pytest.raises(KilledError):
            lost_key(role)(made)
        killer.arm(0)
        if step == 1:
            # The new key is there, but no root knows it yet.
            lost_key(role)(made)
        made.publish()
        assert old.read() == check(made.source, NOW).targets()
    killer.arm(0)
    whole = make_repository(tmp_path / "whole")
    killer.arm(0)
    lost_key(role)(whole)
    assert killer.written == steps


def test_the_first_publish_appears_at_once_or_not_at_all(killer: Killer, tmp_path: Path) -> None:
    source = write_source(tmp_path / "source")
    killer.arm(0)
    publish(source, tmp_path / "measure", now=NOW)
    steps = killer.written
    assert steps == 4 + 4 + 10
    for step in range(1, steps + 1):
        data = tmp_path / str(step)
        killer.arm(step)
        with pytest.raises(KilledError):
            publish(source, data, now=NOW)
        assert not (data / "content").exists()
        keys_before = {path.name: path.read_bytes() for path in (data / "keys/content").iterdir()}
        killer.arm(0)
        publish(source, data, now=NOW)
        keys_after = {path.name: path.read_bytes() for path in (data / "keys/content").iterdir()}
        assert keys_before.items() <= keys_after.items()
        assert len(keys_after) == 4
        assert not (data / "content.new").exists()
        root = (data / "content/metadata/1.root.json").read_bytes()
        assert Reader(data / "content", tmp_path / f"{step}-client", root).read() == check(source, NOW).targets()


def test_a_full_disk_is_told_and_costs_nothing(killer: Killer, tmp_path: Path) -> None:
    killer.arm(0)
    made = make_repository(tmp_path)
    client = Reader(made.content, tmp_path / "client", made.root)
    before = client.read()
    for step in range(1, 5):
        killer.arm(step, before=True, error=lambda: OSError(errno.ENOSPC, "no room"))
        with pytest.raises(XiekaError) as caught:
            made.announce("新的公告")
        assert caught.value.code == "E-PUB-06"
        assert client.read() == before
    killer.arm(0)
    made.announce("新的公告")
    assert client.read() != before


def test_a_killed_change_leaves_no_temporary_file_for_ever(tmp_path: Path) -> None:
    made = make_repository(tmp_path, policy=Policy(keep=2))
    for place in ("metadata", "targets", "targets/pictures"):
        (made.content / place / ".0123456789abcdef.tmp").write_bytes(b"half")
    made.announce("二")
    assert list(made.content.rglob("*.tmp")) == []

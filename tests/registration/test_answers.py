from __future__ import annotations

import logging
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xieka.registration.answers import Answers
from xieka.registration.models import LIMIT

ONE, TWO = "1" * 64, "2" * 64


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time

    def monotonic(self) -> float:
        return 0.0


def answers(folder: Path) -> Answers:
    return Answers(folder / "registration" / "demo.json", Clock())


def test_remembered_per_certificate_and_after_a_restart(tmp_path: Path) -> None:
    first = answers(tmp_path)
    assert first.get(ONE) is None
    first.remember(ONE, "left")
    again = answers(tmp_path)
    kept = again.get(ONE)
    assert kept is not None
    assert (kept.outcome, kept.at) == ("left", datetime(2026, 11, 28, 9, 1, tzinfo=UTC))
    assert again.get(TWO) is None
    again.remember(ONE, "submitted")
    changed = answers(tmp_path).get(ONE)
    assert changed is not None
    assert changed.outcome == "submitted"


def test_the_file_is_the_users_alone(tmp_path: Path) -> None:
    answers(tmp_path).remember(ONE, "left")
    path = tmp_path / "registration" / "demo.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("broken", [b"", b"{", b'{"answers": {"x": {}}}', b'{"version": 2}', b"\xff"])
def test_a_broken_file_costs_one_more_question(tmp_path: Path, broken: bytes) -> None:
    answers(tmp_path).remember(ONE, "left")
    path = tmp_path / "registration" / "demo.json"
    path.write_bytes(broken)
    begun = answers(tmp_path)
    assert begun.get(ONE) is None
    begun.remember(TWO, "left")
    assert answers(tmp_path).get(TWO) is not None


def test_the_oldest_are_forgotten_first(tmp_path: Path) -> None:
    kept = answers(tmp_path)
    for number in range(LIMIT):
        kept.remember(f"{number:064x}", "left")
    kept.remember(f"{0:064x}", "submitted")
    kept.remember(ONE, "left")
    again = answers(tmp_path)
    assert again.get(f"{1:064x}") is None
    assert again.get(f"{0:064x}") is not None
    assert again.get(ONE) is not None


def test_where_nothing_can_be_written_it_holds_for_this_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "registration").write_bytes(b"a file where the folder should be")
    kept = answers(tmp_path)
    with caplog.at_level(logging.WARNING):
        kept.remember(ONE, "left")
    assert kept.get(ONE) is not None
    assert "not kept" in caplog.text

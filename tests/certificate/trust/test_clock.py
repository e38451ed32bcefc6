"""A clock that is wrong is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.certificate.pki import DAY, NOW, Word
from tests.certificate.responder import Responder
from tests.certificate.trust.stage import Stage, row

TOMORROW, LAST_WEEK = {"this_update": NOW + DAY, "next_update": NOW + 2 * DAY}, {"next_update": NOW - DAY}
CLOCKS: dict[str, tuple[dict[str, object], Word, str, str]] = {
    "expired": ({"ends": NOW - DAY}, Word(), "expired", "expired"),
    "not-yet": ({"begins": NOW + DAY}, Word(), "not_yet", "not_yet"),
    "of-tomorrow": ({}, Word(**TOMORROW), "clock", "future"),
    "stale": ({}, Word(this_update=NOW - 9 * DAY, **LAST_WEEK), "clock", "stale"),
    "expired-by-the-servers": ({"ends": NOW + DAY}, Word(), "clock", "good"),
    "good-by-both": ({"ends": NOW + 1000 * DAY}, Word(), "good", "good"),
}
"""Certificate and answer, and the verdict by a clock that is wrong by 400 days, and by a right one."""


@pytest.mark.parametrize("name", CLOCKS)
def test_a_wrong_clock_is_told(server: Responder, tmp_path: Path, name: str) -> None:
    """Beside what the dates say against a certificate, which it does not soften."""
    changes, word, wrong, right = CLOCKS[name]
    stage = Stage("sm2", server, tmp_path)
    stage.der = stage.holder(**changes)
    stage.says(word)
    stage.ahead = timedelta(days=400)
    view = stage.settle()
    assert (view.verdict, view.level) == (wrong, {"clock": "warn", "good": "ok"}.get(wrong, "bad"))
    assert ("576000" in view.why) is (wrong != "good")
    assert row(view, "clock")[0] == "failed"
    for seconds, words in ((20, "慢 20 秒"), (-2, "快 2 秒")):
        stage.ahead = timedelta(seconds=seconds)
        view = stage.settle()
        assert view.verdict == right
        assert "校准" not in view.why
        assert row(view, "clock")[0] == "passed"
        assert words in next(check.text for check in view.checks if check.name == "clock")
    stage.service.close()

"""A measurement that misses its target fails."""

from __future__ import annotations

import pytest

from tests.bench.stage import Targets


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([0.299, 0.3], 0, id="at-the-limit"),
        pytest.param([0.301, 0.1], 1, id="one-above"),
        pytest.param([0.4, 0.5], 1, id="all-above"),
        pytest.param([float("nan")], 1, id="no-figure"),
    ],
)
def test_exit_code(figures: list[float], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    targets = Targets()
    for figure in figures:
        targets.hold("idle", figure, 0.3, "%")
    assert targets.missed == code
    assert ("MISSED" in capsys.readouterr().out) == bool(code)

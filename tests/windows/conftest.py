from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.windows.computer import Windows, missing


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """A fresh one for each test file."""
    why = missing()
    if why:
        pytest.skip(why)
    computer = Windows(tmp_path_factory.mktemp("视窗 一"))
    yield computer
    computer.end()
